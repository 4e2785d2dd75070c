import { commandDangers, type Found } from '../../harm/command-dangers.ts';
import {
  CMD,
  type Commands,
  commandsOf,
  POSIX,
  POWERSHELL,
  programOf,
  type Shell,
} from '../../harm/commands.ts';
import { TooMuch } from '../../harm/too-much.ts';
import type { Warning } from '../../harm/warning.ts';
import { stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf } from '../../salience/kinds.ts';
import { decodedWithin } from '../../text/decoded.ts';
import { inWords } from '../../text/in-words.ts';
import { isRightToLeft, type Tone } from '../../text/visible.ts';
import { type At, quoted } from './call-lines.ts';
import { type Around, bounded, type Picture } from './drawing.ts';
import { decodedLines, decodedWarnings } from './encoded-view.ts';
import { counted, foreign, indented, ours, type PrettyLine, tonedText } from './lines.ts';

const MOST_PARTS = 1_000;
/** More arguments than that stand beside each other, so that the last of them is not out of sight. */
const MOST_APART = 8;

/** A shell's text, each of its commands on lines of its own; what does much is said before. */
export function commandView(at: At, { tool }: Around): Picture | undefined {
  const { path, node, source } = at;
  if (node.kind === 'array') return vectorView(at);
  if (node.kind !== 'string') return undefined;
  const text = stringOf(source, node);
  if (kindOf(path, text) !== 'command' || /^\d+$/.test(path.at(-1) ?? '')) return undefined;
  return shellPicture(text, shellOf(`${tool} ${path.join(' ')}`, text));
}

/** Of a list of a program's arguments: what its words together would do. The items stay as they are. */
function vectorView({ path, node, source, siblings }: At): Picture | undefined {
  const items = node.items ?? [];
  const named = /^(?:args?|arguments|argv|commands?|cmd|params)$/i.test(path.at(-1) ?? '');
  if (!named || items.length === 0 || items.some(({ kind }) => kind !== 'string')) return undefined;
  const words = items.map((item) => stringOf(source, item));
  const program = siblings.find(
    ({ key, value }) => /^(?:command|cmd|program|executable)$/i.test(key) && value.kind === 'string',
  );
  const before = program === undefined ? [] : [stringOf(source, program.value)];
  const text = bounded([...before, ...words].join(' '), false);
  // Without a shell a sign between words is a word.
  const found = commandDangers(text, text).filter(
    ({ text: said }) => !/^It (?:writes over|adds to) a file/.test(said),
  );
  const inner = innerText([...before, ...words]);
  if (kindOf(path, words[0] ?? '') !== 'command' && found.length === 0 && inner === undefined)
    return undefined;
  const picture = inner === undefined ? undefined : shellPicture(inner, shellOf(text, inner));
  const lines = picture === undefined || picture.lines.length === 0 ? [] : picture.lines;
  const together =
    items.length > MOST_APART && !words.some((word) => word.length > 80 || isRightToLeft(word));
  return {
    name: 'command',
    ...(together ? { head: foreign(`[${words.map(quoted).join(', ')}]`) } : { head: '', below: true }),
    lines: lines.length === 0 ? [] : [ours(0, 'the text that it runs:', 'quiet'), ...indented(lines)],
    warnings: [...sentences(found), ...(picture?.warnings ?? [])],
  };
}

/** `sh -c TEXT`: the text. */
function innerText(words: readonly string[]): string | undefined {
  const shell = words.findIndex((word) =>
    /(?:^|[/\\])(?:\w{0,3}sh|cmd|powershell|pwsh)(?:\.exe)?$/i.test(word),
  );
  if (shell === -1) return undefined;
  const option = words.findIndex((word, at) => at > shell && /^(?:-\w*c|\/[ck]|-command)$/i.test(word));
  return option === -1 ? undefined : words[option + 1];
}

function shellOf(names: string, text: string): Shell {
  if (/powershell|pwsh/i.test(names) || /^\s*(?:powershell|pwsh)\b/i.test(text)) return POWERSHELL;
  return /\b(?:cmd\.exe|batch|windows)\b/i.test(names) || /^\s*cmd(?:\.exe)?\s+\//i.test(text) ? CMD : POSIX;
}

/** Any text that a shell runs. */
export function shellPicture(text: string, shell: Shell): Picture {
  bounded(text, isRightToLeft(text));
  const commands = commandsOf(text, shell);
  if (commands.parts.length > MOST_PARTS) throw new TooMuch('it has more than 1,000 commands');
  const found = commandDangers(text, codeOf(text, commands));
  const decoded = decodedWithin(text);
  const { parts } = commands;
  const many = parts.length > 1;
  const warnings = [...decodedWarnings(decoded), ...sentences(found), ...shape(text, commands)];
  const plain = !many && warnings.length === 0 && !text.includes('\n');
  return {
    name: 'command',
    head: many ? counted(parts.length, 'command') : 'command',
    lines: plain ? [] : [...drawn(text, commands, found), ...decoded.flatMap(decodedLines)],
    warnings,
    below: plain,
  };
}

/** What is quoted as letters, comments as spaces. */
function codeOf(text: string, { classes }: Commands): string {
  return text.replace(/[\s\S]/g, (letter, at: number) => ['', 'q', ' '][classes[at] ?? 0] || letter);
}

function sentences(found: readonly Found[]): Warning[] {
  const said = new Map(found.map(({ text, tone }) => [text, { text, tone }]));
  const all = [...said.values()].sort((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'));
  if (all.length <= 8) return all;
  return [...all.slice(0, 8), { text: `${all.length - 8} more of the kind follow below.`, tone: 'danger' }];
}

const HOSTS =
  /\b(?:https?|ftp|wss?|ssh|git):\/\/(?:[^\s/@'"]{0,200}@)?([^\s/:'"?#)|;&]{1,253})|\b[\w.-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,8}):/gi;

function shape(text: string, { parts, open }: Commands): Warning[] {
  const warnings: Warning[] = [];
  if (parts.length > 1) {
    const programs = parts.slice(0, 10).map(({ from, to }) => inWords(programOf(text.slice(from, to)), 24));
    const more = parts.length > 10 ? ` and ${parts.length - 10} more` : '';
    warnings.push({
      text: `${counted(parts.length, 'command')}: ${programs.join(', ')}${more}.`,
      tone: 'warn',
    });
  }
  const hosts = [...new Set([...text.matchAll(HOSTS)].map(([, one, two]) => inWords(one ?? two ?? '', 64)))];
  if (hosts.length > 0)
    warnings.push({
      text: `It names ${counted(hosts.length, 'host')}: ${hosts.slice(0, 6).join(', ')}.`,
      tone: 'note',
    });
  if (open) warnings.push({ text: 'A quote or bracket in it is not closed.', tone: 'warn' });
  return warnings;
}

function drawn(text: string, { parts, classes }: Commands, found: readonly Found[]): PrettyLine[] {
  const tones: (Tone | undefined)[] = new Array(text.length);
  for (let at = 0; at < text.length; at += 1) if (classes[at] === 2) tones[at] = 'quiet';
  for (const { at, length, tone } of [...found].sort(
    (a, b) => Number(a.tone === 'danger') - Number(b.tone === 'danger'),
  ))
    tones.fill(tone === 'note' ? 'target' : tone, at, at + length);
  return parts.flatMap(({ from, to }) => {
    const text1 = text.slice(from, to);
    const start = from + (/^ */.exec(text1)?.[0].length ?? 0);
    // The break that ends a command is ours already.
    return tonedText(text, tones, { from: start, to: text1.endsWith('\n') ? to - 1 : to, indent: 0 });
  });
}
