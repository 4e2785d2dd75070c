import type { Warning } from '../../harm/warning.ts';
import { type Member, stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';
import { isRightToLeft } from '../../text/visible.ts';
import type { At } from './call-lines.ts';
import { type Change, changeLines, changesOf, countsOf, countWords } from './changes.ts';
import { type Around, bounded, type Picture } from './drawing.ts';
import { counted, grouped } from './lines.ts';
import { toldChanges } from './told-changes.ts';

/** Names of what is replaced and of what comes in its place, besides `old…` and `new…`. */
const PAIRS = new Map([
  ['search', ['replace', 'replacement', 'replaceWith']],
  ['find', ['replace', 'replacement', 'replaceWith']],
  ['needle', ['repl', 'replacement']],
  ['before', ['after']],
  ['original', ['replacement', 'updated', 'modified', 'new']],
  ['target', ['replacement']],
  ['current', ['updated', 'new']],
  ['from', ['to']],
]);
const EDITS = /edit|replac|patch|updat|modif|rewrit|str|code|file/i;

/** What a member would be called that holds the new text for one of this name. */
function partners(name: string): string[] {
  const words = wordsOf(name);
  if (words.includes('old')) return [words.map((word) => (word === 'old' ? 'new' : word)).join('')];
  const [first = '', ...rest] = words;
  return (PAIRS.get(first) ?? []).map((word) => [...wordsOf(word), ...rest].join(''));
}

interface Pair {
  old: Member;
  now: Member;
}

/** The two members that a value belongs to, whichever of them it is: the new text may stand first. */
function pairOf(name: string, siblings: readonly Member[]): Pair | undefined {
  const strings = siblings.filter(({ value }) => value.kind === 'string');
  for (const old of strings) {
    const wanted = partners(old.key);
    const now = strings.find(({ key }) => key !== old.key && wanted.includes(wordsOf(key).join('')));
    if (now !== undefined && (name === old.key || name === now.key)) return { old, now };
  }
  return undefined;
}

/** Old and new text beside each other, as one diff. */
export function pairView({ path, node, source, siblings }: At, { tool, file }: Around): Picture | undefined {
  const name = path.at(-1) ?? '';
  const pair = node.kind === 'string' ? pairOf(name, siblings) : undefined;
  if (pair === undefined) return undefined;
  const names = [pair.old.key, pair.now.key] as const;
  const [before, after] = [stringOf(source, pair.old.value), stringOf(source, pair.now.value)];
  // Pages of a list are also called `before` and `after`.
  const sure = wordsOf(names[0]).includes('old') || `${before}${after}`.includes('\n') || EDITS.test(tool);
  if (!sure || kindOf(path, before) === 'recipient') return undefined;
  bounded(before + after, isRightToLeft(before) || isRightToLeft(after));
  const changes = changesOf(before, after);
  const all = siblings.some(
    ({ key, value }) =>
      value.kind === 'true' && /^(?:replace)?(?:all|multiple|global)/i.test(wordsOf(key).join('')),
  );
  return {
    name: 'diff',
    covers: { other: name === names[0] ? names[1] : names[0], names },
    head: countWords(countsOf(changes)),
    lines: changeLines(changes, 0, folds({ path, siblings, tool }) && stands(before, file)),
    warnings: [...inFile({ before, all }, file), ...longLines(changes), ...toldChanges(changes, file ?? '')],
  };
}

const NAMES_FILE = /^(?:relative|absolute|target)?(?:file)?(?:path|name|file)$/;

/** Lines alike are folded for what edits a file alone: of another tool nobody knows what it does with them. */
function folds({ path, siblings, tool }: Pick<At, 'path' | 'siblings'> & Pick<Around, 'tool'>): boolean {
  const named = siblings.some(({ key }) => NAMES_FILE.test(wordsOf(key).join('')));
  return named || EDITS.test(tool) || path.includes('edits');
}

/** Where the old text is not what the file has, nobody knows what becomes of it. */
function stands(before: string, file: string | undefined): boolean {
  return file === undefined || MASKED.test(before) || file.includes(before);
}

/** A masked text stands in no file. */
const MASKED = /…\[[\w .-]{1,60}, \d+ characters\]/;

/** Whether the old text is where the call says. */
function inFile({ before, all }: { before: string; all: boolean }, file: string | undefined): Warning[] {
  const every = all
    ? [{ text: 'It replaces every place where the old text stands.', tone: 'warn' as const }]
    : [];
  if (file === undefined || before === '' || MASKED.test(before)) return every;
  const times = file.split(before).length - 1;
  if (times === 0)
    return [
      ...every,
      { text: 'The old text does not stand in the file as it is on this machine.', tone: 'warn' },
    ];
  if (times === 1) return [];
  const text = `The old text stands ${grouped(String(times))} times in the file as on this machine${all ? ': all are replaced' : ''}.`;
  return [{ text, tone: all ? 'warn' : 'note' }];
}

const LONG = 300;

/** What differs in long lines, for it may stand far from their beginning. */
export function longLines(changes: readonly Change[]): Warning[] {
  const gone = changes.filter(({ mark }) => mark === '-');
  const come = changes.filter(({ mark }) => mark === '+');
  if (gone.length !== come.length || gone.length > 3) return [];
  return gone.flatMap(({ text }, at) => {
    const now = come[at]?.text ?? '';
    if (Math.max(text.length, now.length) < LONG) return [];
    return [{ text: `In a long line: ${middle(text, now)}.`, tone: 'note' as const }];
  });
}

/** Where two texts differ, and from what to what; both ends that they share are left out. */
export function middle(before: string, after: string): string {
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const of = counted(before.length, 'character');
  return `from character ${grouped(String(head + 1))} of ${of} on "${inWords(old)}" → "${inWords(now)}"`;
}
