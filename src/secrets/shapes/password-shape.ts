/** What passwords are made of, against what names, versions, dates and places are made of. */

/** Names of algorithms, types and versions, which end in digits. */
const ORDINARY =
  /^(?:argon2(?:id|i|d)|(?:x|ed|curve)(?:25519|448)(?:ph)?|secp\d{3}[kr]1|chacha20(?:-?poly1305)?|blake2[bs]p?|base64url|utf8mb4|(?:base64|base32|sha\d{1,3}|md5|utf-?8|http2?|oauth2|x509|rfc\d{3,5})(?:-[a-z]{2,16}){1,3}|(?:sha|md|utf|oauth|saml|base|argon|bcrypt|scrypt|pbkdf|aes|rsa|hmac|blake|ed|v|x|h|http|tls|ssl|ipv|es|rs|hs|ps|sig|aws|win|arm|u?int|float|char|varchar|node|python|php|mp|step|level|test|user|password|passwd|pass|token|key|secret|apikey)[-_]?\d{1,4}[a-z]?\d*(?:\(\d+\))?|\d+(?:px|ms|kb|mb|gb|min|st|nd|rd|th|d|h|m|s|k)|v?\d+(?:\.\d+)+[\w.-]*|\d{4}-\d\d.*|[\d:.,%+-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,})$/i;
/** Names of things, of constants and of variables. */
const IDENTIFIER =
  /^[A-Za-z*]+(?:[-_.][A-Za-z*]+)+$|^[a-z*]+(?:[-_.][a-z*]+)+\d$|^[A-Z]+(?:[-_][A-Z0-9]+)+$|^[$%]\w+%?$/;
