import {
  ABOUT,
  BEFORE_PASS,
  CARDS,
  ENDINGS,
  FOLLOWERS,
  FOREIGN_KEYS,
  IDENTIFIERS,
  NOT_A_KEY,
  NOT_A_TOKEN,
  OF_CODE,
  OF_KEY,
  OF_TOKEN,
  PREPOSITIONS,
  plainLetters,
  SECRETS,
  SESSIONS,
} from './name-lists.ts';
import { nextStem } from './stems.ts';

/** What a name says of its value: `secret` all of it, the others only with a value of their kind. */
export type NameKind =
  | 'secret'
  | 'token'
  | 'key'
  | 'pass'
  | 'auth'
  | 'pin'
  | 'code'
  | 'card'
  | 'sid'
  | 'dsn'
  | 'phrase'
  | 'text';

const ASCII = /^[\x20-\x7e]*$/;
const LONGEST_NAME = 128;

/** `clientSecret`, `client-secret`, `CLIENT_SECRET` → client, secret. Letters of all scripts, without accents. */
export function nameWords(name: string): string[] {
  const cut = name.slice(0, LONGEST_NAME);
  if (ASCII.test(cut)) return asciiWords(cut);
  const parted = cut
    .replace(/(\p{Ll}|[0-9])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2');
  return plainLetters(parted)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function asciiWords(name: string): string[] {
  const parted = /[a-z0-9][A-Z]|[A-Z][A-Z][a-z]/.test(name)
    ? name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    : name;
  return parted.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** What a mask says of a name, in letters that it may hold. */
export function nameSaid(name: string): string {
  const said = nameWords(name)
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '');
  return said.length > 0 && said.some((word) => word.length > 1) ? said.join(' ') : 'password';
}

/** What a text that holds such a name is known by, besides a stem: "pw", "card", letters of full width. */
const SIGNS = /["_]pw["\d]|[cC]ard"|["_]ssn"|[\uff01-\uff5e]/;

/** Whether the cheap look at a whole text would see this name in it. */
export function showsName(name: string): boolean {
  const quoted = `"${name.slice(0, LONGEST_NAME)}"`;
  return nextStem(quoted, 0) !== undefined || SIGNS.test(quoted);
}

/** What the name of a member says of its value; undefined: nothing, or nothing that the cheap look would see. */
export function nameKind(name: string): NameKind | undefined {
  return showsName(name) ? kindOfName(name) : undefined;
}

/** The same of a name that was found by a stem in it. */
export function kindOfName(name: string): NameKind | undefined {
  const all = nameWords(name);
  const of = all.findIndex((word, at) => at > 0 && PREPOSITIONS.has(word));
  return kindOfWords(all) ?? (of === -1 ? undefined : kindOfWords(all.slice(0, of)));
}

function kindOfWords(words: string[]): NameKind | undefined {
  while (words.length > 1 && isFollower(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const bare = last.length > 3 ? last.replace(/\d{1,3}$/, '') : last;
  const before = words.at(-2);
  if (
    before !== undefined &&
    REFERRING.has(before) &&
    !/^(?:reset|forgot)(?:token|code)$/.test(`${before}${last}`)
  )
    return undefined;
  if (endsInSecret([...words.slice(0, -1), bare])) return 'secret';
  if (/^(?:pass|pw)$/.test(last) && before !== undefined && LOGINS.has(before)) return 'secret';
  if (
    last === 'pass' ||
    last === 'pw' ||
    (/pass$|pw$/.test(last) && BEFORE_PASS.has(last.replace(/pass$|pw$/, '')))
  )
    return 'pass';
  return ofLastWord(last, before) ?? ofJoined(words);
}

/** Before a secret's word these name one that is somewhere else, or whether there is one. */
const REFERRING = new Set('existing use create has with no get find reset forgot require'.split(' '));

const isFollower = (word: string): boolean => FOLLOWERS.has(word) || /^\d{1,3}$/.test(word);

/** In names of one case: `PASSWORDCONFIRM`. */
const GLUED_FOLLOWER = /(?:confirm(?:ation)?|again|hash|value|field|input)$/;

/** In languages that say by an ending whose it is: `şifreniz`, `hasłem`. */
const DECLINED = /^(?:sifre|parola|salasana|jelszo|hasl|hesl|lozink|losenord|паро[лн]|лозинк)\p{L}{1,5}$/u;

/** Before `pass`: what is logged in to. */
const LOGINS = new Set(
  'db database user usr root admin mysql pg postgres sql smtp mail email ftp sftp ssh sudo login redis ldap proxy http rdp vpn wifi app api imap bind master keystore truststore'.split(
    ' ',
  ),
);

function endsInSecret(words: readonly string[]): boolean {
  let joined = '';
  for (let at = words.length - 1; at >= 0 && at >= words.length - 4; at -= 1) {
    joined = `${words[at]}${joined}`;
    if (SECRETS.has(joined)) return true;
  }
  const last = (words.at(-1) ?? '').replace(GLUED_FOLLOWER, '');
  if (SECRETS.has(last) || DECLINED.test(last)) return true;
  if (last.endsWith('pwd')) return true;
  return ENDINGS.some((ending) => last.length > ending.length && last.endsWith(ending));
}

/** Whether a word by itself means a secret. */
export const isWordForSecret = (word: string): boolean =>
  endsInSecret([word]) || /^(?:token|jeton|key)$|[a-z](?:キー|키|密钥|密鑰)$/.test(word);

function ofLastWord(last: string, before: string | undefined): NameKind | undefined {
  const one = last.replace(/s$/, '');
  if (one === 'token' || one === 'jeton') {
    if (before === 'key') return undefined;
    if (before !== undefined && NOT_A_TOKEN.has(before)) return undefined;
    return one === last && before !== undefined && OF_TOKEN.has(before) ? 'secret' : 'token';
  }
  if (one === 'key') {
    if (before === undefined || NOT_A_KEY.has(before)) return undefined;
    return OF_KEY.has(before) ? 'secret' : 'key';
  }
  if (last === 'ssn' || last === 'nino') return 'code';
  if (last === 'appid') return 'key';
  const glued = /^(user|pairing|access|security|verification|unlock|entry|door|gate|alarm)code$/.test(last);
  if (glued) return 'code';
  if (one === 'code') return before !== undefined && OF_CODE.has(before) ? 'code' : undefined;
  if (/^(?:pin|puk|passcode)$/.test(last)) return 'pin';
  if (last === 'pat') return 'token';
  if (/^(?:auth|authentication|basic|basicauth)$/.test(last)) return 'auth';
  if (last === 'string') return before === 'connection' ? 'text' : undefined;
  if (last === 'id') return before === 'key' ? 'key' : undefined;
  return last === 'dsn' ? 'dsn' : undefined;
}

/** `jwtsigning`: a word that ends in one of these, or is one. */
const endsInOne = (word: string, of: ReadonlySet<string>): boolean =>
  of.has(word) || [4, 5, 6, 7, 8, 9, 10].some((long) => long < word.length && of.has(word.slice(-long)));

function ofJoined(words: readonly string[]): NameKind | undefined {
  const last = words.at(-1) ?? '';
  const two = `${words.at(-2) ?? ''}${last}`;
  if (CARDS.has(last) || CARDS.has(two)) return 'card';
  if (SESSIONS.has(last)) return 'sid';
  if (last.endsWith('token') && OF_TOKEN.has(last.slice(0, -5))) return 'secret';
  if (last.endsWith('key') && endsInOne(last.slice(0, -3), OF_KEY)) return 'secret';
  if (/^(?:seed|words|phrase)$/.test(last)) return 'phrase';
  if (words.some((word) => FOREIGN_KEYS.has(word))) return 'pass';
  return !ABOUT.has(last) && words.some((word) => endsInSecret([word])) ? 'pass' : undefined;
}

/** Whether a name identifies, or holds contents, so that random letters under it are ordinary. */
export function identifies(name: string): boolean {
  const words = nameWords(name);
  const last = words.at(-1) ?? '';
  return IDENTIFIERS.has(last) || /(?:hash|sha|id|uuid|cursor|ref|url)$/.test(last);
}

/** Under `auth` what tells who and how; the rest opens. */
export function isOfLogin(name: string): boolean {
  const last = nameWords(name).at(-1) ?? '';
  return /^(?:type|kind|scheme|method|mode|provider|user|username|login|email|realm|url|uri|host|domain|scope|scopes|audience|issuer|name|enabled|required|strategy|algorithm|region|service|version|expires|id|path|file)$/.test(
    last,
  );
}
