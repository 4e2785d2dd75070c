import type { ToolDefinition } from './classes/tool-risk.ts';
import { deedWord } from './deeds/deed-words.ts';
import { asksOrTells, namesInformation } from './deeds/nominal-reads.ts';
import { doubtInParameters } from './deeds/parameter-deeds.ts';
import { doubtIn } from './deeds/sentence.ts';
import { type Doubt, lineOf } from './deeds/sentence-line.ts';
import { hasForeignPart, isReadElsewhere, readsElsewhere } from './deeds/tongues.ts';
import type { Reading } from './features.ts';
import { sentencesOf, wordsOf } from './words/prose.ts';

/** Deeds of reading only of what they are named with: alone in a name they say too little. */
const TOO_LITTLE = new Set(
  `return report collect gather output answer obtain access export download test watch print save scroll hover wait
  simulate plan see know tell is has match highlight sample scrape stat trace probe review`.split(/\s+/),
);
/** What these are done to stays as it is. */
const CHANGING = new Set(
  'convert extract translate normalize parse encode decode classify hash select filter aggregate'.split(' '),
);

/** Before the verb of a description: "This tool lists", "Allows you to search", "Read-only: gets". */
const PREFACE =
  /^(?:\[[^\]]{1,40}\]\s*|(?:\(?read[- ]only\)?[.:,]?|beta[.:]?|(?:this|the|a|an|mcp) (?:\w+ )?(?:tool|function|endpoint|action|method|command|api)(?: (?:is used|can be used|allows you|lets you|that|which|to|for|will|provides functionality))*(?: to)?|tool (?:to|for|that)|use this (?:tool )?to|used to|(?:allows?|lets?|enables?) (?:you|users?|agents?|the user)(?: to)?|\w+ly|it|safely|can)\s+)+/i;

const AN_ITEM = /^lists? (?:an?|one) (?!list|summary|page|subset|set|collection|directory|folder|\w+s\b)/i;

function nameDoubt({ name }: Reading): Doubt | 'reads' | undefined {
  const all = name.map(({ text }) => text);
  const found = all.findIndex((word, at) => {
    const deed = deedWord(word);
    // "tax_return", "audio_capture": a thing's name is no verb.
    if (at > 0 && at === all.length - 1 && deed?.thing === true) return false;
    return (deed?.reads === true && deed.form !== 'done') || isReadElsewhere(word);
  });
  const acts = (found === -1 ? all : all.slice(0, found)).find((word, at) => {
    const deed = deedWord(word);
    return (
      deed?.act !== undefined &&
      deed.form === 'base' &&
      !deed.reads &&
      !(deed.thing && (found !== -1 || at > 0))
    );
  });
  if (acts !== undefined) return { why: `name: "${acts}"`, class: deedWord(acts)?.act, silent: true };
  for (let at = found + 1; found !== -1 && at < all.length; at += 1) {
    const word = all[at]!;
    if (
      word === 'rid' ||
      word === 'as' ||
      ((word === 'in' || word === 'out' || word === 'off') &&
        at === found + 1 &&
        !/^(is|search|find|list|read)$/.test(all[found] ?? ''))
    )
      return { why: `name: "${word}"`, class: undefined };
    if (
      (all[at - 1] === 'and' || all[at - 1] === 'or' || all[at - 1] === 'then') &&
      deedWord(word)?.reads !== true &&
      deedWord(word) !== undefined &&
      deedWord(word)?.act !== undefined
    )
      return { why: `name: "${word}"`, class: deedWord(word)?.act };
  }
  if (found === -1) return undefined;
  const verb = deedWord(all[found]!)?.verb ?? '';
  return TOO_LITTLE.has(verb) && found === 0 ? undefined : 'reads';
}

/** Nobody here can say what it does: no weight makes a read of it. */
const UNKNOWN_WORDS: Doubt = {
  why: 'description: in words that are not known',
  class: undefined,
  silent: true,
};
const NOTHING: Doubt = { why: 'nothing says that it only reads', class: undefined, silent: true };

