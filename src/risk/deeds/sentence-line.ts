import type { RiskClass } from '../classes/risk-class.ts';
import { type Word, wordsOf } from '../words/prose.ts';

/** What forbids that a tool is surely taken for one that reads, and the class that it speaks for, if any. */
export interface Doubt {
  why: string;
  class: RiskClass | undefined;
  /** Neither name nor description has a deed of reading, or the name has another: no weight makes a read of it. */
  silent?: boolean;
}

export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** After these stands a thing, so what stands before them acts on it: "charges the card". */
export const DETERMINERS =
  words(`the a an this these those its their his her your our my all every each any some it them him
  whatever what anything everything both another`);

/** Before these forms they make a thing: "the deletes", "of orders". */
export const OF_THINGS =
  words(`the a an of these those its their your our my all every each any some no in on for by with from
  as per about recent latest open new two both many several number between other more most past given given-by single
  specific current which what whose how`);

export const COPULAS = words('is are was were be been being becomes become became isnt arent');

export const MODALS = words('will can may shall might could would cannot wont');

export const JOINS = words('and or then but also plus & thereby otherwise otherwise,');

export const DENIALS =
  words(`not never no without cannot doesnt dont wont isnt arent nor neither nothing none avoid unable
  non`);

const ASKING = words('whether where how why');

export const WHEN = words('when if until unless after before');

/** What is said of results, callers and arguments: nothing was done. */
export const CALM_DONE =
  words(`returned listed shown included excluded contained paginated sorted ordered grouped filtered
  limited required supported used provided given specified needed omitted found known computed calculated matched
  ignored skipped encoded formatted displayed expressed measured based called allowed expected recommended designed
  intended tailored related associated defined described documented represented ranked scored weighted aggregated
  averaged summarized summarised rounded accepted passed requested selected interpreted parsed prefixed separated
  delimited indexed located hosted owned restricted scoped supplied interested preferred mapped derived inferred
  estimated retrieved fetched read searched checked evaluated considered treated counted denoted indicated nested
  enclosed quoted visible populated structured attached persisted delayed prioritized unsupported performed normalized bundled interleaved authorized advised hidden built-in handled fixed standardized appended detected identified analyzed inspected compared looked searched
  referenced mentioned named authenticated configured involved optimized meant resolved
  truncated capped bounded cached stored embedded redacted masked presented logged signed
  impacted sampled scanned obtained   `);

/** In these a person or agent is told how to call: what they may do next is not done by the tool. */
const TO_CALLERS =
  /^(?:\W*)(?:use the (?:\w+ ){1,4}(?:operations?|tools?|values?|ids?|results?|functions?)|use \w*_\w+|use (?:this )?(?:tool )?(?:when|before|after|for|if|it (?:when|before|for|if))|useful|helpful|call this (?:before|after|when|first)|when (?:you|the user)|if (?:you|the user)|you (?:can|should|may|must|need)|do not use|don.?t use|note|tip|important|prefer|example|for example|e\.g|see also|related|next|workflow|prerequisite|required|requires|needs|permission)/i;

export interface Line {
  words: readonly Word[];
  text: string;
  first: boolean;
  /** One of few: a short text says nothing idle. */
  brief: boolean;
  parameter: boolean;
  /** It tells the caller when, or how, to call. */
  advises: boolean;
}

/** A sentence as it is looked at: the one that says what the tool is for, a later one, or one of a parameter. */
export function lineOf(text: string, part: 'first' | 'later' | 'brief' | 'parameter'): Line {
  const first = part === 'first';
  return {
    words: wordsOf(text),
    text,
    first,
    brief: part === 'brief',
    parameter: part === 'parameter',
    advises: TO_CALLERS.test(text),
  };
}

export const textAt = ({ words: all }: Line, at: number): string => all[at]?.token.text ?? '';

export const isAdverb = (text: string) =>
  /..ly$/.test(text) || text === 'also' || text === 'then' || text === 'now';

/** The place before, over adverbs: -1 where a clause begins. */
export function before(line: Line, at: number): number {
  let back = at - 1;
  while (back >= 0 && isAdverb(textAt(line, back)) && !line.words[back + 1]!.pause) back -= 1;
  return line.words[back + 1]?.pause === true ? -1 : back;
}

const TURNS = words('but since because');

/** Whether one of these stands before a place in its clause. */
export function inClause(line: Line, at: number, of: ReadonlySet<string>, reach = 9): boolean {
  for (let back = at - 1; back >= 0 && back >= at - reach; back -= 1) {
    if (line.words[back + 1]!.pause && !of.has('not')) return false;
    if (of.has(textAt(line, back))) return !(textAt(line, back) === 'which' && line.words[back]!.pause);
    if (TURNS.has(textAt(line, back))) return false;
  }
  return false;
}

export const denied = (line: Line, at: number) => inClause(line, at, DENIALS, 8);

export const RELATIVE = /^(?:that|which|who|what)$/;

/** "that are suspended", "whether it is locked": it says of what, and does it not. */
export function describes(line: Line, at: number): boolean {
  const back = before(line, at);
  const over = MODALS.has(textAt(line, back)) ? back - 1 : back;
  const relative =
    RELATIVE.test(textAt(line, over)) && !(textAt(line, over) === 'which' && line.words[over]!.pause);
  return relative || inClause(line, at, ASKING) || /^whose$/.test(textAt(line, back - 1));
}

/** Whether what follows a verb is done to something. */
export function onSomething(line: Line, at: number): boolean {
  const next = line.words[at + 1];
  return next !== undefined && !next.pause && DETERMINERS.has(next.token.text);
}

export const ends = (line: Line, at: number): boolean =>
  line.words[at + 1] === undefined || line.words[at + 1]!.pause;

export const CALLERS = words('you user users caller callers agent agents llm they model');

/** "you can delete", "the user must confirm": somebody else's deed. */
export function addressed(line: Line, at: number): boolean {
  return inClause(
    line,
    at,
    words('you user users caller callers agent who agents that llm they model developers client clients'),
    4,
  );
}

/** In a longer text of answers and fields; of a tool that is told in a few words these are deeds. */
const CALM_IN_PROSE =
  words(`collected merged combined left taken covered connected joined converted applied made set
  written downloaded split affected deduplicated linked translated`);

/** Whether a participle says nothing of a deed: "is returned". */
export function isCalm(line: Line, text: string): boolean {
  return CALM_DONE.has(text) || (!line.first && !line.brief && CALM_IN_PROSE.has(text));
}

/** Adverbs that are looked over, at most: servers choose their words. */
export const FAR = 7;
