import type { JsonNode, Member } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { findInText } from './find-in-text.ts';
import { isNoSecret, namesSecret } from './names/fits-kind.ts';
import { nameKind, nameSaid } from './names/secret-names.ts';
import { isPlace } from './places/text-values.ts';
import { looksLikePassword } from './shapes/password-shape.ts';
import { isRandomWord } from './shapes/random-words.ts';
import type { TextSpan } from './shapes/text-span.ts';

const NAMING =
  /^(?:name|key|header|field|variable|label|element|selector|css|xpath|locator|placeholder|option|env|parameter|param)$/i;
/** Of a page: words tell a person, or a program, which field is meant. */
const ON_PAGE = /^(?:label|element|selector|css|xpath|locator|placeholder|field)$/i;
const NAMED_FIELD =
  /(?<![\p{L}])(password|passcode|passphrase|passwort|kennwort|contraseña|mot de passe|senha|pin|otp|pwd|cvc2?|cvv2?|security code|sicherheitscode|prüfziffer|code de sécurité|código de seguridad|codice di sicurezza)(?![\p{L}])/iu;
/** The member that holds what another one names. */
export const VALUE = /^(?:value|content|val|text|data|default|secret|string|token)$/i;

const textOf = (node: JsonNode, source: JsonSource): string => source.string(node.start, node.end);

