import type { RiskClass } from '../classes/risk-class.ts';
import { type DeedWord, deedWord } from './deed-words.ts';
import {
  addressed,
  before,
  CALLERS,
  type Doubt,
  denied,
  ends,
  inClause,
  isAdverb,
  JOINS,
  type Line,
  MODALS,
  OF_THINGS,
  onSomething,
  textAt,
  words,
} from './sentence-line.ts';
import { PARTICLES } from './turns-of-phrase.ts';

/** In a later sentence these tell the caller how to call. */
const ADVICE =
  words(`call run add adjust set keep treat pass include expand leave put exclude switch increase decrease lower
  raise narrow retry start skip save combine copy enter provide paste split confirm continue repeat reduce mark type
  follow escape wrap quote append prefix prepend replace prefer proceed point invoke open enable fill`);

/** What only shapes the answer: "adds filters", "restricts the search". */
const ANSWERS =
  words(`response responses result results output outputs filter filters size search payload tokens depth
  verbosity window context latency answer format accuracy noise performance markdown html scope lookups`);

const OMITTING = words('omitting excluding');
const FIELDS = words('field fields body bodies columns details');

const SHAPERS =
  words(`add restrict increase limit reduce narrow keep drop raise lower remap trim cut strip extend shape change
  set modify convert sort skip limit inject start save-x slow speed improve`);

function onAnswer(line: Line, at: number, act: RiskClass | undefined): boolean {
  const verb = deedWord(textAt(line, at))?.verb;
  if (line.first || !(act === undefined || SHAPERS.has(verb ?? ''))) return false;
  // "omitting 'body' drops the largest data": what is left out of the answer.
  if (line.parameter && inClause(line, at, OMITTING)) return true;
  for (let next = at + 1; next <= at + 4; next += 1) {
    if (line.words[next]?.pause !== false) return false;
    if (ANSWERS.has(textAt(line, next)) || (line.parameter && FIELDS.has(textAt(line, next)))) return true;
  }
  return false;
}

/** Whether a verb must stand here: where a clause begins, after "and", "to", "will", "it". */
function verbPlace(line: Line, at: number, form: DeedWord['form'] | undefined): boolean {
  const back = before(line, at);
  const text = textAt(line, back);
  if (back < 0) return true;
  if (form === 'does')
    return JOINS.has(text) || /^(it|this|that|which|tool|who|function|endpoint|page)$/.test(text);
  return (
    JOINS.has(text) ||
    MODALS.has(text) ||
    text === 'to' ||
    text === 'please' ||
    text === 'automatically' ||
    text === 'let'
  );
}

/** A finite verb that acts. */
export function acting(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  const deed = deedWord(text);
  if (textAt(line, before(line, at)) === 'by' && (line.first || line.brief)) {
    const way = unknownWay(line, at);
    if (way !== undefined) return way;
  }
  if (deed === undefined) return unknownVerb(line, at);
  if (deed.act === undefined || deed.reads) return undefined;
  if (!stands(line, at, deed) || denied(line, at) || onAnswer(line, at, deed.act)) return undefined;
  return { why: text, class: deed.act };
}

const EASIER = /^(?:easy|easier|possible|clear|simple|suitable|ideal|efficient|useful|harder|simpler)$/;

/** Done by a thing, by itself: "the box opens". */
const MOVES =
  /^(?:opens|closes|starts|stops|moves|turns|locks|shuts|rings|runs|changes|restarts|boils|rises|falls)$/;

