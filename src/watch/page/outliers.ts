/** A group is judged by its majority; fewer than this have none. */
const LEAST = 4;
/** What so few of all do is apart. */
const FEW = 0.25;
/** A number so many times the middle one, or below such a part of it, is apart. */
const FAR = 5;

/**
 * Which of some alike calls stand apart from the others: by another folder, host or domain than most, by a number far
 * from the middle, by a value that nearly all share and they do not. `rows`: for each call its differing values, as
 * JSON source.
 */
export function outliersOf(rows: readonly (readonly string[])[]): Set<number> {
  const apart = new Set<number>();
  if (rows.length < LEAST) return apart;
  const width = rows[0]?.length ?? 0;
  for (let column = 0; column < width; column += 1) {
    const values = rows.map((row) => row[column] ?? '');
    for (const at of numbers(values) ?? kinds(values)) apart.add(at);
  }
  // Where many are apart, none is.
  return apart.size > rows.length * FEW + 1 ? new Set() : apart;
}

function numbers(values: readonly string[]): number[] | undefined {
  const read = values.map(Number);
  if (values.some((value) => value === '' || value.startsWith('"')) || read.some(Number.isNaN))
    return undefined;
  const middle = Math.abs(read.toSorted((a, b) => a - b)[Math.floor(read.length / 2)] ?? 0);
  return read.flatMap((value, at) =>
    Math.abs(value) > middle * FAR || Math.abs(value) * FAR < middle || value < 0 ? [at] : [],
  );
}

function kinds(values: readonly string[]): number[] {
  const kind = values.map(kindOf);
  const count = new Map<string, number>();
  for (const one of kind) count.set(one, (count.get(one) ?? 0) + 1);
  const [most = '', often = 0] = [...count].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
  if (often < values.length * (1 - FEW)) return [];
  return kind.flatMap((one, at) => (one === most ? [] : [at]));
}

/** What a value has in common with its like: its folder, its host, its domain; of others whether it is text, and how long. */
function kindOf(source: string): string {
  const text = source.startsWith('"') ? source.slice(1, -1) : source;
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text);
  if (url !== null) return `host ${url[1]}`;
  const address = /^[^\s@]+@([^\s@]+)$/.exec(text);
  if (address !== null) return `domain ${address[1]}`;
  if (/^[^\s]*\//.test(text))
    return `folder ${/(?:^|\/)\.\.(?:\/|$)/.test(text)} ${text.split('/').slice(0, -1).join('/')}`;
  if (/\s/.test(text)) return 'prose';
  return `word ${/^[\x20-\x7e]*$/.test(text)} ${Math.round(Math.log2(text.length + 1) / 2)}`;
}
