import type { Condition } from '../../decide/condition.ts';
import { globMatches } from '../../decide/glob.ts';
import { excerptOf, nearest } from '../problems.ts';
import type { Path } from '../source-tree.ts';
import { type Finding, named, type Placed, warning } from './finding.ts';
import { type KnownTool, lookUp } from './known-tools.ts';

/** A pattern that no tool of the servers it names has: a mistyped name, most likely. */
export function unknownTool(
  one: Placed,
  tools: readonly KnownTool[],
  elsewhere: () => readonly KnownTool[],
): Finding[] {
  const servers = [...new Set(tools.map(({ server }) => server))];
  return one.item.tool.flatMap((target) => {
    const meant = servers.filter((server) => globMatches(target.server, server));
    if (meant.length === 0 || (target.server.includes('*') && !target.tool.includes('_'))) return [];
    const theirs = tools.filter(({ server }) => meant.includes(server)).map(({ tool }) => tool);
    if (target.server === '*' || theirs.some((tool) => globMatches(target.tool, tool))) return [];
    if (elsewhere().some(({ tool }) => globMatches(target.tool, tool))) return [];
    const guess = nearest(target.tool, theirs);
    const hint = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
    return [warning(one, `No tool of ${meant.join(', ')} is named ${JSON.stringify(target.tool)}.`, hint)];
  });
}

/** Conditions about arguments that the tools do not take, or may be called without. */
export function unknownArguments(
  one: Placed,
  tools: readonly KnownTool[],
  elsewhere: () => readonly KnownTool[],
): Finding[] {
  const theirs = named(one, tools).filter(({ inputSchema }) => inputSchema !== undefined);
  if (theirs.length === 0) return [];
  return (['when', 'unless'] as const).flatMap((key) => {
    const condition = one.item[key];
    if (condition === undefined) return [];
    const known = (argument: readonly string[]): boolean =>
      elsewhere().some(
        ({ tool, inputSchema }) =>
          theirs.some((same) => same.tool === tool) && lookUp(inputSchema, argument).found === 'yes',
      );
    return argumentsOf(condition, [one.list, one.index, key], theirs, known);
  });
}

function argumentsOf(
  { facts, source }: Condition,
  path: Path,
  tools: readonly KnownTool[],
  elsewhere: (argument: readonly string[]) => boolean,
): Finding[] {
  if (facts === undefined) return [];
  const asked = new Set(facts.guards.map((one) => one.join('\0')));
  const named = new Map([...facts.reads, ...facts.guards].map((one) => [one.join('\0'), one]));
  return [...named.values()].flatMap((argument): Finding[] => {
    const looked = tools.map(({ tool, inputSchema }) => ({ tool, ...lookUp(inputSchema, argument) }));
    const name = `args.${argument.join('.')}`;
    const at = source.indexOf(name);
    const excerpt = at === -1 ? undefined : excerptOf(source, { start: at, end: at + name.length });
    if (looked.every(({ found }) => found === 'no')) {
      if (asked.has(argument.join('\0')) && elsewhere(argument)) return [];
      const near = looked.flatMap((one) => one.near);
      const guess = nearest(argument.at(-1) ?? '', near);
      const known = [...new Set(near)].slice(0, 12).join(', ') || 'none';
      const suggestion =
        guess === undefined ? `Known arguments: ${known}.` : `Did you mean ${JSON.stringify(guess)}?`;
      const whose = tools.length === 1 ? (tools[0]?.tool ?? '') : `the ${tools.length} known tools it covers`;
      return [
        { path, severity: 'error', message: `${name} is no argument of ${whose}.`, suggestion, excerpt },
      ];
    }
    const optional = looked.filter(({ found, required }) => found !== 'unknown' && !required);
    // In allow what cannot be evaluated allows nothing, as it should be.
    if (optional.length === 0 || path[0] === 'allow' || asked.has(argument.join('\0'))) return [];
    const message = `${optional[0]?.tool} may be called without ${name}, and then this cannot be evaluated.`;
    return [{ path, severity: 'warning', message, suggestion: `Ask first: has(${name}) && …`, excerpt }];
  });
}
