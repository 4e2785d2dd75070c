import { isNoSecret } from './names/fits-kind.ts';
import { hasSign } from './names/stems.ts';
import { givenToCalls } from './places/call-arguments.ts';
import { placedSecrets } from './places/command-options.ts';
import { encodedSecrets, possibleSecrets } from './places/encoded-words.ts';
import { namedValues } from './places/named-values.ts';
import { keyBlocks } from './shapes/key-blocks.ts';
import { loginIn } from './shapes/password-shape.ts';
import { recoverySecrets } from './shapes/recovery.ts';
import { isReference } from './shapes/references.ts';
import { SECRET_FORMATS, type SecretFormat } from './shapes/secret-formats.ts';
import type { TextSpan } from './shapes/text-span.ts';
import { unwrapped } from './shapes/unwrapped.ts';

interface Formats {
  /** Of those that are in one word. */
  inWords: RegExp;
  whole: { where: string; pattern: RegExp }[];
  each: { name: string; pattern: RegExp }[];
}

let formats: Formats | undefined;

/** A token that is glued to other letters is none: a hash inside a longer one, an identifier. */
const source = ({ pattern, glued }: SecretFormat): string =>
  glued === true ? pattern : `(?<![A-Za-z0-9-])(?:${pattern})`;

/** Made when first needed: few calls need them, and every start would pay. */
function knownFormats(): Formats {
  const sources = (glued: boolean): string =>
    SECRET_FORMATS.filter((format) => format.where === undefined && (format.glued === true) === glued)
      .map(({ pattern }) => pattern)
      .join('|');
  formats ??= {
    inWords: new RegExp(`${sources(true)}|(?<![A-Za-z0-9-])(?:${sources(false)})`, 'g'),
    whole: SECRET_FORMATS.flatMap((format) =>
      format.where === undefined ? [] : [{ where: format.where, pattern: new RegExp(source(format), 'g') }],
    ),
    each: SECRET_FORMATS.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern, 'y') })),
  };
  return formats;
}

/** What a token stands in: the expression of all formats is slow, and few words are so long. */
const LONG_WORD = /[^\s"'`<>(){}[\]|\\]{16,}/g;

function knownTokens(text: string): TextSpan[] {
  const { inWords, whole } = knownFormats();
  const found: TextSpan[] = [];
  LONG_WORD.lastIndex = 0;
  for (let word = LONG_WORD.exec(text); word !== null; word = LONG_WORD.exec(text)) {
    inWords.lastIndex = 0;
    for (let match = inWords.exec(word[0]); match !== null; match = inWords.exec(word[0]))
      found.push(formatSpan(text, word.index + match.index, match[0]));
  }
  for (const { where, pattern } of whole) {
    if (!text.includes(where)) continue;
    for (const match of text.matchAll(pattern)) found.push(formatSpan(text, match.index, match[0]));
  }
  return found.filter((span) => !isEmpty(text, span));
}

const BEARER = /\bbearer\s{1,4}([A-Za-z0-9._~+/=-]{16,4096})/gi;
/** What the rest needs besides a long word or a telling one: each of them holds one of these. */
const MARKS =
  /:\/\/[^\s/]*[@:]|["'_]pw["'\d]|[cC]ard["']|["_]ssn"|jdbc:oracle|"kty|A(?:KI|SI|BI|CC)A|-----BEGIN|[\s"']--?[uUpPabwkKAXhS]|(?:gh[a-z]|npm|hf|sk|rk|re|ico|pul)[_-][A-Za-z]{8}|gl[a-z]{2,5}-[\w-]{12}|\$(?:2[abxy]|apr1|[1567y]|argon2|scrypt|pbkdf2)\$|\{S|:[\d*]{1,5}:[\w*-]{1,64}:|%[0-9a-fA-F]{2}|\\u00|[\uff01-\uff5e]|\d[.)] ?[a-z]{3,8}[ ,\n]\d|@[\w.-]{4,60}[\\"'`*]{0,4} [/|] /;
/** In base64 a slash parts what is one word; words between the slashes of a path have capitals at their beginnings. */
const SLASHED = /[a-z0-9+][A-Z][A-Za-z0-9+/]{0,64}\/[A-Za-z0-9+/]{10}/;

/** Whether a text may hold a secret at all; cheap, for every call is asked this. */
export function mayHoldSecret(text: string): boolean {
  return hasSign(text, true) || MARKS.test(text) || SLASHED.test(text);
}

/** Spellings of spellings are taken off so often: a form in a form, JSON in JSON in JSON. */
const DEEPEST = 3;

/** Every secret in a text, sorted, none overlapping. `guess` also takes random-looking words for secrets. Linear. */
export function findInText(text: string, guess: boolean): TextSpan[] {
  return mayHoldSecret(text) ? within(text, guess, DEEPEST) : [];
}

function within(text: string, guess: boolean, deeper: number): TextSpan[] {
  const long = hasSign(text, false) || SLASHED.test(text);
  // Lists are joined, never spread into a call: a text may hold more secrets than a call takes arguments.
  return merged(
    [
      knownTokens(text),
      keyBlocks(text),
      namedValues(text),
      placedSecrets(text),
      givenToCalls(text),
      recoverySecrets(text),
      [...text.matchAll(BEARER)]
        .map((match) => lastGroup(match, match[1] ?? '', 'credential'))
        .filter((span) => !isEmpty(text, span)),
      guess && long ? possibleSecrets(text) : [],
      deeper > 0 && long ? encodedSecrets(text, (said) => saidSecrets(said, guess, deeper - 1)) : [],
      deeper > 0 ? unwrappedSecrets(text, deeper - 1) : [],
    ].flat(),
  );
}

function saidSecrets(said: string, guess: boolean, deeper: number): TextSpan[] {
  if (guess && loginIn(said)) return [{ start: 0, end: said.length, why: 'credential' }];
  return mayHoldSecret(said) ? within(said, false, deeper) : [];
}

function unwrappedSecrets(text: string, deeper: number): TextSpan[] {
  const inner = unwrapped(text);
  if (inner === undefined || !mayHoldSecret(inner.text)) return [];
  return within(inner.text, false, deeper).map(({ start, end, why }) => ({
    start: inner.at[start] ?? 0,
    end: inner.at[end] ?? text.length,
    why,
  }));
}

/** What holds no secret but a place for one. */
function isEmpty(text: string, { start, end }: TextSpan): boolean {
  const said = text.slice(start, end);
  return isReference(said) || isNoSecret(said);
}

function formatSpan(text: string, start: number, whole: string): TextSpan {
  const kind = knownFormats().each.find(({ pattern }) => {
    pattern.lastIndex = start;
    return pattern.exec(text)?.[0] === whole;
  });
  const why = kind?.name ?? 'token';
  if (why !== 'password in an address') return { start, end: start + whole.length, why };
  // Who logs in where may be read; with what may not.
  const from = whole.indexOf(':', whole.indexOf('://') + 3) + 1;
  return { start: start + from, end: start + whole.length - 1, why };
}

/** The group stands at the end of the match. */
function lastGroup(match: RegExpExecArray | RegExpMatchArray, group: string, why: string): TextSpan {
  const end = (match.index ?? 0) + match[0].length;
  return { start: end - group.length, end, why };
}

/** Sorted, and none overlapping. */
export function merged(found: readonly TextSpan[]): TextSpan[] {
  const sorted = found
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: TextSpan[] = [];
  for (const span of sorted) {
    const last = kept.at(-1);
    if (last === undefined || span.start >= last.end) kept.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return kept;
}
