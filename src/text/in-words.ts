import { label } from './visible.ts';

/** Foreign text within a sentence of ours: in one order, one line, cut after `most` letters. */
export function inWords(text: string, most = 48): string {
  const letters = [
    ...text
      .slice(0, most * 4)
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  return label(letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join(''));
}
