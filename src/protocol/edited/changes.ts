import { type Member, readJson } from '../json/json-scan.ts';
import { compact } from './layout.ts';

/** Longer values are named, not told. In characters of their source. */
const MOST = 300;
const MOST_TOLD = 20;

/**
 * What somebody changed in a call's arguments, in words for its agent: one phrase an outermost member. Both are JSON
 * source of objects; `masked` takes the secrets out of such a source, for those are not told.
 */
export function changeWords(before: string, now: string, masked: (source: string) => string): string {
  const [old, new_] = [valuesOf(before), valuesOf(now)];
  const [was, is] = [valuesOf(masked(before)), valuesOf(masked(now))];
  const phrases: string[] = [];
  for (const key of new Set([...old.keys(), ...new_.keys()])) {
    if (old.get(key) === new_.get(key)) continue;
    const name = JSON.stringify(key);
    if (!new_.has(key)) phrases.push(`${name} was left out`);
    else if (!old.has(key)) phrases.push(`${name} was added: ${told(is.get(key))}`);
    else phrases.push(`${name} was ${told(was.get(key))} and is ${told(is.get(key))}`);
  }
  if (phrases.length === 0) return 'only their spelling';
  const more = phrases.length - MOST_TOLD;
  return [...phrases.slice(0, MOST_TOLD), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

function told(value: string | undefined): string {
  if (value === undefined) return 'something';
  return value.length <= MOST ? value : `another text of ${value.length} characters`;
}

/** By name: the outermost members, each spelled without space between its parts. */
function valuesOf(text: string): Map<string, string> {
  const { source, root } = readJson(compact(text));
  const spelled = ({ key, value }: Member): [string, string] => [key, source.slice(value.start, value.end)];
  return new Map((root.members ?? []).map(spelled));
}