/** What the first sentence begins with. */
function leadDoubt(sentence: string, named: boolean): Doubt | undefined {
  const rest = sentence.replace(PREFACE, '');
  const line = wordsOf(rest);
  const first = line[0]?.token.text ?? '';
  const deed = deedWord(first);
  const quote = (text: string): string => `description: "${text}"`;
  if (AN_ITEM.test(rest)) return { why: quote(rest.split(/\s+/).slice(0, 3).join(' ')), class: 'outbound' };
  const all = rest.split(/\s+/)[1]?.toLowerCase() ?? '';
  if (deed?.reads === true && deed.form !== 'done' && deed.form !== 'doing') {
    if (CHANGING.has(deed.verb) && /^(?:all|every)$/.test(all))
      return { why: quote(`${first} ${all}`), class: 'write' };
    if (TOO_LITTLE.has(deed.verb) && !named && deed.verb !== 'return')
      return { why: quote(first), class: undefined };
    return undefined;
  }
  if (deed?.act !== undefined && !deed.thing && deed.form !== 'done' && deed.form !== 'doing')
    return { why: quote(first), class: deed.act };
  if (
    /^(?:takes?|captures?) (?:an? |the )?(?:\w+ )?(?:screenshot|snapshot of the (?:current )?page)/i.test(
      rest,
    )
  )
    return undefined;
  if (!named) return NOTHING;
  return undefined;
}

const SMALL = new Set(
  'the a an of to for in by with from on is are this and or all at as its that it user your you if not'.split(
    ' ',
  ),
);

/** Whether enough of a text is English to say what it tells of. */
function isEnglish(sentence: string): boolean {
  const line = wordsOf(sentence).map(({ token }) => token.text);
  if (/(?!\p{Script=Latin})\p{L}/u.test(sentence)) return false;
  const known = line.filter((word) => SMALL.has(word) || deedWord(word) !== undefined).length;
  return known > 0 && known * 6 >= line.length;
}

/** What stands before the text of a part: "Returns: the page". */
const LABEL =
  /^\W*(?:args|arguments|parameters|params|returns?|examples?|raises|notes?|usage|inputs?|outputs?)\s*:\s*/i;

/** Of at most this many sentences each is looked at for a verb that is known. */
const BRIEF = 3;

/** Text between code marks names things. */
const shown = (sentence: string): string => sentence.replace(/"[^"]{0,80}"/g, '_');

function proseDoubt(
  description: string,
  named: boolean,
  nominal: 'asks' | 'tells' | undefined,
): Doubt | undefined {
  const all = sentencesOf(description.replace(/`([^`\n]{1,60})`/g, ' _$1_ '));
  const sentences = all
    .filter((one) => !/^\W*read[- ]?only\W*$/i.test(one))
    .map((one) => one.replace(LABEL, ''));
  for (const [at, sentence] of sentences.entries()) {
    if (sentence === '') continue;
    if (at === 0 && sentences.length === 1 && readsElsewhere(sentence)) return undefined;
    if (at < 3 && !isEnglish(sentence) && (at === 0 || /(?!\p{Script=Latin})\p{L}/u.test(sentence)))
      return UNKNOWN_WORDS;
    if (hasForeignPart(sentence)) return UNKNOWN_WORDS;
    // What is asked is not done, as far as the question goes.
    if (at === 0 && nominal === 'asks' && !/[,;:\u2014]/.test(sentence)) continue;
    if (at === 0 && nominal === undefined) {
      const lead = leadDoubt(sentence, named);
      if (lead !== undefined) return lead;
    }
    const text = shown(at === 0 ? sentence.replace(PREFACE, '') : sentence);
    const doubt = doubtIn(lineOf(text, at === 0 ? 'first' : sentences.length <= BRIEF ? 'brief' : 'later'));
    if (doubt !== undefined) return { ...doubt, why: `description: "${doubt.why}"` };
  }
  return undefined;
}

/** Why a definition is not surely one that reads: a deed, or a word, that is not known to. Undefined: all of it is. */
export function unearned(tool: ToolDefinition, reading: Reading): Doubt | undefined {
  const description = tool.description ?? '';
  const nominal = namesInformation(reading.name) ? asksOrTells(description) : undefined;
  const name = nominal === undefined ? nameDoubt(reading) : 'reads';
  if (typeof name === 'object') return name;
  const named = name === 'reads';
  if (description.trim() === '' && !named) return NOTHING;
  return proseDoubt(description, named, nominal) ?? doubtInParameters(tool.inputSchema);
}
