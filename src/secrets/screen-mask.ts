import { JsonSource } from '../protocol/json/json-source.ts';
import type { ListedPath } from '../protocol/json/listed-path.ts';
import { findSecrets, type SecretSpan } from './find-secrets.ts';
import { isPlainToken } from './plain-token.ts';

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

/** Source that is no JSON is left as it is: it cannot be a call's. */
export function maskForScreen(text: string, listed: readonly ListedPath[]): ScreenText {
  if (text.length > LONGEST) {
    const hidden = `[${text.length} characters, not searched for secrets]`;
    return { text: JSON.stringify(hidden), masked: 1, opaque: true };
  }
  const source = JsonSource.of(text);
  let spans: SecretSpan[];
  try {
    spans = findSecrets(source, listed);
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
    const mask = `${head}…[${why.replace(/[^\w .-]/g, '')}, ${characters.length} characters]`;
    out += source.slice(copied, start) + (number ? `"${mask}"` : mask);
    copied = end;
  }
  const shown = out + source.slice(copied, source.bytes.length);
  return { text: shown, masked: spans.length, opaque: spans.some(({ secret }) => !isPlainToken(secret)) };
}
