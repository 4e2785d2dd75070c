import { nameSaid } from '../names/secret-names.ts';
import { looksLikePassword, looksStrong } from '../shapes/password-shape.ts';
import { isReference } from '../shapes/references.ts';
import type { TextSpan } from '../shapes/text-span.ts';

/** So far before the word for it a password stands, in UTF-16 units. */
const REACH = 120;

/** "Xyz is the password", "Xyz ist das neue Passwort". */
const IS_THE =
  /(?:^|\s)(["'“`*]{0,3})([^\s"'“”`*]{6,64})["'”`*]{0,3}\s(?:is|was|as|=|ist|als|es|como|est|comme|è|come|é)\s(?:(?:the|your|my|our|a|his|her|their|das|dein|ihr|unser|la|el|su|le|il|votre|o|os|lo|una)\s)?(?:[\p{L}'’-]{1,16}\s){0,2}$/iu;
/** A remark at the line's end says what stands in it: `send 'Xyz' # password of the test account`. */
const REMARKED =
  /(?:^|[\s(,=:])(["'`])([^\s"'`]{6,64})\1[;,)]{0,3}\s{1,8}(?:#|\/\/|--|\/\*|<!--)\s{0,3}(?:[\p{L}'’-]{1,16}\s){0,4}$/u;
const BARE_REMARKED = /(?:^|\s)()([^\s"'`]{6,64})\s{1,8}(?:#|\/\/)\s{0,3}(?:[\p{L}'’-]{1,16}\s){0,4}$/u;
/** "Xyz (password)". */
const IN_BRACKETS =
  /(?:^|\s)(["'`*]{0,3})([^\s"'`*()]{6,64})["'`*]{0,3}\s[([](?:(?:the|your|new|das|el|la|le|il)\s)?(?:[\p{L}'’-]{1,16}\s)?$/u;

/** What each of them holds: cheap to look for, and few lines do. */
const SAYS = /\s(?:is|was|as|=|ist|als|es|como|est|comme|è|come|é)\s/i;
const REMARK = /\s(?:#|\/[/*]|--|<!--)/;

/** What nothing but its own line says to be a password. */
const isAddress = (said: string): boolean => /^\w+:\/\/|^[\w.+-]+@[\w-]+\.|^[./~#[@]/.test(said);
/** "Chapter-12": what is numbered. */
const NUMBERED = /^\p{L}+[-_.]?\d{1,4}$/u;

/** A password that stands before the word for it, in the same line. */
export function toldBefore(
  text: string,
  name: { text: string; start: number; end: number },
): TextSpan | undefined {
  const from = Math.max(0, name.start - REACH);
  const head = text.slice(from, name.start);
  const line = head.slice(head.lastIndexOf('\n') + 1);
  const after = text.slice(name.end, name.end + 2);
  if (!/\s/.test(line.trim()) || /^["'`]?[:=(]/.test(after)) return undefined;
  const found =
    (SAYS.test(line) ? taken(IS_THE, line, looksStrong) : undefined) ??
    (REMARK.test(line)
      ? (taken(REMARKED, line, looksLikePassword) ?? taken(BARE_REMARKED, line, looksStrong))
      : undefined) ??
    (/^[)\]]/.test(after)
      ? taken(IN_BRACKETS, line, (said) => looksStrong(said) && !NUMBERED.test(said))
      : undefined);
  if (found === undefined) return undefined;
  const start = name.start - line.length + found.at;
  return { start, end: start + found.said.length, why: nameSaid(name.text) };
}

function taken(
  pattern: RegExp,
  line: string,
  looks: (said: string) => boolean,
): { said: string; at: number } | undefined {
  const match = pattern.exec(line);
  const said = match?.[2] ?? '';
  if (match === null || !looks(said) || isAddress(said) || isReference(said)) return undefined;
  return { said, at: match.index + match[0].indexOf(said) };
}
