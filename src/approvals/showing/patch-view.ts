import type { Warning } from '../../harm/warning.ts';
import { stringOf } from '../../protocol/json/json-scan.ts';
import { inWords } from '../../text/in-words.ts';
import { isRightToLeft, type Tone } from '../../text/visible.ts';
import type { At } from './call-lines.ts';
import { bounded, type Picture } from './drawing.ts';
import { barred, counted, foldBlanks, foreign, type PrettyLine } from './lines.ts';

const PATCH = /^(?:diff --git |@@ -\d|\*\*\* Begin Patch|--- [^\n]*\n\+\+\+ )/m;
const HEADER =
  /^(?:diff --git |index [0-9a-f]|(?:new|old|deleted) (?:file )?mode|rename |copy |similarity |\*\*\* |Binary files |GIT binary)/;
const FILE = /^(?:\+\+\+ (?:b\/)?|\*\*\* (?:Add|Update|Delete) File: |rename to |diff --git a\/)(.*)$/;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** What a line of a patch is: a removed `-- x` looks like a header, so within a hunk the lines are counted. */
interface Read {
  text: string;
  part: 'header' | 'hunk' | 'added' | 'removed' | 'alike';
}

function readPatch(text: string): Read[] {
  let [old, now] = [0, 0];
  return text.split('\n').map((line): Read => {
    const [mark] = line;
    // What begins in no way that a hunk's line does ends it, whatever it counted.
    if (mark !== undefined && !' +-\\'.includes(mark)) [old, now] = [0, 0];
    if (old > 0 || now > 0) {
      if (mark === '-') old -= 1;
      else if (mark === '+') now -= 1;
      else if (mark !== '\\') [old, now] = [old - 1, now - 1];
      return { text: line, part: mark === '-' ? 'removed' : mark === '+' ? 'added' : 'alike' };
    }
    const hunk = HUNK.exec(line);
    if (hunk !== null) [old, now] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
    if (line.startsWith('@@')) return { text: line, part: 'hunk' };
    if (HEADER.test(line) || /^(?:---|\+\+\+) /.test(line)) return { text: line, part: 'header' };
    return { text: line, part: mark === '-' ? 'removed' : mark === '+' ? 'added' : 'alike' };
  });
}

const TONES: Readonly<Record<Read['part'], Tone | undefined>> = {
  header: 'key',
  hunk: 'quiet',
  added: 'added',
  removed: 'removed',
  alike: undefined,
};

/** A patch as it stands, coloured by its lines; which files it touches is said before. */
export function patchView({ node, source }: At): Picture | undefined {
  if (node.kind !== 'string' || node.end - node.start < 12) return undefined;
  const text = stringOf(source, node);
  if (!PATCH.test(text)) return undefined;
  const read = readPatch(bounded(text, isRightToLeft(text)));
  const draw = ({ text: line, part }: Read): PrettyLine => barred(0, foreign(line, TONES[part]));
  const many = (part: Read['part']): number => read.filter((one) => one.part === part).length;
  const [added, removed] = [many('added'), many('removed')];
  return {
    name: 'patch',
    head: `patch: ${counted(added, 'line')} added, ${removed} removed`,
    lines: foldBlanks(read, { text: (one) => one.text, draw, indent: 0 }),
    warnings: warningsOf(read, { added, removed }),
  };
}

function warningsOf(
  read: readonly Read[],
  { added, removed }: { added: number; removed: number },
): Warning[] {
  const headers = read.filter(({ part }) => part === 'header').map(({ text }) => text);
  const named = headers
    .flatMap((line) => FILE.exec(line)?.[1] ?? [])
    .map((name) => name.replace(/^.* b\//, ''));
  const files = [...new Set(named.filter((name) => name !== '/dev/null'))];
  const listed = files.slice(0, 6).map((name) => inWords(name));
  const more = files.length > 6 ? ` and ${files.length - 6} more` : '';
  const warnings: Warning[] = [
    {
      text: `The patch changes ${counted(files.length, 'file')}: ${listed.join(', ')}${more}; ${added} added, ${removed} removed.`,
      tone: files.length > 1 ? 'warn' : 'note',
    },
  ];
  const gone = headers.filter((line) =>
    /^(?:deleted file|\*\*\* Delete File|\+\+\+ \/dev\/null)/.test(line),
  ).length;
  if (gone > 0) warnings.push({ text: 'The patch deletes a file.', tone: 'warn' });
  if (headers.some((line) => /^(?:new file mode|new mode) 100755/.test(line)))
    warnings.push({ text: 'The patch makes a file executable.', tone: 'warn' });
  if (headers.some((line) => /^(?:Binary files|GIT binary)/.test(line)))
    warnings.push({ text: 'The patch has bytes in it that nobody can read.', tone: 'warn' });
  return warnings;
}
