import { decimalOf, exactDouble } from '../../decide/decimal.ts';
import { countAlternatives, expandBraces, globMatches } from '../../decide/glob.ts';
import { host } from '../../decide/host.ts';
import { NotEvaluable } from '../../decide/json-values.ts';
import { path, pathGlob } from '../../decide/path-conditions.ts';
import { under } from '../../decide/under.ts';
import { type Budget, MOST_NEEDLE } from './budget.ts';
import { equals, isIn } from './equality.ts';

/** So much of a needle costs a step a character: twice what V8 takes at its worst (see `MOST_NEEDLE`). */
const NEEDLE_A_STEP = 125;
const BEYOND_ASCII = /[^\0-\x7f]/;
const MOST_PARTS = 10_000;
/** Reading a path takes so many steps a character: escapes are undone in rounds (measured). */
const LETTER_OF_PATH = 8;
/** And each path as many as so many letters: a list of many short ones costs too. */
const PATH_ITSELF = 64;
const MOST_GLOB = 256;
/** Patterns of paths list the names of many files. */
const MOST_PATH_GLOB = 1_024;
const MOST_ALTERNATIVES = 64;
const INTEGER = /^-?[0-9]{1,19}$/;
const INT_LIMIT = 2n ** 63n;

type Handler = (...given: never[]) => unknown;
/** By signature, in the engine's notation. */
export type Functions = Record<string, Handler>;

/** What the language adds to the engine, and what of the engine it replaces (see `rewrite.ts`). */
export function functionsWith(budget: Budget): Functions {
  return {
    'under(string, string): bool': (one: string, folder: string) => {
      budget.take(LETTER_OF_PATH, PATH_ITSELF + one.length + folder.length);
      return under(one, folder);
    },
    'path(string): string': (text: string) => {
      budget.take(LETTER_OF_PATH, PATH_ITSELF + text.length);
      return path(text);
    },
    'pathGlob(string, string): bool': (text: string, pattern: string) => pathGlobbed(budget, text, pattern),
    'host(string): string': host,
    'glob(string, string): bool': (text: string, pattern: string) => globbed(budget, text, pattern),
    'hpContains(string, string): bool': (text: string, needle: string) => contains(budget, text, needle),
    'hpLower(string): string': (text: string) =>
      BEYOND_ASCII.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text.toLowerCase(),
    'hpUpper(string): string': (text: string) =>
      BEYOND_ASCII.test(text) ? text.replace(/[a-z]+/g, (part) => part.toUpperCase()) : text.toUpperCase(),
    'hpSplit(string, string): list<string>': split,
    'hpEquals(dyn, dyn): bool': equals,
    'hpDiffers(dyn, dyn): bool': (one: unknown, other: unknown) => !equals(one, other),
    'hpIn(dyn, dyn): bool': isIn,
    ...CONVERSIONS,
    ...DIVISIONS,
    ...zoned(),
  };
}

function pathGlobbed(budget: Budget, text: string, pattern: string): boolean {
  mustBeSmall('pathGlob()', pattern, MOST_PATH_GLOB);
  budget.take(LETTER_OF_PATH, PATH_ITSELF + text.length);
  return pathGlob(text, pattern, (steps) => budget.take(steps, 1));
}

function mustBeSmall(name: string, pattern: string, most: number): void {
  if (pattern.length > most) throw new NotEvaluable(`${name}: the pattern is longer than ${most}`);
  if (countAlternatives(pattern) > MOST_ALTERNATIVES)
    throw new NotEvaluable(`${name}: the braces make more than ${MOST_ALTERNATIVES} patterns`);
}

function globbed(budget: Budget, text: string, pattern: string): boolean {
  mustBeSmall('glob()', pattern, MOST_GLOB);
  const alternatives = expandBraces(pattern);
  if (alternatives === undefined) throw new NotEvaluable('glob(): the braces of the pattern do not pair');
  return alternatives.some((one) => {
    budget.take(one.length, text.length);
    return globMatches(one, text);
  });
}