function stands(line: Line, at: number, deed: DeedWord): boolean {
  const back = textAt(line, before(line, at));
  const starts = before(line, at) < 0;
  const place = verbPlace(line, at, deed.form);
  const mild = deed.thing || deed.calm;
  if (deed.form === 'does') {
    const ofAThing = /^(?:that|which|who)$/.test(back) && !line.words[at - 1]?.pause;
    if (/^makes/.test(textAt(line, at)) && EASIER.test(textAt(line, at + 2))) return false;
    if (MOVES.test(textAt(line, at)) && ends(line, at) && /^(?:the|a|its)$/.test(textAt(line, at - 2)))
      return true;
    if (mild) return onSomething(line, at) && !OF_THINGS.has(back) && !ofAThing;
    return !OF_THINGS.has(back);
  }
  if (deed.form === 'doing') {
    if (back === 'by') return !mild || onSomething(line, at);
    if (EASIER.test(textAt(line, at + 2))) return false;
    return !deed.calm && (starts || JOINS.has(back)) && onSomething(line, at);
  }
  if (deed.form === 'done')
    return deed.thing === false && starts && at === 0 && !line.first && onSomething(line, at);
  if (!place) return false;
  if (MODALS.has(back)) return !addressed(line, at);
  if (back === 'to' || line.advises) {
    if (line.advises || purpose(line, at) || (mild && inClause(line, at, CALLERS, 4))) return false;
    return mild ? onSomething(line, at) : true;
  }
  if (!line.first && ADVICE.has(deed.verb) && (starts || JOINS.has(back))) return false;
  if (JOINS.has(back) && inClause(line, at, CALLERS, 8)) return false;
  if (starts && !line.words[at]!.pause) return !mild || (line.first && onSomething(line, at));
  return mild ? onSomething(line, at) || (line.first && onceMore(line, at)) : true;
}

/** "and free space when it runs low": what has an occasion is done. */
function onceMore(line: Line, at: number): boolean {
  return [2, 3, 4].some((far) => /^(?:when|if|once|whenever)$/.test(textAt(line, at + far)));
}

/** "needed to delete", "how to pay", "required to create": what for, and not what. */
function purpose(line: Line, at: number): boolean {
  const back = textAt(line, before(line, at) - 1);
  return /^(how|need|needed|required|necessary|used|ready|able|permission|wants?|trying|attempts?|you|want|useful|access)$/.test(
    back,
  );
}

/** Ways of reading, after "by": "by following it" is none. */
const WAYS =
  words(`using providing specifying passing setting filtering matching combining following including comparing
  name default providing sorting grouping adding calling traversing walking parsing`);

/** "by nudging it": how it reads is a deed that is not known to read. */
function unknownWay(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  if (!/[a-z]{3}ing$/.test(text) || !onSomething(line, at) || denied(line, at)) return undefined;
  const known = deedWord(text)?.reads === true || WAYS.has(text);
  return known && !(line.first && text === 'following')
    ? undefined
    : { why: `by ${text}`, class: deedWord(text)?.act };
}

/** A word that is not known, where a verb must stand and something follows that it is done to. */
function unknownVerb(line: Line, at: number): Doubt | undefined {
  const text = textAt(line, at);
  if (text === '_' || /[^a-z-]/.test(text) || text.length < 3) return undefined;
  const next = textAt(line, at + 1);
  const acted = onSomething(line, at) || (at === 0 && PARTICLES.has(next));
  const does = /[^s]s$/.test(text);
  if (line.words[at]!.pause && at > 0 && !line.first) return undefined;
  const place = at === 0 || (does ? verbPlace(line, at, 'does') : textAt(line, before(line, at)) === 'to');
  if (textAt(line, before(line, at)) === 'to' && purpose(line, before(line, at) + 1)) return undefined;
  if (!acted || !place || KNOWN_OTHERS.has(text) || isAdverb(text)) return undefined;
  if (at === 0 && !does && !line.first) return undefined;
  if (denied(line, at) || line.advises || onAnswer(line, at, undefined)) return undefined;
  return { why: text, class: undefined };
}

/** Words of every text that are no verbs, and may stand where one could. */
const KNOWN_OTHERS =
  words(`this that these those with without for from into onto within over under about above below
  all any both each every if when where while which who whose why how what than then else because since as at by in of
  on to via per during after before until unless not only just e.g i.e etc like plus minus such same also across
  against along among around behind beside besides between beyond despite except inside near off out outside through
  throughout toward towards upon versus although though whereas whether unlike given excluding including regarding
  concerning following yes does has was is its as this thus always besides his hers ours yours theirs us perhaps
  minus whereas ones others`);
