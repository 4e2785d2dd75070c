/** A JSON value as the most lenient reader may see it: an object keeps every member, also those that repeat a key. */
type Value = string | number | boolean | null | Value[] | Members;
class Members {
  readonly list: [string, Value][] = [];
}

const TOKEN = /\s+|("(?:[^"\\]|\\.)*")|([{}[\],:])|([^\s{}[\],:"]+)/gsy;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    if (match[1] ?? match[2] ?? match[3]) found.push(match[0]);
  }
  return found;
}

function readValue(source: string[], at: { i: number }, depth: number): Value {
  const token = source[at.i++] ?? '';
  if (token !== '{' && token !== '[') {
    try {
      return JSON.parse(token) as Value;
    } catch {
      return token;
    }
  }
  const members = new Members();
  const items: Value[] = [];
  while (at.i < source.length && source[at.i] !== '}' && source[at.i] !== ']' && depth < 300) {
    if (source[at.i] === ',') at.i += 1;
    const key = token === '{' ? String(readValue(source, at, depth + 1)) : '';
    if (source[at.i] === ':') at.i += 1;
    const value = readValue(source, at, depth + 1);
    if (token === '{') members.list.push([key, value]);
    else items.push(value);
  }
  at.i += 1;
  return token === '{' ? members : items;
}

const folded = (text: string): string =>
  text
    .split('\0')[0]!
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

function all(value: Value | undefined, key: string): Value[] {
  if (!(value instanceof Members)) return [];
  return value.list.filter(([name]) => folded(name) === key).map(([, member]) => member);
}

/**
 * The names of the tools that some server might execute on getting these bytes: it may split lines at a carriage
 * return, take several values from a line, accept batches, fold keys and methods, and choose any of repeated keys.
 */
export function mayExecute(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (const line of new TextDecoder().decode(bytes).split(/[\r\n]/)) {
    const source = tokens(line);
    const at = { i: 0 };
    while (at.i < source.length) {
      const value = readValue(source, at, 0);
      for (const message of Array.isArray(value) ? value : [value]) {
        const calls = all(message, 'method').some((method) => folded(String(method)) === 'toolscall');
        if (calls)
          for (const params of all(message, 'params')) names.push(...all(params, 'name').map(String));
      }
    }
  }
  return names;
}
