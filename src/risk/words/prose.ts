import { OFTEN_THINGS } from './kind-words.ts';
import { nameTokens, plain, type Token, tokenOf } from './tokens.ts';

/** A server may write a novel; what a tool does stands at its beginning. */
export const MOST_READ = 4_000;

/** A verb in a description, and how it stands there. */
export interface Deed {
  token: Token;
  /**
   * `lead`: what its first sentence begins with. `said`: something the tool does. `item`: one of several things to
   * choose from ("- delete: ..."). `named`: a mere mention.
   */
  how: 'lead' | 'said' | 'item' | 'named';
  /** In the first sentence. */
  first: boolean;
  /** Whether something follows that it is done to: "emails the summary", and not "emails and files". */
  onSomething: boolean;
}

export interface Prose {
  deeds: Deed[];
  /** The words of the first sentence. */
  words: Token[];
  /** There was more than is read. */
  cut: boolean;
}

const NEGATIONS = new Set(
  `not never no without cannot cant doesnt dont wont isnt nor neither nothing avoid avoids unable instead non
  nicht kein keine ohne nie pas sans jamais nunca sin nao sem senza mai`.split(/\s+/),
);
/** How many words a negation reaches: "does not ever modify, create or delete", but not the next clause. */
const REACH = 8;

/** Before a verb's form these make it a thing: "the list", "a run", "of updates". */
const BEFORE_THING = new Set(
  `a an the of this that these those each every any all some its their your our my per new existing current
  last latest recent pending active specific single given another which what whose no is are was were be been`.split(
    /\s+/,
  ),
);
/** Before a verb in -ing these tell when or what for, not what the tool does. */
const BEFORE_OCCASION = new Set(
  'before after when while for of if prior since during of about on in'.split(' '),
);
/** After these stands what the tool does: "finds and deletes", "to send", "it permanently removes". */
const BEFORE_DEED = new Set(
  `and or but then to will can also it tool this which that permanently automatically immediately optionally finally
  irreversibly silently must may let lets und oder et ou puis y o e`.split(/\s+/),
);
const ASIDE =
  /^(args|arguments|parameters|params|returns?|examples?|raises|notes?|usage|inputs?|outputs?)\b[^a-z]*:/i;

/** "query (str): The text to send" tells of a parameter. */
const PARAMETER = /^(:param\s|[-•*\s]*['"]?\w{1,40}['"]?\s*\([^)]{1,60}\)\s*:)/;

export interface Word {
  token: Token;
  /** A comma or the like stands before it. */
  pause: boolean;
}

export function wordsOf(sentence: string): Word[] {
  const words: Word[] = [];
  for (const match of sentence.matchAll(/([,;:()\u3001\uff0c\u2014]?)\s*([\p{L}\p{N}_'’.-]+)/gu)) {
    const text = (match[2] ?? '').replace(/['’]/g, '').replace(/^[.-]+|[.-]+$/g, '');
    // Another tool's name is no verb: "use delete_user for that".
    if (text === '') continue;
    const token = /[_.]|[a-z][A-Z]/.test(text)
      ? { ...tokenOf('_'), text: text.toLowerCase() }
      : tokenOf(text.toLowerCase());
    words.push({ token, pause: match[1] !== '' });
  }
  return words;
}

/** Of these only the next thing is denied: "no writes", but "no limits, deletes all" and "without ado deletes all". */
const OF_THINGS = new Set('no non without kein keine ohne sans sin sem senza'.split(' '));
const EXCUSES = new Set(['only', 'just', 'merely', 'simply', 'nur', 'seulement', 'solo']);

/**
 * Whether a verb at a place is taken back: "does not delete", "without modifying". A negation reaches past a comma
 * or an "and" only from a verb of the same form: "does not create, modify or delete", but not "no limits, deletes".
 */
function negated(words: readonly Word[], at: number): boolean {
  const form = words[at]?.token.form;
  const likewise = (token: Token | undefined) => token?.verb !== undefined && token.form === form;
  let [crossed, listed] = [false, false];
  for (let back = at - 1; back >= 0 && back >= at - REACH; back -= 1) {
    const { token } = words[back]!;
    const after = words[back + 1]!;
    if (token.text === 'but') return false;
    crossed ||= after.pause || token.text === 'and' || token.text === 'then';
    if (likewise(token)) listed = true;
    if (!NEGATIONS.has(token.text)) continue;
    if (EXCUSES.has(after.token.text) || (crossed && !listed)) return false;
    const acting = form === 'base' || form === 'does';
    return !(acting && OF_THINGS.has(token.text)) || likewise(after.token);
  }
  return false;
}

function howItStands(words: readonly Word[], at: number): Deed['how'] {
  const { token, pause } = words[at]!;
  const before = words[at - 1]?.token.text;
  if (token.form === 'done') return 'named';
  if (before === undefined) return 'said';
  if (
    BEFORE_THING.has(before) &&
    !(token.form === 'does' && (before === 'this' || before === 'that' || before === 'which'))
  )
    return 'named';
  if (token.form === 'doing') return BEFORE_OCCASION.has(before) ? 'named' : 'said';
  if (BEFORE_DEED.has(before) || pause) return 'said';
  return token.form === 'does' && !OFTEN_THINGS.has(token.verb ?? '') ? 'said' : 'named';
}

/** "- delete-workgroup: deletes a workgroup": one of several things to choose from. */
function itemOf(sentence: string): Deed[] {
  const name = /^[-•*\d.)\s]*['"]?([\p{L}_-]{2,60})['"]?\s*(?::|-\s|\u2013|=>|\()/u.exec(sentence)?.[1];
  const token = name === undefined ? undefined : nameTokens(name)[0];
  if (token?.family === undefined || token.form === 'done') return [];
  return [{ token, how: 'item', first: false, onSomething: false }];
}

function deedsOf(words: readonly Word[], first: boolean): Deed[] {
  const deeds: Deed[] = [];
  let led = !first;
  words.forEach(({ token }, at) => {
    if (token.family === undefined || negated(words, at)) return;
    const how = howItStands(words, at);
    const leads = !led && token.form !== 'done' && at < 10 && (how === 'said' || at < 3);
    if (leads) led = true;
    const onSomething = BEFORE_THING.has(words[at + 1]?.token.text ?? '') && words[at + 1]?.pause === false;
    deeds.push({ token, how: leads ? 'lead' : how, first, onSomething });
  });
  return deeds;
}

/** The sentences of a description. Markup is no word, and lists of parameters are the schema's business. */
export function sentencesOf(text: string): string[] {
  const lines = plain(text.slice(0, MOST_READ))
    .replace(/<\/?[a-z_]{1,40}>/gi, '\n')
    .replace(/[`*#]/g, '')
    .replace(/[^\S\n]+/g, ' ')
    .split(/\n|(?<=[.!?])\s+|[。！？]/);
  return lines.map((line) => line.trim()).filter((line) => /\p{L}/u.test(line));
}

/** What a description says that its tool does. */
export function readProse(description: string): Prose {
  const deeds: Deed[] = [];
  let words: Token[] = [];
  sentencesOf(description).forEach((sentence, at) => {
    if (at > 0) deeds.push(...itemOf(sentence));
    if (ASIDE.test(sentence)) return;
    const found = wordsOf(sentence);
    if (at === 0) words = found.map(({ token }) => token);
    const said = deedsOf(found, at === 0);
    deeds.push(...(PARAMETER.test(sentence) ? said.map((deed): Deed => ({ ...deed, how: 'named' })) : said));
  });
  return { deeds, words, cut: description.length > MOST_READ };
}
