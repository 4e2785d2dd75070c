import { isUnfilled } from '../names/fits-kind.ts';
import { nameSaid } from '../names/secret-names.ts';
import { looksChosen, looksStrong } from '../shapes/password-shape.ts';
import { isReference } from '../shapes/references.ts';
import type { TextSpan } from '../shapes/text-span.ts';

/** So far behind the word for it a password is told in a sentence, in UTF-16 units. */
const REACH = 90;
/** What is in source code and not in sentences. */
const CODE = /[{}<>;=`|[\]]|\w\(/;
const SPACED = /[^\s"'«»“”‘’`,;:。，、：；！？（）()]{6,128}/g;
/** In scripts without spaces a word in other letters stands out. */
const UNSPACED = /^[\u3000-\u9fff\uac00-\ud7af\uff00-\uff0f\uff1a-\uff20\s:]{0,14}([\x21-\x7e]{6,64})/;

/** Directly before a password that is told; what follows it then may be words alone. */
const TELLING =
  /(?::|=|\u2014|\u2013| -|[^\p{L}](?:is|to|now|was|as|it['’]s|it is|op|auf|su|sur|til|till|c['’]est|(?:is|ist|es|est|è) (?:now|jetzt|nun|ahora|maintenant|adesso|ora)|ist|lautet|es|est|era|é|è|je|jest|is nu|er|är|là|هي|هو|это|теперь|тепер|на))[ \t"'“‘`*]{1,3}$/u;

/** A word, or words: no name of code. */
const WORD = /^\p{Lu}?[\p{Ll}\p{M}\p{Lo} ]+$|^[\p{Lu} ]+$/u;
/** As services make them: UUIDs, hexadecimal. */
const KEY = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,24}|[0-9a-f]{20,128})$/i;

/** Before what a program counts together from a text: `h1:…`, `sha256:…`. */
const DIGEST = /\b(?:h1|sha\d{1,3}|md5|crc32)[:=-]\s?$/i;

/** Of IPFS: names what it holds, in base58 or base32. */
const CONTENT_ID = /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|baf[a-z2-7]{50,70})$/;

/** Directly behind the word itself: small letters first and a capital in a later part, or parts that end in a digit. */
const MIXED =
  /^[A-Z][a-z]{2,16}(?:[-_.][A-Z]?[a-z]{2,16}){1,3}\d$|^[a-z]{2,16}(?:[-_.][A-Za-z]{1,16}){0,3}[-_.][A-Z]/;

/** "password to authenticate", to do with it and not what it is. */
const VERB = /^[a-z]{4,}(?:ate|ize|ise|ify)$/;

const isUnspaced = (text: string): boolean => /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(text);

/** "the password of the account deploy is now …": what follows in the same sentence and looks like nothing else. */
export function toldAfter(
  text: string,
  name: { text: string; start: number; end: number },
): TextSpan | undefined {
  const why = nameSaid(name.text);
  const line = text.slice(name.end, name.end + REACH).split('\n', 1)[0] ?? '';
  if (isUnspaced(name.text)) {
    const [, word = ''] = UNSPACED.exec(line) ?? [];
    const bare = word.replace(/[.,;:!?)"'”]+$/, '');
    if (bare.length >= 6 && !CODE.test(bare) && !isReference(bare) && !/^(?:https?:|[\w.-]+@)/.test(bare)) {
      const start = name.end + line.indexOf(word);
      return { start, end: start + bare.length, why };
    }
  }
  const head =
    text
      .slice(Math.max(0, name.start - 60), name.start)
      .split('\n')
      .at(-1) ?? '';
  if (CODE.test(head)) return undefined;
  if (/:\/\/|[\w.-]\/[\w.-]{1,60}\/$|^\.{0,2}\/|^[\w.-]{1,60}\.\w{2,8}\/$/.test(/\S*$/.exec(head)?.[0] ?? ''))
    return undefined;
  const isPassword = WORD.test(name.text) && !/token|secret|key|auth|bearer|cred|cookie/i.test(name.text);
  const isKey = /key|token|secret/i.test(name.text);
  let first: TextSpan | undefined;
  for (const { 0: word, index } of line.matchAll(SPACED)) {
    const before = line.slice(0, index);
    if (CODE.test(before)) break;
    const bare = /([!?])\1$/.test(word) ? word : word.replace(/[.!?]$/, '');
    if (/passw|secret|token/i.test(bare) || isReference(bare) || DIGEST.test(before) || CONTENT_ID.test(bare))
      continue;
    if (isUnfilled(bare) || (/\sto\s$/.test(before) && VERB.test(bare))) continue;
    const told = TELLING.test(before);
    const taken =
      (told && ((isPassword && looksChosen(bare)) || (isKey && KEY.test(bare)))) ||
      (isPassword && index <= 1 && MIXED.test(bare)) ||
      (looksStrong(bare) && !/^\w+(?:\.\w+)+$/.test(bare));
    if (!taken) continue;
    const start = name.end + index;
    const span = { start, end: start + bare.length, why };
    // What the sentence says to be it goes before what only looks like one.
    if (told) return span;
    first ??= span;
  }
  return first;
}
