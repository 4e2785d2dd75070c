import { identifies } from '../names/secret-names.ts';
import { decodedText } from '../shapes/password-shape.ts';
import { isPossibleSecret } from '../shapes/random-words.ts';
import type { TextSpan } from '../shapes/text-span.ts';

/** Long words of base64 or hex; lines of one go on, as programs wrap them. */
const WORD = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]{20,}){0,4096}={0,2}/g;
const HEX = /^(?:[0-9a-f]{2}){12,}$|^(?:[0-9A-F]{2}){12,}$/;
const LONGEST = 64 * 1024;

/** Words that say a secret when they are decoded. `find`: the secrets of the text that a word says. */
export function encodedSecrets(text: string, find: (said: string) => readonly TextSpan[]): TextSpan[] {
  const found: TextSpan[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const said = saidBy(word);
    const first = said === undefined ? undefined : find(said)[0];
    if (first !== undefined)
      found.push({
        start: index,
        end: index + word.length,
        why: `encoded ${first.why.replace(/^encoded /, '')}`,
      });
  }
  return found;
}

function saidBy(word: string): string | undefined {
  if (word.length > LONGEST) return undefined;
  const bare = word.includes('\n') ? word.replace(/[\r\n]/g, '') : word;
  if (!HEX.test(bare)) return decodedText(bare);
  const said = bare.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  return /^[\t\n\r\x20-\x7e]+$/.test(said) ? said : undefined;
}

/** Where a public thing is spelled in armor, nothing in it is a secret. */
const PUBLIC_BLOCK =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY(?: BLOCK)?|SIGNATURE|CRL|PKCS7|PARAMETERS|MESSAGE)-----[^-]{0,65536}(?:-----END|$)/g;
/** Before a word that is public: kinds of keys, of digests, of contents. */
const PUBLIC =
  /(?:ssh-\w{2,10}|sk-ssh-\S{1,40}|ecdsa-sha2-\w{1,20}|sha\d{1,3}[-:=/]|SHA256:|h1:|integrity|fingerprint|nonce|public[-_ ]?key|peer|base64,|\b(?:pub|x5c|x5t|etag|sha|commit|revision|rev|hash|digest|checksum|cursor|mappings)|(?:public[-_ ]?key|fingerprint|digest)\w{0,12}["']?,\s{0,30}|\b(?:ipfs|ipns|solana|spl-token)\s(?:[a-z-]{1,20}\s){1,2})["'\s:=\\[(]{0,6}$/i;
const NAME_BEFORE = /([\p{L}_][\p{L}\p{N}_.-]{0,63})["']?\s{0,4}[:=]\s{0,4}["'`]?$/u;
const WORDS_BEFORE =
  /(?:([\p{L}_-]{2,24})["':]{0,2}[ \t]{1,4})?([\p{L}_-]{2,24})["':]{0,2}[ \t]{1,4}["'`(<]?$/u;
const ALONE = /(?<![\w+=.@~#%\\/-])[A-Za-z0-9+/_-]{24,128}={0,2}(?![\w+=@/(-]|\.[a-z]{1,5}\b)/g;
/** Of a JSON Web Key (RFC 7517) the members that are public are numbers with names of one letter. */
const KEY_SET = /["']?kty["']?\s*:/;
const BEFORE = 80;

/** Words of random letters that nothing names and nothing says to be public. */
export function possibleSecrets(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  let blocks: { start: number; end: number }[] | undefined;
  for (const { 0: word, index } of text.matchAll(ALONE)) {
    if (!isPossibleSecret(word)) continue;
    blocks ??= [...text.matchAll(PUBLIC_BLOCK)].map((block) => ({
      start: block.index,
      end: block.index + block[0].length,
    }));
    if (blocks.some(({ start, end }) => index >= start && index < end)) continue;
    if (!isOrdinaryPlace(text, index, word))
      found.push({ start: index, end: index + word.length, why: 'possible secret' });
  }
  return found;
}

function isOrdinaryPlace(text: string, index: number, word: string): boolean {
  const before = text.slice(Math.max(0, index - BEFORE), index);
  if (PUBLIC.test(before) || isLine(text, index, word)) return true;
  // A part of an address or a path names what is there; what its parameters hold is found by their names.
  const chunk = /[^\s"'`<>()[\]{},;|]*$/.exec(before)?.[0] ?? '';
  if (/:\/\/|^(?:~|\.{0,2})\/|^[\w.-]{1,40}\/|^data:|@/.test(chunk)) return true;
  const name = NAME_BEFORE.exec(before)?.[1];
  if (name !== undefined)
    return (
      identifies(name) || (/^[xyne]$/.test(name) && KEY_SET.test(text.slice(Math.max(0, index - 600), index)))
    );
  const words = WORDS_BEFORE.exec(before);
  return (words?.slice(1) ?? []).some((one) => one !== undefined && isIdWord(one));
}

/** One of several lines of base64 is a piece of a file. */
function isLine(text: string, index: number, word: string): boolean {
  if (word.length < 60) return false;
  const next = text.slice(index + word.length, index + word.length + 80);
  const before = text.slice(Math.max(0, index - 80), index);
  return /^\r?\n\s{0,16}[A-Za-z0-9+/]{40}/.test(next) || /[A-Za-z0-9+/]{40}={0,2}\r?\n\s{0,16}$/.test(before);
}

/** `the document 1Bx…`: a word that says what is named; words of a sentence that mean more say nothing. */
const isIdWord = (word: string): boolean =>
  !/^(?:id|from|to|before|after|since|until|at|up|on|key|keys|user|users|message|content|data|token|use|host|login|head|run|sign|signature|index|job|state|form|response|environment|service|endpoint|domain|project|workspace|deployment|account)$/i.test(
    word,
  ) && identifies(word);
