import { type AnyText, anyTextOf, isInfix, type Part } from './expression.ts';

/** How the engine holds `5u`. */
interface UnsignedInt {
  readonly value: bigint;
}

/**
 * Methods and functions of the engine that ours stand in for, by how many arguments they take: its `matches`
 * backtracks, its `lowerAscii` changes more than ASCII, its `double` takes "nan" and "0x1f4", its `contains` takes
 * quadratic time, its times of day in a zone depend on the machine's own zone, its division by zero is Infinity, its
 * `==` between a text and a list is false, though many servers take one for the other.
 */
const METHODS: Record<string, string> = {
  'matches/1': 'hpMatches',
  'contains/1': 'hpContains',
  'lowerAscii/0': 'hpLower',
  'upperAscii/0': 'hpUpper',
  'split/1': 'hpSplit',
  'getFullYear/1': 'hpYear',
  'getMonth/1': 'hpMonth',
  'getDate/1': 'hpDate',
  'getDayOfMonth/1': 'hpDayOfMonth',
  'getDayOfWeek/1': 'hpDayOfWeek',
  'getHours/1': 'hpHours',
  'getMinutes/1': 'hpMinutes',
};
const FUNCTIONS: Record<string, string> = { int: 'hpInt', double: 'hpDouble' };
const OPERATORS: Record<string, string> = {
  '/': 'hpDivide',
  '%': 'hpModulo',
  '==': 'hpEquals',
  '!=': 'hpDiffers',
  in: 'hpIn',
};

/**
 * The expression as text again, with our functions in place of the engine's. Our own printer, because the engine's
 * rounds numbers to nine decimals. Every infix part stands in brackets.
 */
export function rewritten(part: Part): string {
  switch (part.op) {
    case 'value':
      return literal(part.args);
    case 'id':
      return part.args;
    case '.':
    case '.?':
      return `${rewritten(part.args[0])}${part.op}${part.args[1]}`;
    case '[]':
      return `${rewritten(part.args[0])}[${rewritten(part.args[1])}]`;
    case 'call': {
      const texts = anyTextOf(part);
      if (texts !== undefined) return anyText(texts);
      return called(FUNCTIONS[part.args[0]] ?? part.args[0], part.args[1]);
    }
    case 'rcall':
      return method(part.args[0], part.args[1], part.args[2]);
    case 'list':
      return `[${part.args.map(rewritten).join(', ')}]`;
    case 'map':
      return `{${part.args.map(([key, value]) => `${rewritten(key)}: ${rewritten(value)}`).join(', ')}}`;
    case '?:':
      return `(${rewritten(part.args[0])} ? ${rewritten(part.args[1])} : ${rewritten(part.args[2])})`;
    case '!_':
    case '-_':
      return `(${part.op[0]}${rewritten(part.args)})`;
    default:
      return infix(part);
  }
}

/** `exists` goes on past what cannot be evaluated. What a record lost comes last, and is the reason that counts. */
function anyText({ within, name, condition }: AnyText): string {
  const place = rewritten(within);
  return `(hpTexts(${place}).exists(${rewritten(name)}, ${rewritten(condition)}) || hpTextsLost(${place}))`;
}

function infix(part: Part): string {
  if (!isInfix(part.op)) throw new TypeError(`${part.op} is no operator of the language`);
  const [left, right] = part.args as [Part, Part];
  const ours = OPERATORS[part.op];
  return ours === undefined
    ? `(${rewritten(left)} ${part.op} ${rewritten(right)})`
    : called(ours, [left, right]);
}

function called(name: string, given: readonly Part[]): string {
  return `${name}(${given.map(rewritten).join(', ')})`;
}

function method(name: string, receiver: Part, given: readonly Part[]): string {
  const ours = METHODS[`${name}/${given.length}`];
  if (ours !== undefined) return called(ours, [receiver, ...given]);
  return `${rewritten(receiver)}.${called(name, given)}`;
}

function literal(value: (Part & { op: 'value' })['args']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'number')
    return typeof value === 'object' && value !== null ? unsigned(value) : String(value);
  const text = String(value);
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text.replace('e+', 'e');
}

function unsigned(value: Uint8Array | UnsignedInt): string {
  if (value instanceof Uint8Array) throw new TypeError('bytes are not in the language');
  return `${value.value}u`;
}
