import { isNoSecret } from './names/fits-kind.ts';
import { identifies, kindOfName, nameWords, showsName } from './names/secret-names.ts';

/** `{"card": {"number": …}}`: a name that says little says more with the one above it. */
export const qualified = (key: string, above: string): string =>
  GENERAL.test(key) && (showsName(above) || showsName(key)) && kindOfName(`${above} ${key}`) !== undefined
    ? `${above} ${key}`
    : key;
const GENERAL = /^(?:number|key|token|code|phrase|words|string)$/i;

/** Under `auth`: a value that is not a word. */
export const isOpening = (text: string): boolean =>
  text.length >= 6 && !/\s/.test(text) && /\d|[^\w-]/.test(text) && !isNoSecret(text);

/** A file's text, not one word of base64 or an id. */
export const isContent = (name: string, text: string): boolean =>
  /\s/.test(text) &&
  /^(?:content|contents|data|base64|diff|patch|file|document|body|string)$/.test(
    nameWords(name).at(-1) ?? '',
  );

/** Names that say nothing of their value: free texts, and single letters. */
const NEUTRAL =
  /^(?:|text|note|notes|value|values|input|comment|string|str|payload|part|parts|secret|answer|prompt|paste|clipboard|raw)$/;
export const isNeutral = (name: string): boolean =>
  (name.length <= 2 && !identifies(name)) || NEUTRAL.test(nameWords(name).at(-1) ?? '');
/** A digest or a key in hexadecimal: only a name could say which. */
export const isHexAlone = (text: string): boolean =>
  /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{48}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(text.trim()) &&
  /[0-9]/.test(text) &&
  /[a-f]/i.test(text);
