import { commandDangers } from '../../harm/command-dangers.ts';
import type { Warning } from '../../harm/warning.ts';
import { stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf } from '../../salience/kinds.ts';
import { type Decoded, decodedValue, decodedWithin } from '../../text/decoded.ts';
import { inWords } from '../../text/in-words.ts';
import { isRightToLeft } from '../../text/visible.ts';
import type { At } from './call-lines.ts';
import type { Picture } from './drawing.ts';
import { barredText, counted, ours, type PrettyLine, STEP } from './lines.ts';

const MOST_LETTERS = 8_192;

/** What a value says that is encoded, or what code decodes as it runs: below the value, which stands as it is. */
export function encodedView({ path, node, source }: At): Picture | undefined {
  if (node.kind !== 'string' || node.end - node.start < 14) return undefined;
  const text = stringOf(source, node);
  const kind = kindOf(path, text);
  if (kind === 'url' || kind === 'path') return undefined;
  const whole = decodedValue(text);
  const found =
    whole !== undefined
      ? [whole]
      : kind === 'code' || kind === 'other' || kind === 'text'
        ? decodedWithin(text)
        : [];
  if (found.length === 0) return undefined;
  const [name, warnings] = ['encoded', decodedWarnings(found)];
  return { name, head: '', below: true, lines: found.flatMap(decodedLines), warnings };
}

/** A decoded text as lines; of a long one the beginning, for the source is there in full. */
export function decodedLines({ how, text }: Decoded): PrettyLine[] {
  const shown = text.slice(0, MOST_LETTERS);
  const head = `its ${how} says${shown.length < text.length ? `, of ${counted(text.length, 'character')} the first ${shown.length}` : ''}:`;
  if (isRightToLeft(shown))
    return [ours(0, `its ${how} says right-to-left text: ${inWords(shown, 400)}`, 'changed')];
  return [ours(0, head, 'changed'), ...barredText(shown, STEP)];
}

export function decodedWarnings(found: readonly Decoded[]): Warning[] {
  return found.flatMap(({ how, text }): Warning[] => {
    const dangers = commandDangers(text, text).filter(({ tone }) => tone === 'danger');
    const first = { text: `Its ${how} says: ${inWords(text, 60)}`, tone: 'warn' as const };
    return [
      ...dangers.map(({ text: said }) => ({ text: `Decoded: ${said}`, tone: 'danger' as const })),
      first,
    ];
  });
}
