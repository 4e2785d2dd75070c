import { type DeedWord, deedWord, isParticiple } from './deed-words.ts';
import {
  CALM_DONE,
  COPULAS,
  DENIALS,
  DETERMINERS,
  type Doubt,
  describes,
  FAR,
  inClause,
  isAdverb,
  isCalm,
  type Line,
  MODALS,
  textAt,
  WHEN,
  words,
} from './sentence-line.ts';

const PAST = words('was were been');

/** "can be correlated": what is possible is not done. */
const MAY = words('can could cannot');

const AFTER_MAY = /\b(?:then|so that|which)\b/;

const NEEDS = words('requires require needs need required expects must');

const NOTHING = words('nothing no none neither');

/** "are suspended", "is then thrown away": done by the tool, unless it says of what, or when. */
export function passive(line: Line, at: number): Doubt | undefined {
  if (!COPULAS.has(textAt(line, at))) return undefined;
  let next = at + 1;
  while (next < at + FAR && (isAdverb(textAt(line, next)) || COPULAS.has(textAt(line, next)))) next += 1;
  if (next >= at + FAR) return { why: `${textAt(line, at)} ...`, class: undefined };
  if (line.words[next]?.pause !== false) return undefined;
  const text = textAt(line, next);
  const deed = deedWord(text);
  const done = deed === undefined ? isParticiple(text) : deed.form === 'done' || isParticiple(text);
  const along = joinedDeed(line, next);
  if (along !== undefined && !describes(line, at) && !inClause(line, at, WHEN) && !spared(line, at, next))
    return along;
  if (
    !done ||
    isCalm(line, text) ||
    (deed === undefined && text.includes('-')) ||
    (deed?.act === undefined && deed?.reads === true && deed.verb !== 'collect')
  )
    return undefined;
  if (MAY.has(textAt(line, at - 1)) && !AFTER_MAY.test(line.text)) return undefined;
  if (textAt(line, at - 1) === 'to' && inClause(line, at, NEEDS)) return undefined;
  if (spared(line, at, next) || describes(line, at)) return undefined;
  if (inClause(line, at, WHEN) && !doneFirst(line, at, deed)) return undefined;
  if (at > 0 && PAST.has(textAt(line, next - 1)) && !MODALS.has(textAt(line, next - 2)))
    return doneFirst(line, at, deed) ? { why: text, class: deed?.act } : undefined;
  return { why: text, class: deed?.act };
}

/** "is used and charged to the account": the second of two. */
function joinedDeed(line: Line, first: number): Doubt | undefined {
  if (!/^(?:and|then)$/.test(textAt(line, first + 1)) || !isParticiple(textAt(line, first))) return undefined;
  const text = textAt(line, first + 2);
  const deed = deedWord(text);
  if (deed?.act === undefined || deed.form !== 'done' || deed.reads || isCalm(line, text)) return undefined;
  return { why: text, class: deed.act };
}

const FIRST = words('after once');

/** ", after the old ones were dropped": told of the reading, it is done before it. */
function doneFirst(line: Line, at: number, deed: DeedWord | undefined): boolean {
  if (!line.first || deed?.act === undefined) return false;
  for (let back = at - 1; back > 0; back -= 1)
    if (line.words[back]!.pause) return FIRST.has(textAt(line, back));
  return false;
}

/** "is not sent", "nothing is charged". */
function spared(line: Line, at: number, done: number): boolean {
  for (let place = at; place < done; place += 1) if (DENIALS.has(textAt(line, place))) return true;
  return /^(?:isnt|arent)$/.test(textAt(line, at)) || inClause(line, at, NOTHING, 4);
}

/** "has it paid", "have their accounts closed". */
export function caused(line: Line, at: number): Doubt | undefined {
  if (!/^(has|have|having|gets|get|lets|makes)$/.test(textAt(line, at))) return undefined;
  if (!DETERMINERS.has(textAt(line, at + 1))) return undefined;
  for (let next = at + 2; next <= at + 4; next += 1) {
    if (line.words[next]?.pause !== false) return undefined;
    const deed = deedWord(textAt(line, next));
    const last =
      line.words[next + 1] === undefined ||
      line.words[next + 1]!.pause ||
      /^(by|at|in|if|when)$/.test(textAt(line, next + 1));
    if (deed?.act !== undefined && (deed.form === 'done' || isParticiple(textAt(line, next))) && last)
      return { why: textAt(line, next), class: deed.act };
  }
  return undefined;
}

const GOING_ON =
  words(`running pending missing existing remaining matching loading waiting processing firing failing working using
  going being looking trying doing changing happening calling asking`);
const QUALITIES =
  words(`available optional required empty null true false valid invalid unique case-sensitive inclusive
  exclusive necessary useful helpful possible different same larger smaller greater less more fewer read-only safe up
  public private visible zero numeric best ideal suitable important similar relevant present missing partial complete
  large small long short fast slow expensive good better slower faster idempotent local remote global default relative
  absolute approximate accurate exact only always never also as in at on from for of to with by like either both per
  within under over between about one two three not likely typically usually currently often capable compatible
  accessible inaccessible reachable incomplete part what where when how either up-to-date untrusted experimental
  deprecated nullable ascending descending alphabetical interested able unable critical key most least responsible
  such there here part live newest oldest first last low high enough mandatory literal human-readable real-time lossy
  consistent eventually right free-form allowed hierarchical chronological correct incorrect specific`);

/** "The old key is worthless": what something is said to be must be known. */
export function quality(line: Line, at: number): Doubt | undefined {
  if (!/^(?:is|are)$/.test(textAt(line, at)) || at === 0) return undefined;
  if (!line.first && !line.brief) return undefined;
  const clause = line.first ? line.words.slice(0, at).some(({ pause }, place) => pause && place > 0) : true;
  if (!clause || describes(line, at) || inClause(line, at, WHEN) || line.advises) return undefined;
  let next = at + 1;
  while (
    next < at + FAR &&
    (isAdverb(textAt(line, next)) || /^(?:already|still|very|too|even)$/.test(textAt(line, next)))
  )
    next += 1;
  const word = line.words[next];
  const text = word?.token.text ?? '_';
  if (
    word?.pause !== false ||
    QUALITIES.has(text) ||
    DETERMINERS.has(text) ||
    DENIALS.has(text) ||
    COPULAS.has(text)
  )
    return undefined;
  if (
    /[^a-z-]|^_$/.test(text) ||
    CALM_DONE.has(text) ||
    /(?:able|ible|less-than)$/.test(text) ||
    GOING_ON.has(text)
  )
    return undefined;
  const deed = deedWord(text);
  if (deed?.reads || deed?.calm || isParticiple(text)) return undefined;
  if (
    line.words[next + 1] !== undefined &&
    !line.words[next + 1]!.pause &&
    !/^(?:then|now|again|on|for|to|of|from|until)$/.test(textAt(line, next + 1))
  )
    return undefined;
  return { why: `is ${text}`, class: undefined };
}

/** ", dispatched to all": told of what was read, as done. */
export function appended(line: Line, at: number): Doubt | undefined {
  if (!line.first || at === 0 || !line.words[at]!.pause) return undefined;
  const deed = deedWord(textAt(line, at));
  if (deed?.act === undefined || deed.form !== 'done' || deed.reads || CALM_DONE.has(textAt(line, at)))
    return undefined;
  const next = textAt(line, at + 1);
  return at === line.words.length - 1 || /^(?:to|by|on|for|at|if|when|off|out|in|as)$/.test(next)
    ? { why: textAt(line, at), class: deed.act }
    : undefined;
}