const SYMBOL = /[!#$%&*?@^~+=|\\]/;

/** One word that a person or a program made up to get in: letters with digits or marks among them. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 6 || value.length > 128 || /[\s/\\<>(){}[\]"`]/.test(value) || ORDINARY.test(value))
    return false;
  if (IDENTIFIER.test(value)) return false;
  const letters = /[A-Za-z]/.test(value);
  return letters && (/\d/.test(value) || (SYMBOL.test(value.slice(0, -1)) && value.length >= 8));
}

/** What a program computes, an address, a path, markup: none of it was made up. */
const COMPUTED =
  /^[\w$.]+\([^()]*\)$|\$[({]|\{[\w.]*\}|=>|->|::|\.\w+\(|^[./~\\@-]|:\/\/|^\w+(?:[/\\][\w.-]+){2,}$|^<|>$|=|[;,]$|\(\)|\[\]|&&|\|\||^[\w.$]+\[[\w"':.$]*\]?$|\w\[\d{1,4}\]\.\w|:$|\\\(/;

const isBalanced = (value: string): boolean =>
  (value.match(/\(/g)?.length ?? 0) <= (value.match(/\)/g)?.length ?? 0);

/** The same in quotes or up to white space, where marks that end a word elsewhere may be of it: `Cicada(Prow)8`. */
export function looksMadeUp(value: string): boolean {
  if (looksLikePassword(value)) return true;
  if (value.length < 6 || value.length > 128 || /[\s"`]/.test(value)) return false;
  if (isNoise(value)) return true;
  if (ORDINARY.test(value) || COMPUTED.test(value) || IDENTIFIER.test(value) || !isBalanced(value))
    return false;
  return /\p{L}/u.test(value) && (/\d/.test(value) || SYMBOL.test(value));
}

/** Letters, digits and marks without any word: nothing that was written for reading. */
function isNoise(value: string): boolean {
  if (value.length < 16 || /[a-zA-Z]{9}|function\(|=>|\)\{|\breturn\b/.test(value)) return false;
  const count = (kind: RegExp): number => value.match(kind)?.length ?? 0;
  return count(/[a-z]/g) > 2 && count(/[A-Z]/g) > 2 && count(/\d/g) > 1 && count(/[^\w\s./-]/g) > 3;
}

/** Made up with care: nothing in a sentence looks so but what opens something. Addresses of mail and files do not. */
export function looksStrong(value: string): boolean {
  if (value.length < 8 || !looksMadeUp(value) || !/\d/.test(value)) return false;
  if (
    /^[\w.+-]+@[\w-]+\.|\.[a-z]{1,4}\d?$|^#?\d+[a-z]{0,3}$|^[A-Z]+-\d+$|^[\w-]+\/[\w.-]+$|\d\.\d|@[\w-]+(?:\.[\w.-]+|:\d+)(?:\/|$)|@[\w.-]+\/|^[a-z]+[\w.-]*:\d/.test(
      value,
    )
  )
    return false;
  return /[!#$%&*?^~+]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value));
}

/** What ends ordinary words, and ordinary words that stand where a password is told: "the password is required". */
const SAID_OF_PASSWORDS =
  /(?:ed|ing|able|ible|ive|ent|ant|al|ic|ous|ful|less|ly|tion|ment|ness|ity|sible|ary|ory|en|em|iert|ich|isch|bar|ado|ada|ido|ida)$|^(?:somewhere|elsewhere|everything|something|anything|nowhere|underneath|therefore|otherwise)$/;

/** What a person may have chosen, where the sentence says that a password follows: words without a digit, digits alone. */
export function looksChosen(value: string): boolean {
  if (/^\d{5,12}$|^\d{20}$/.test(value) || /^[a-z]{3,12}(?:-[a-z]{3,12}){2,6}$/.test(value)) return true;
  if (/^[A-Z][a-z]{2,12}(?:[A-Z][a-z]{2,12}){1,3}[!?#*$]?$/.test(value)) return true;
  // Parts of words with a capital or a digit among them: Kolibri_Nest3, GrandCanyon!Mule, 9-Lives-of-Milo.
  if (/^[\p{L}\d]{1,16}(?:[-_.!#+&/][\p{L}\d]{1,16}){1,5}[!?#*$]?$/u.test(value) && /[\p{Lu}\d]/u.test(value))
    return !/^\d[\d.-]*$/.test(value);
  return /^[a-z]{10,24}$/.test(value) && !SAID_OF_PASSWORDS.test(value);
}

export const isOneWord = (value: string): boolean => /^\S{4,512}$/.test(value);

const LOGIN = /^[\w.@+-]{1,64}:(\S{4,256})$/;

/** Whether a text is a user's name and a password, `ada:…`, also as HTTP encodes them (RFC 7617). */
export function loginIn(value: string): boolean {
  const password = LOGIN.exec(value)?.[1];
  if (password !== undefined) return looksLikePassword(password) && !/^\d+$/.test(password);
  if (!/^[A-Za-z0-9+/_-]{8,512}={0,2}$/.test(value) || value.length % 4 === 1) return false;
  const said = decodedText(value);
  return said !== undefined && /^[\x21-\x7e]{1,64}:[\x21-\x7e]{3,256}$/.test(said);
}

/** The text that base64 says; undefined where it says anything else. */
export function decodedText(word: string): string | undefined {
  const head = printable(word.slice(0, 24), word.length > 24);
  return head === undefined || word.length <= 24 ? head : printable(word);
}

function printable(word: string, part = false): string | undefined {
  const bytes = base64Bytes(word);
  if (bytes.length < 6) return undefined;
  try {
    const text = (part ? new TextDecoder('utf-8', { fatal: true }) : UTF8).decode(bytes, { stream: part });
    return text;
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const VALUES = new Uint8Array(128).fill(255);
for (const [value, letter] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  VALUES[letter.charCodeAt(0)] = value;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The bytes of base64 of either alphabet; none as soon as one of them is a control character: no text has those. */
function base64Bytes(word: string): Uint8Array {
  const bytes = new Uint8Array((word.length * 3) >> 2);
  let [bits, held, size] = [0, 0, 0];
  for (let at = 0; at < word.length; at += 1) {
    const value = VALUES[word.charCodeAt(at)] ?? 255;
    if (value === 255) break;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const byte = (bits >> held) & 255;
    if (byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13))
      return bytes.subarray(0, 0);
    bytes[size] = byte;
    size += 1;
  }
  return bytes.subarray(0, size);
}
