import { FAMILY_OF, type Family, UNSPACED_WORDS } from './kind-words.ts';

/** A word of a name or a sentence. `verb` is its base form when it is a verb that we know. */
export interface Token {
  text: string;
  verb: string | undefined;
  family: Family | undefined;
  /** `done`: a participle, which describes a thing ("deleted items") more often than it promises a deed. */
  form: 'base' | 'does' | 'doing' | 'done';
}

type Form = Token['form'];

/** Endings that a verb may carry, and what stands in their place in its base form. */
const ENDINGS: [RegExp, string, Form][] = [
  [/ies$/, 'y', 'does'],
  [/es$/, '', 'does'],
  [/s$/, '', 'does'],
  [/([a-z])\1ing$/, '$1', 'doing'],
  [/ing$/, '', 'doing'],
  [/ing$/, 'e', 'doing'],
  [/ied$/, 'y', 'done'],
  [/([a-z])\1ed$/, '$1', 'done'],
  [/ed$/, '', 'done'],
  [/d$/, '', 'done'],
];

const IRREGULAR: Record<string, [string, Form]> = {
  sent: ['send', 'done'],
  paid: ['pay', 'done'],
  bought: ['buy', 'done'],
  sold: ['sell', 'done'],
  written: ['write', 'done'],
  made: ['make', 'done'],
  ran: ['run', 'done'],
  found: ['find', 'done'],
  shown: ['show', 'done'],
  removal: ['remove', 'doing'],
  deletion: ['delete', 'doing'],
  creation: ['create', 'doing'],
  execution: ['execute', 'done'],
};

/** "unmerge" and "disallow" change what was there; "reindex" does what its verb does, again. */
function prefixed(text: string): Token | undefined {
  const match = /^(un|de|dis|re|auto|bulk|batch|multi)([a-z]{4,})$/.exec(text);
  const again = match?.[2] === undefined ? undefined : FAMILY_OF.get(match[2]);
  if (again === undefined || again === 'read' || match === null) return undefined;
  return {
    text,
    verb: text,
    family: /^(re|auto|bulk|batch|multi)/.test(text) ? again : 'update',
    form: 'base',
  };
}

function known(text: string): Token | undefined {
  const irregular = IRREGULAR[text];
  if (Object.hasOwn(IRREGULAR, text) && irregular !== undefined) {
    return { text, verb: irregular[0], family: FAMILY_OF.get(irregular[0]), form: irregular[1] };
  }
  const family = FAMILY_OF.get(text);
  if (family !== undefined) return { text, verb: text, family, form: 'base' };
  for (const [ending, instead, form] of ENDINGS) {
    if (!ending.test(text)) continue;
    const verb = text.replace(ending, instead);
    const kind = verb.length > 2 ? FAMILY_OF.get(verb) : undefined;
    if (kind !== undefined) return { text, verb, family: kind, form };
  }
  return prefixed(text);
}

/** Most of a word that is looked at: no verb is longer, and no pattern here may meet a novel. */
const LONGEST_WORD = 40;

/** Words come again and again; the memory of them is bounded because servers choose them. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, Token>();

export function tokenOf(word: string): Token {
  const text = word.slice(0, LONGEST_WORD);
  const before = remembered.get(text);
  if (before !== undefined) return before;
  const unspaced = /[^\x00-\x7f]/.test(text)
    ? UNSPACED_WORDS.find(([, part]) => text.includes(part))
    : undefined;
  const token: Token = unspaced
    ? { text: unspaced[1], verb: unspaced[1], family: unspaced[0], form: 'base' }
    : (known(text) ?? { text, verb: undefined, family: undefined, form: 'base' });
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, token);
  return token;
}

/** Without accents, and with full-width letters as plain ones: a verb is a verb however it is typed. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC');
}

/** The words of a name: `deleteUser`, `delete_user`, `delete-user`, `HTTPDelete` and `users.delete`. */
export function nameWords(name: string): string[] {
  return plain(name)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

export function nameTokens(name: string): Token[] {
  return nameWords(name).map(tokenOf);
}
