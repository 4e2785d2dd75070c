import { NotEvaluable } from './json-values.ts';

/** What a server, a shell or a URL reader might read as something else than the letters say. */
const ODD = /[\0\\%]/;

/** `.`, `..` and empty parts resolved. Throws a NotEvaluable for what is not one plain absolute path. */
function plainParts(path: string, what: string): string[] {
  if (!path.startsWith('/')) throw new NotEvaluable(`under(): ${what} is not an absolute path`);
  if (ODD.test(path)) throw new NotEvaluable(`under(): ${what} holds a NUL, a backslash or a percent sign`);
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/**
 * Whether a path is a folder, or lies in it: by their letters alone, case and all. It does not see links, nor what
 * a server makes of a path. Throws a NotEvaluable for a relative path, `~`, a URL, NUL, backslash, percent sign.
 */
export function under(path: string, folder: string): boolean {
  const [inner, outer] = [plainParts(path, 'the path'), plainParts(folder, 'the folder')];
  return outer.length <= inner.length && outer.every((part, index) => part === inner[index]);
}
