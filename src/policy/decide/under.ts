import { followsLinks, readings } from '../paths/lexical-path.ts';
import { folded } from '../paths/path-letters.ts';
import { NotEvaluable } from './json-values.ts';

/** What a server, a shell or a URL reader might read as something else than the letters say. */
const ODD = /[\0\\%]/;

/** Throws a NotEvaluable for what is not one plain absolute path. */
function plainParts(path: string, what: string): string[] {
  if (!path.startsWith('/')) throw new NotEvaluable(`under(): ${what} is not an absolute path`);
  if (ODD.test(path)) throw new NotEvaluable(`under(): ${what} holds a NUL, a backslash or a percent sign`);
  const [reading, other] = readings(path);
  if (reading?.start !== 'root' || reading.unknown !== undefined || other !== undefined || followsLinks(path))
    throw new NotEvaluable(`under(): ${what} goes through a link of /proc or /dev`);
  return reading.parts;
}

/**
 * Whether a path is a folder, or lies in it: by its letters alone. It does not see links, nor what a server makes of
 * a path. Throws a NotEvaluable for a relative path, `~`, a URL, NUL, backslash, percent sign, for the links of
 * `/proc`, and where only the case of a letter decides: not every system tells it.
 */
export function under(path: string, folder: string): boolean {
  const [inner, outer] = [plainParts(path, 'the path'), plainParts(folder, 'the folder')];
  if (outer.length > inner.length) return false;
  if (outer.every((part, index) => part === inner[index])) return true;
  if (!outer.every((part, index) => folded(part) === folded(inner[index] ?? ''))) return false;
  throw new NotEvaluable('under(): only upper and lower case tell the path from one in the folder');
}
