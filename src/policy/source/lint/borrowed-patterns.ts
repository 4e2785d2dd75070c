import type { Condition } from '../../decide/condition.ts';
import { excerptOf } from '../problems.ts';
import type { Path } from '../source-tree.ts';
import type { Finding } from './finding.ts';

/** Of these a star at the beginning says what people mean. */
const NO_PATH = /ur[il]|host|domain|branch|ref|repo/i;

/** `**\/` is any folders or none elsewhere, and to glob() some letters and a slash; `*\/` and `/*` likewise. */
export function borrowedPatterns(condition: Condition | undefined, path: Path): Finding[] {
  if (condition === undefined) return [];
  const { facts, source } = condition;
  return (facts?.globs ?? []).flatMap(({ pattern, on }): Finding[] => {
    const name = on?.at(-1) ?? '';
    if (!/(?:^|[{,])\*\/|\*\*\//.test(pattern) || NO_PATH.test(name)) return [];
    const meant = pattern.replace(/(^|[{,])\*\//g, '$1**/').replace(/\/\*(?=$|[},])/g, '/**');
    const at = source.indexOf(pattern);
    return [
      {
        path,
        severity: 'warning',
        message: `glob() knows no folders: ${JSON.stringify(pattern)} wants each of its slashes, so a path without one is not met, nor one in another case.`,
        suggestion: `For a path: pathGlob(${on === undefined ? '…' : `args.${on.join('.')}`}, ${JSON.stringify(meant)}).`,
        excerpt: at === -1 ? undefined : excerptOf(source, { start: at, end: at + pattern.length }),
      },
    ];
  });
}
