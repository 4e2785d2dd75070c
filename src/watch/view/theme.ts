import type { Look, Part } from '../page/line.ts';

/** What Ink's Text takes. */
export interface Style {
  color?: string;
  backgroundColor?: string;
  bold?: boolean;
  inverse?: boolean;
  dimColor?: boolean;
}

/**
 * Readable on black and on white (contrast of 3.6 and more on either), and told apart by who sees no red or no green:
 * blue against orange, and a sign or a word beside each. Terminals of fewer colours get the nearest.
 */
const COLOURS: Readonly<Record<Look, string | undefined>> = {
  key: '#0087af',
  quiet: '#808080',
  added: '#0087d7',
  removed: '#d75f00',
  changed: '#af5fd7',
  danger: '#d7005f',
  warn: '#af5f00',
  target: '#0087af',
  hidden: '#af00d7',
  good: '#00875f',
  bad: '#d7005f',
  low: '#00875f',
  high: '#af5f00',
  critical: '#d7005f',
};
const STRONG: ReadonlySet<Look> = new Set(['danger', 'hidden', 'changed', 'bad']);

/** Without colours (NO_COLOR) weight and reverse are left, and the words and signs that stand beside them. */
export function styleOf({ look, strong, filled, selected }: Part, coloured: boolean): Style {
  const bold = strong === true || (look !== undefined && STRONG.has(look));
  const style: Style = bold ? { bold } : {};
  if (selected === true) return { ...style, inverse: true };
  const color = look === undefined ? undefined : COLOURS[look];
  if (filled === true)
    return coloured && color !== undefined
      ? { ...style, backgroundColor: color, color: '#ffffff' }
      : { ...style, inverse: true };
  if (!coloured) return look === 'quiet' ? { dimColor: true } : style;
  return color === undefined ? style : { ...style, color };
}
