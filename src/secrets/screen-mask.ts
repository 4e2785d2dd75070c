import { JsonSource } from '../protocol/json/json-source.ts';
import type { ListedPath } from '../protocol/json/listed-path.ts';
import { decodedValue } from '../text/decoded.ts';
import { findSecrets, type SecretSpan } from './find-secrets.ts';
import { isPlainToken } from './shapes/plain-token.ts';

/** Longer texts are not searched while a person waits for the screen; they are hidden as a whole. In UTF-16 units. */
const LONGEST = 1024 * 1024;
const SHOWN = 4;
/** Of a shorter secret even its beginning tells too much. */
const SHOWN_FROM = 12;

/** A text for a screen: JSON source in which secrets are hidden, and how many. */
export interface ScreenText {
  text: string;
  masked: number;
  /** What is hidden may be more than a secret, so nobody can judge the call without it. */
  opaque: boolean;
}

/**
 * Source that is no JSON is left as it is: it cannot be a call's. `beside`: the source that it will be compared with,
 * unmasked; two masks that look alike must not say that two secrets are the same, so one that is not in it is marked.
 */
export function maskForScreen(text: string, listed: readonly ListedPath[], beside?: string): ScreenText {
  if (text.length > LONGEST) {
    const hidden = `[${text.length} characters, not searched for secrets]`;
    return { text: JSON.stringify(hidden), masked: 1, opaque: true };
  }
  const source = JsonSource.of(text);
  let spans: SecretSpan[];
  try {
    spans = findSecrets(source, listed).filter((span) => !isDecoded(span, text));
  } catch {
    return { text, masked: 0, opaque: false };
  }
  let out = '';
  let copied = 0;
  for (const { start, end, why, secret, number } of spans) {
    const characters = [...secret];
    // Letters and digits only: nothing that would end the string's quotes.
    const head =
      characters.length < SHOWN_FROM
        ? ''
        : characters
            .slice(0, SHOWN)
            .join('')
            .replace(/[^\w-]/g, '·');
    const another = beside === undefined || holds(beside, secret) ? '' : ', another one';
    const mask = `${head}…[${why.replace(/[^\w .-]/g, '')}, ${characters.length} characters${another}]`;
    out += source.slice(copied, start) + (number ? `"${mask}"` : mask);
    copied = end;
  }
  const shown = out + source.slice(copied, source.bytes.length);
  return { text: shown, masked: spans.length, opaque: spans.some(couldBeMore) };
}

/** Whether a JSON source has a text in it, in its usual spelling. */
function holds(source: string, text: string): boolean {
  return source.includes(text) || source.includes(JSON.stringify(text).slice(1, -1));
}

/** Words that are encoded are letters of a generator to look at. */
function couldBeMore({ secret, why }: SecretSpan): boolean {
  if (!isPlainToken(secret)) return true;
  const said = decodedValue(secret)?.text;
  return why.startsWith('encoded ') || (said !== undefined && /\S\s+\S/.test(said.trim()));
}

const DECODES =
  /base64\s+(?:-{1,2}\w+\s+)*(?:-[dD]\b|--decode)|\b(?:b64decode|frombase64string|atob|unhexlify)\b|\bopenssl\s+(?:enc|base64)\b|\bxxd\b|[ \t][-/](?:e|ec|en\w{0,14})[ \t]/i;

/**
 * What only looks like a secret, and is words that the call itself decodes: its text is what runs, and is shown. A name
 * and a password (`user:word`, for HTTP) have no space in them and stay hidden.
 */
function isDecoded({ why, secret }: SecretSpan, text: string): boolean {
  if (!(why === 'possible secret' || why.startsWith('encoded ')) || !DECODES.test(text)) return false;
  const said = decodedValue(secret)?.text;
  return said !== undefined && /\S\s+\S/.test(said.trim());
}