function contains(budget: Budget, text: string, needle: string): boolean {
  budget.take(needle.length / NEEDLE_A_STEP, text.length);
  if (needle.length > MOST_NEEDLE)
    throw new NotEvaluable(`contains(): what is looked for is longer than ${MOST_NEEDLE} characters`);
  return text.includes(needle);
}

function split(text: string, separator: string): string[] {
  if (separator.length > MOST_NEEDLE) throw new NotEvaluable('split(): the separator is too long');
  const parts = text.split(separator, MOST_PARTS + 1);
  if (parts.length > MOST_PARTS) throw new NotEvaluable(`split(): it makes more than ${MOST_PARTS} parts`);
  return parts;
}

function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(Math.trunc(value))) return BigInt(Math.trunc(value));
  const number = typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : undefined;
  if (number === undefined || number >= INT_LIMIT || number < -INT_LIMIT)
    throw new NotEvaluable('int(): this is no whole number');
  return number;
}

function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' || typeof value === 'bigint' ? String(value) : '';
  const double = decimalOf(text) === undefined ? undefined : exactDouble(text);
  if (double === undefined) throw new NotEvaluable('double(): this is no number, or not held exactly');
  return double;
}

const CONVERSIONS: Functions = {
  'hpInt(dyn): int': toInt,
  'hpDouble(dyn): double': toDouble,
};

/** As in CEL for whole numbers; for doubles an error where the engine gives Infinity or NaN. */
function divided(a: unknown, b: unknown): bigint | number {
  if (typeof a === 'bigint' && typeof b === 'bigint' && b !== 0n) return a / b;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (right === 0) throw new NotEvaluable('it divides by zero');
  return left / right;
}

function modulo(a: unknown, b: unknown): bigint | number {
  if (typeof a === 'bigint' && typeof b === 'bigint' && b !== 0n) return a % b;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (right === 0) throw new NotEvaluable('it divides by zero');
  return left % right;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new NotEvaluable('only numbers can be divided');
}

const DIVISIONS: Functions = {
  'hpDivide(dyn, dyn): dyn': divided,
  'hpModulo(dyn, dyn): dyn': modulo,
};

/** Mixed arithmetic, which CEL does not have and a JSON number needs: `args.qty * 2`. */
export const MIXED_OPERATORS: Record<string, (a: number | bigint, b: number | bigint) => number> = {
  '+': (a, b) => Number(a) + Number(b),
  '-': (a, b) => Number(a) - Number(b),
  '*': (a, b) => Number(a) * Number(b),
  // For the check alone: before they are evaluated, divisions become calls of ours.
  '/': (a, b) => Number(a) / Number(b),
  '%': (a, b) => Number(a) % Number(b),
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** One part of a time in a zone, by the zone's own calendar and clock. */
function partIn(time: Date, zone: string, part: Intl.DateTimeFormatPartTypes): string {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      const numeric = 'numeric' as const;
      const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric };
      const options = { ...fields, timeZone: zone, weekday: 'short' as const, hourCycle: 'h23' as const };
      format = new Intl.DateTimeFormat('en-US', options);
    } catch {
      throw new NotEvaluable('there is no time zone of this name');
    }
    formats.set(zone, format);
  }
  return format.formatToParts(time).find(({ type }) => type === part)?.value ?? '';
}

function zoned(): Functions {
  const of =
    (part: Intl.DateTimeFormatPartTypes, less = 0): Handler =>
    (time: Date, zone: string) =>
      BigInt(Number(partIn(time, zone, part)) - less);
  const signature = (name: string): string => `${name}(google.protobuf.Timestamp, string): int`;
  const weekday = (time: Date, zone: string): bigint => BigInt(DAYS.indexOf(partIn(time, zone, 'weekday')));
  return {
    [signature('hpYear')]: of('year'),
    [signature('hpMonth')]: of('month', 1),
    [signature('hpDate')]: of('day'),
    [signature('hpDayOfMonth')]: of('day', 1),
    [signature('hpDayOfWeek')]: weekday,
    [signature('hpHours')]: of('hour'),
    [signature('hpMinutes')]: of('minute'),
  };
}
