/** A definition as JSON, parsed. */
type Definition = Record<string, unknown>;

const MOST_SHOWN = 160;
const AROUND = 24;

/**
 * What two definitions of one tool differ in, in words: what a person needs to see before the new one counts.
 * Texts in it are the server's: show them by `visible`.
 */
export function toolDifference(before: unknown, after: unknown): string[] {
  const [old, now] = [asObject(before), asObject(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return keys.flatMap((key) => {
    if (sameJson(old[key], now[key])) return [];
    if (key === 'inputSchema') return schemaDifference(old[key], now[key]);
    return [`${key}: ${changed(old[key], now[key])}`];
  });
}

/** Letters that a person takes for Latin ones (Unicode's confusables, the common ones), and digits for letters. */
const CONFUSED: Record<string, string> = Object.fromEntries(
  [...'аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwкkмmтtвbнhαaοoνvρpτtυuχxιiκk0o1l|lıi'.matchAll(/(.)(.)/gu)].map(
    ([, odd = '', plain = '']) => [odd, plain],
  ),
);

/** What a person reads: compatibility forms, case, separators and look-alike letters made one. */
function seenAs(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase();
  return [...folded]
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .map((letter) => CONFUSED[letter] ?? letter)
    .join('');
}

/** The known names that a new one could be taken for. */
export function twinsOf(name: string, known: readonly string[]): string[] {
  const seen = seenAs(name);
  return known.filter((one) => one !== name && seenAs(one) === seen);
}

function asObject(value: unknown): Definition {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Definition) : {};
}

/** Equal whatever the order of keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && sameJson((a as Definition)[key], (b as Definition)[key]),
  );
}

function schemaDifference(before: unknown, after: unknown): string[] {
  const [old, now] = [asObject(asObject(before)['properties']), asObject(asObject(after)['properties'])];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  const found = names.flatMap((name) => {
    if (!Object.hasOwn(old, name)) return [`argument ${name} is new`];
    if (!Object.hasOwn(now, name)) return [`argument ${name} is gone`];
    return sameJson(old[name], now[name]) ? [] : [`argument ${name}: ${changed(old[name], now[name])}`];
  });
  const { properties: _, ...oldRest } = asObject(before);
  const { properties: __, ...nowRest } = asObject(after);
  return sameJson(oldRest, nowRest) ? found : [...found, `input schema: ${changed(oldRest, nowRest)}`];
}

function changed(before: unknown, after: unknown): string {
  if (before === undefined) return `new: ${short(text(after))}`;
  if (after === undefined) return `gone, was ${short(text(before))}`;
  return between(text(before), text(after));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function short(whole: string): string {
  return whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN)}…` : whole;
}

/** Only what differs, with a little of what stands around it. */
function between(before: string, after: string): string {
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - AROUND);
  const part = (whole: string): string => {
    const end = Math.min(whole.length, whole.length - tail + AROUND);
    const cut = short(whole.slice(from, end));
    return `${from > 0 ? '…' : ''}${cut}${end < whole.length ? '…' : ''}`;
  };
  return `"${part(before)}" is now "${part(after)}"`;
}
