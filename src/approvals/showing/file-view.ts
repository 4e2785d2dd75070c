import { readJson, stringOf } from '../../protocol/json/json-scan.ts';
import { wordsOf } from '../../salience/kinds.ts';
import { salientValues } from '../../salience/salient.ts';
import { isRightToLeft } from '../../text/visible.ts';
import type { At, ShownCall } from './call-lines.ts';
import { changeLines, changesOf, countsOf, countWords } from './changes.ts';
import { type Around, bounded, type Picture } from './drawing.ts';
import { counted } from './lines.ts';
import { longLines } from './pair-view.ts';
import { toldChanges } from './told-changes.ts';

const PATHS = new Set(
  'path filepath filename file target destination targetfile absolutepath relativepath'.split(' '),
);
const CONTENTS = new Set(
  'content contents text filetext filecontent filecontents data newcontent newcontents body code'.split(' '),
);
const EDITED = /^(?:old|new|edits|search|find|needle|patch|diff|insert|view)/;
const ADDS = /append|insert/i;

function joined(name: string): string {
  return wordsOf(name).join('');
}

/**
 * The path of the one file that a call writes or edits, as the call gives it; undefined where it names none. What reads
 * it is the caller's business.
 */
export function fileNamed({
  tool,
  argumentsText,
}: Pick<ShownCall, 'tool' | 'argumentsText'>): string | undefined {
  try {
    const { source, root } = readJson(argumentsText);
    const members = root.members ?? [];
    const writes = members.some(({ key }) => CONTENTS.has(joined(key)) || EDITED.test(joined(key)));
    if (!writes && !/write|edit|create|replace|patch/i.test(tool)) return undefined;
    const path = members.find(({ key, value }) => PATHS.has(joined(key)) && value.kind === 'string');
    if (path !== undefined) return stringOf(source, path.value);
    return salientValues(argumentsText, { show: [] }).find(
      ({ kind, path: at }) => kind === 'path' && at.length === 1,
    )?.value;
  } catch {
    return undefined;
  }
}

/** The name under which a call gives a whole file's new text. */
export function contentName({ argumentsText }: Pick<ShownCall, 'argumentsText'>): string | undefined {
  try {
    const members = readJson(argumentsText).root.members ?? [];
    return members.find(({ key, value }) => CONTENTS.has(joined(key)) && value.kind === 'string')?.key;
  } catch {
    return undefined;
  }
}

/** A whole file's new text against the file as it is. */
export function fileView({ path, node, source, siblings }: At, { tool, file }: Around): Picture | undefined {
  const name = path.at(-1) ?? '';
  if (file === undefined || path.length !== 1 || node.kind !== 'string' || !CONTENTS.has(joined(name)))
    return undefined;
  const adds = siblings.some(
    ({ key, value }) =>
      joined(key) === 'mode' &&
      value.kind === 'string' &&
      /^["']a/.test(source.slice(value.start, value.end)),
  );
  const appends = siblings.some(({ key, value }) => joined(key) === 'append' && value.kind === 'true');
  // What edits has its old text with it; what adds leaves the file's text where it is.
  if (adds || appends || ADDS.test(tool) || siblings.some(({ key }) => EDITED.test(joined(key))))
    return undefined;
  const now = stringOf(source, node);
  bounded(file + now, isRightToLeft(file) || isRightToLeft(now));
  const changes = changesOf(file, now);
  const counts = countsOf(changes);
  const words = countWords(counts);
  return {
    name: 'diff',
    head: `against the file as on this machine: ${words}`,
    lines: changeLines(changes, 0),
    warnings: [
      {
        text: `It writes over a file of ${counted(counts.removed + counts.alike, 'line')}, as on this machine: ${words}.`,
        tone: counts.alike === 0 && counts.removed > 0 ? 'warn' : 'note',
      },
      ...longLines(changes),
      ...toldChanges(changes, file),
    ],
  };
}
