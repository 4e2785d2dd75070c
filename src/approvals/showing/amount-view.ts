import { type Member, stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';
import type { At } from './call-lines.ts';
import type { Picture } from './drawing.ts';
import { grouped, ours } from './lines.ts';

/** Digits behind the point of a currency's smallest unit, where they are not two (ISO 4217). */
const DIGITS = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
    .split(' ')
    .map((code): [string, number] => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code): [string, number] => [code, 3]),
]);
const PLAIN = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;
const MINOR = /^(?:cents?|minor|pence|minorunits?|smallestunit)$/;

/** An amount of money with its unit, digits in groups, the smallest unit written out: below the value as it stands. */
export function amountView({ path, node, source, siblings }: At): Picture | undefined {
  if (node.kind !== 'number' && node.kind !== 'string') return undefined;
  const spelled = node.kind === 'string' ? stringOf(source, node) : source.slice(node.start, node.end);
  const found = PLAIN.exec(spelled);
  if (found === null || kindOf(path, spelled) !== 'amount') return undefined;
  const [, sign = '', whole = '', part] = found;
  const words = wordsOf(path.at(-1) ?? '');
  const read = (names: RegExp): string | undefined => textOf(siblings, source, names);
  const currency = (
    read(/^(?:currency|currencycode|iso|ccy)$/) ??
    words.find((word) => /^(?:usd|eur|gbp|chf|jpy|cny|inr|aud|cad)$/.test(word)) ??
    ''
  ).toUpperCase();
  const minor =
    words.some((word) => MINOR.test(word)) || MINOR.test(read(/^(?:unit|units|denomination)$/) ?? '');
  if (currency === '' && !minor && whole.length < 5) return undefined;
  const unit = currency === '' ? '' : ` ${inWords(currency, 12)}`;
  const number = `${sign}${grouped(whole)}${part === undefined ? '' : `.${part}`}`;
  const digits = DIGITS.get(currency) ?? 2;
  const split = `${sign}${written(whole, digits)}${unit}`;
  const said =
    minor && part === undefined
      ? `= ${split}, counted in the smallest unit`
      : part === undefined && currency !== '' && digits > 0
        ? `= ${number}${unit}, or ${split} if it counts the smallest unit: the call does not say`
        : `= ${number}${unit}`;
  return { name: 'amount', head: '', below: true, lines: [ours(0, said, 'target')], warnings: [] };
}

function written(whole: string, digits: number): string {
  if (digits === 0) return grouped(whole);
  const filled = whole.padStart(digits + 1, '0');
  return `${grouped(filled.slice(0, -digits).replace(/^0+(?=\d)/, ''))}.${filled.slice(-digits)}`;
}

function textOf(siblings: readonly Member[], source: At['source'], names: RegExp): string | undefined {
  const found = siblings.find(
    ({ key, value }) => value.kind === 'string' && names.test(wordsOf(key).join('')),
  );
  return found === undefined ? undefined : stringOf(source, found.value).toLowerCase();
}