/** A field of a page, as selectors name it: `input[type="password"]`, `//input[@name='pin']`. */
const FIELD =
  /[[@(](?:type|name|id|placeholder|aria-label)\s?[*^$~|]?=\s?\\?["']?([\p{L}\p{M}\p{N}_. -]{2,40})/iu;

/** The name in `{"name": "Authorization", "value": "…"}`; in a field that a person fills in, its last words. */
export function headerOf(members: readonly Member[], source: JsonSource): string | undefined {
  if (members.length < 2 || members.length > 8) return undefined;
  let found: string | undefined;
  for (const { key, value } of members) {
    if (value.kind !== 'string' || !NAMING.test(key)) continue;
    const name = textOf(value, source);
    const field = FIELD.exec(name)?.[1] ?? /[#.]([\w-]{2,40})\s*$/.exec(name)?.[1];
    if (field !== undefined && nameKind(field) !== undefined) return field;
    const told = ON_PAGE.test(key) ? NAMED_FIELD.exec(name)?.[1] : undefined;
    // On a card it is three digits, elsewhere some more.
    if (told !== undefined)
      return /\s|code|ziffer/i.test(told) && !/^mot/i.test(told) && !/^passcode/i.test(told) ? 'otp' : told;
    if (
      /^[#.]?[\p{L}\p{M}\p{N}_. -]{1,64}$/u.test(name) &&
      (found === undefined || nameKind(name) !== undefined)
    )
      found = name;
  }
  return found;
}

/** Whether an object describes values instead of holding them: JSON Schema. */
export function isSchema(members: readonly Member[], source: JsonSource): boolean {
  return members.some(
    ({ key, value }) =>
      key === '$ref' ||
      (key === 'type' &&
        (value.items !== undefined ||
          /^"(?:string|object|array|integer|number|boolean|null)"$/.test(
            source.slice(value.start, value.end),
          ))),
  );
}

/** What the members of a JSON Web Key (RFC 7517, 7518) are called for: the private ones, and the public ones. */
export function keyName(key: string, members: readonly Member[]): string | undefined {
  if (!/^(?:d|p|q|dp|dq|qi|k|x|y|n|e|x5c|x5t)$/.test(key) || !members.some((member) => member.key === 'kty'))
    return undefined;
  return /^[xyne]/.test(key) ? 'pub' : 'private key';
}

/** Of a list of texts: by item what is secret in it because of the items before. */
export function listSecrets(
  items: readonly JsonNode[],
  source: JsonSource,
  { program, name, paired }: { program?: string | undefined; name: string; paired?: boolean | undefined },
): Map<number, TextSpan[]> {
  const found = new Map<number, TextSpan[]>();
  if (
    !items.every(
      ({ kind, items: inner, members }) => kind === 'string' && inner === undefined && members === undefined,
    )
  )
    return found;
  const texts = items.slice(0, MOST_ITEMS).map((item) => textOf(item, source));
  pairs(texts, { name, paired }, found);
  if (program !== undefined || texts.some((text) => /^(?:-|\/\w)/.test(text)))
    commandLine(texts, program, found);
  return found;
}

const HEX = /^[0-9a-f]{16,128}$/i;
const MOST_ITEMS = 512;

/** `["Cookie", "sid=…"]`, and headers one after the other. */
function pairs(
  texts: readonly string[],
  { name, paired: pairsOnly }: { name: string; paired?: boolean | undefined },
  found: Map<number, TextSpan[]>,
): void {
  const second = texts[1] ?? '';
  if (nameKind(name) === 'auth' && texts.length === 2 && looksLikePassword(second))
    whole(1, second, 'credential', found);
  // As a client of Redis sends it: ["AUTH", "default", "…"].
  if (/^auth$/i.test(texts[0] ?? '') && texts.length >= 2 && texts.length <= 3)
    return whole(texts.length - 1, texts.at(-1) ?? '', 'credential', found);
  for (const [at, text] of texts.slice(0, -1).entries()) {
    const value = texts[at + 1] ?? '';
    if (
      /^[\p{L}\p{M}\p{N}_. -]{2,40} ?[:：=]$/u.test(text) &&
      (/^\S+$/.test(value) || /\d/.test(value)) &&
      namesSecret(text.slice(0, -1), value) &&
      !isPlace(value)
    )
      whole(at + 1, value, nameSaid(text), found);
  }
  if (texts.length % 2 === 1) return;
  for (let at = 0; at < texts.length; at += 2) {
    const [key = '', value = ''] = texts.slice(at, at + 2);
    if (!/^[\p{L}\p{M}\p{N}_. -]{2,64}$/u.test(key) || value.length < 4) continue;
    const kind = nameKind(key);
    if (kind === undefined || nameKind(value) !== undefined || isNoSecret(value)) continue;
    if (
      (pairsOnly === true && kind === 'secret' && /^\S{5,}$/.test(value)) ||
      looksLikePassword(value) ||
      /^[\w.%-]{1,64}=|^[A-Za-z]{3,10} \S{6,}$/.test(value) ||
      isRandomWord(value) ||
      HEX.test(value)
    )
      whole(at + 1, value, nameSaid(key), found);
  }
}

function whole(at: number, text: string, why: string, found: Map<number, TextSpan[]>): void {
  found.set(at, [{ start: 0, end: text.length, why }]);
}

/** As a program gets its arguments: what a command in one text would tell, the words of this one tell. */
function commandLine(
  texts: readonly string[],
  program: string | undefined,
  found: Map<number, TextSpan[]>,
): void {
  const words = program === undefined ? texts : [program.split(/[/\\]/).at(-1) ?? '', ...texts];
  const first = words.length - texts.length;
  const starts: number[] = [];
  let line = '';
  for (const word of words) {
    // An option is one behind a blank.
    line += ' ';
    starts.push(line.length);
    line += word;
  }
  for (const { start, why } of findInText(line, false)) {
    const at = starts.findLastIndex((from) => from <= start);
    const item = at - first;
    const text = texts[item];
    if (item < 0 || text === undefined) continue;
    // Nothing ends a word of a list but its own end.
    const from = start - (starts[at] ?? 0);
    if (from === 0 || /^(?:[-/][\w-]{1,64}[=:]?|[\w.@+-]{1,64}[:%])$/.test(text.slice(0, from)))
      found.set(item, [{ start: from, end: text.length, why }]);
  }
}

/** What a sibling of a list of arguments starts. */
export function programIn(members: readonly Member[], source: JsonSource): string | undefined {
  if (
    !members.some(
      ({ key, value }) => value.items !== undefined && /^(?:args|argv|arguments|params)$/i.test(key),
    )
  )
    return undefined;
  const program = members.find(
    ({ key, value }) =>
      value.kind === 'string' && /^(?:command|cmd|program|executable|bin|binary|file)$/i.test(key),
  );
  return program === undefined
    ? undefined
    : source.string(program.value.start, program.value.end).slice(0, 200);
}
