import { deedWord } from './deed-words.ts';
import {
  before,
  CALLERS,
  DENIALS,
  type Doubt,
  denied,
  describes,
  inClause,
  JOINS,
  type Line,
  MODALS,
  RELATIVE,
  textAt,
  words,
} from './sentence-line.ts';

/** Who is not the caller: what they notice, the tool has done. */
const PEOPLE =
  words(`sender senders recipient recipients customer customers guardian guardians author authors owner
  owners guest guests member members staff patient patients student students pupil pupils parent parents employee
  employees candidate candidates applicant applicants tenant tenants landlord seller sellers buyer buyers subscriber
  subscribers contact contacts participant participants attendee attendees holder holders supplier suppliers reviewer
  reviewers approver approvers assignee assignees neighbour neighbours neighbor neighbors opponent opponents manager
  managers colleague colleagues everyone everybody someone somebody others people person viewer viewers follower
  followers reader readers driver drivers passenger passengers policyholder policyholders insurer teacher teachers
  doctor doctors nurse nurses police press court debtor debtors donor donors witness witnesses counterparty host hosts
  moderator moderators operator operators creator creators voter voters resident residents client clients they he she
  team teams company organisation organization school bank other side party parties whoever those`);

/** What happens to a person, as they tell it. */
const UNDERGO =
  /^(?:see|sees|hear|hears|get|gets|receive|receives|lose|loses|learn|learns|notice|notices|know|knows|feel|feels|find|finds|pay|pays|owe|owes)$/;

/** "The sender will see two ticks", "guardians who have not agreed get a letter". */
export function befallsPeople(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  if (line.advises || at === 0 || !UNDERGO.test(text)) return undefined;
  const back = before(line, at);
  const willed = MODALS.has(textAt(line, back)) && /^(?:will|shall)$/.test(textAt(line, back));
  const subject = willed ? before(line, back) : back;
  if (!PEOPLE.has(textAt(line, subject)) && !whoAre(line, subject)) return undefined;
  if (describes(line, at) && !whoAre(line, subject)) return undefined;
  if (inClause(line, at, CALLERS, 3) || DENIALS.has(textAt(line, subject - 1))) return undefined;
  return { why: `${textAt(line, subject)} ${willed ? 'will ' : ''}${text}`, class: 'outbound' };
}

/** "guardians who have not confirmed the policy": the subject stands before what is said of it. */
function whoAre(line: Line, at: number): boolean {
  for (let back = at; back > 0 && back >= at - 9; back -= 1) {
    if (line.words[back]!.pause && back !== at) return false;
    if (
      /^(?:who|with|without|in|on|from|of|under|over|past|behind)$/.test(textAt(line, back)) &&
      PEOPLE.has(textAt(line, back - 1))
    )
      return textAt(line, back) === 'who' || before(line, back - 1) < 0;
  }
  return false;
}

const POSSESSIVES = words('its the their his her each every all a an');
const ONWARD = /^(?:to|by|from|in|into|on|onto|at|off|out|for|with|back|away|as|if|when)$/;

/** ", its container moved to the queue": done along with the reading. */
export function alongside(line: Line, at: number): Doubt | undefined {
  if (!line.first || at === 0 || !line.words[at]!.pause || !POSSESSIVES.has(textAt(line, at)))
    return undefined;
  for (let next = at + 2; next <= at + 4; next += 1) {
    if (line.words[next]?.pause !== false) return undefined;
    const deed = deedWord(textAt(line, next));
    if (deed?.form !== 'done' || deed.act === undefined || deed.reads) continue;
    const after = textAt(line, next + 1);
    if (after === '' || ONWARD.test(after)) return { why: textAt(line, next), class: deed.act };
  }
  return undefined;
}

const ON_THEM = words('their its his her them it him the all any each every');

/** After these a verb without an ending is no finite one, or the caller's. */
const BEFORE_BARE = words('to please let lets help helps you we i do does not never');

/** "no-shows lose their deposit": several do, or something is done by them. */
export function plural(line: Line, at: number): Doubt | undefined {
  if ((!line.first && !line.brief) || line.advises || at === 0) return undefined;
  const deed = deedWord(textAt(line, at));
  if (deed?.act === undefined || deed.form !== 'base' || deed.reads || deed.thing) return undefined;
  const back = before(line, at);
  const subject = textAt(line, back);
  const theirs = /^(?:their|them)$/.test(textAt(line, at + 1)) && !BEFORE_BARE.has(subject);
  if (!theirs && !/[a-z]{3}s$/.test(subject) && !PEOPLE.has(subject)) return undefined;
  if (deedWord(subject)?.form === 'does' && !deedWord(subject)?.thing) return undefined;
  if (!ON_THEM.has(textAt(line, at + 1)) || describes(line, at) || denied(line, at)) return undefined;
  if (inClause(line, at, CALLERS, 4) || RELATIVE.test(textAt(line, back - 1))) return undefined;
  return { why: `${subject} ${textAt(line, at)}`, class: deed.act };
}

const CALLS = words(
  'call request lookup query visit read reading viewing view fetch search check export use',
);

/** "this call ends them", "the sweep that this request triggers". */
export function thisCall(line: Line, at: number): Doubt | undefined {
  if (!CALLS.has(textAt(line, at)) || !/^(?:this|each|every|the|such|one|any)$/.test(textAt(line, at - 1)))
    return undefined;
  const next = textAt(line, at + 1);
  const deed = deedWord(next);
  if (deed?.act === undefined || deed.form !== 'does' || denied(line, at + 1)) return undefined;
  if (
    JOINS.has(textAt(line, at + 1)) ||
    (deed.calm && /^(?:to|on|of|in|for|by|as)$/.test(textAt(line, at + 2)))
  )
    return undefined;
  return { why: `${textAt(line, at)} ${next}`, class: deed.act };
}
