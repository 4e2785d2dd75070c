import type { Effect, Policy } from '../../decide/types.ts';
import { borrowedPatterns } from './borrowed-patterns.ts';
import { itemCovers } from './covers.ts';
import { type Finding, isAbout, named, type Placed, warning } from './finding.ts';
import { misread } from './foreign-names.ts';
import { isRisky, type KnownTool } from './known-tools.ts';
import { unknownArguments, unknownTool } from './unknown-names.ts';

const STRICTER: Record<Effect, readonly Effect[]> = {
  deny: [],
  escalate: ['deny'],
  allow: ['deny', 'escalate'],
};
const MOST_NAMED = 5;
const DAY_MS = 86_400_000;

/**
 * Everything to say about a policy, in the order of its items. `tools`: all the tools of the servers they name;
 * `elsewhere`: tools whose names and arguments are no mistake though a server has none such, asked for only where that
 * matters.
 */
export function lint(
  policy: Policy,
  tools: readonly KnownTool[],
  elsewhere: () => readonly KnownTool[] = () => [],
): Finding[] {
  const placed = (['deny', 'escalate', 'allow'] as const).flatMap((list) =>
    policy[list].map((item, index): Placed => ({ list, index, item })),
  );
  return placed.flatMap((one) => [
    ...unreachable(one, policy),
    ...constant(one),
    ...borrowed(one),
    ...comparedWithNull(one),
    ...letOffByOne(one),
    ...foreign(one, tools),
    ...unknownTool(one, tools, elsewhere),
    ...unknownArguments(one, tools, elsewhere),
    ...swallowed(one, policy, tools),
    ...forgotten(one, policy),
  ]);
}

function unreachable(one: Placed, policy: Policy): Finding[] {
  for (const list of STRICTER[one.list]) {
    const over = policy[list].find((item) => itemCovers(item, one.item));
    if (over === undefined) continue;
    const what = list === 'deny' ? 'denied' : 'a question';
    return [
      warning(one, `It never has a say: whatever it covers is ${what} by ${over.id} (${over.source}).`),
    ];
  }
  const twin = policy[one.list]
    .slice(0, one.index)
    .find((item) => item.source === one.item.source && item.reason === one.item.reason);
  return twin === undefined ? [] : [warning(one, `It says the same as ${twin.id}.`)];
}

function constant(one: Placed): Finding[] {
  return (['when', 'unless'] as const).flatMap((key) => {
    const value = one.item[key]?.facts?.constant;
    if (value === undefined) return [];
    const path = [one.list, one.index, key];
    const never = key === 'when' ? !value : value;
    const so = never ? 'so the item never counts' : `so it may as well be left out`;
    const message = `This is ${value ? 'true' : 'false'} for every call, ${so}.`;
    return [{ path, severity: 'warning' as const, message }];
  });
}

/** Patterns of glob() that look like those of other tools, where they mean more. */
function borrowed(one: Placed): Finding[] {
  return (['when', 'unless'] as const).flatMap((key) =>
    borrowedPatterns(one.item[key], [one.list, one.index, key]),
  );
}

/** Comparing with null asks nothing: of anything but null it cannot be evaluated. */
function comparedWithNull(one: Placed): Finding[] {
  return (['when', 'unless'] as const).flatMap((key): Finding[] => {
    const found = /[!=]=\s*null\b|\bnull\s*[!=]=/.exec(one.item[key]?.source ?? '');
    if (found === null) return [];
    const message = 'A comparison with null cannot be evaluated for anything that is not null.';
    const suggestion = 'To ask whether something is there: has(args.x).';
    return [{ path: [one.list, one.index, key], severity: 'warning', message, suggestion }];
  });
}

/** What lets off by one text says nothing of the others. */
function letOffByOne({ list, index, item }: Placed): Finding[] {
  const key = list === 'allow' ? 'when' : 'unless';
  if (item[key]?.facts?.oneTextIsEnough !== true) return [];
  const message = 'One text that fulfils anyText() is enough here, whatever the others say.';
  const suggestion = 'To ask it of all: !anyText(args, t, !(…)).';
  return [{ path: [list, index, key], severity: 'warning', message, suggestion }];
}

/** Names in another program's spelling, and names of servers. */
function foreign(one: Placed, tools: readonly KnownTool[]): Finding[] {
  return one.item.tool.flatMap((target): Finding[] => {
    const found = misread(target, tools);
    return found === undefined ? [] : [{ path: [one.list, one.index], ...found }];
  });
}

function swallowed(one: Placed, policy: Policy, tools: readonly KnownTool[]): Finding[] {
  if (one.list !== 'allow' || one.item.when !== undefined) return [];
  const open = one.item.tool.length === 0 || one.item.tool.some(({ tool }) => /[*?]/.test(tool));
  if (!open) return [];
  const caught = (tool: KnownTool): boolean =>
    [...policy.deny, ...policy.escalate].some((item) => isAbout(item, tool));
  const risky = named(one, tools).filter((tool) => isRisky(tool) && !caught(tool));
  if (risky.length > 0) {
    const more = risky.length > MOST_NAMED ? `, and ${risky.length - MOST_NAMED} more` : '';
    const names = risky
      .slice(0, MOST_NAMED)
      .map(({ tool, risk }) => `${tool} (${risk})`)
      .join(', ');
    return [warning(one, `It allows ${names}${more}.`, 'Name what is meant, or escalate those.')];
  }
  const whole = one.item.tool.length === 0 || one.item.tool.some(({ tool }) => /^\*+$/.test(tool));
  const known = named(one, tools).length > 0;
  const free = [one.item.except, one.item.caller, one.item.risk].every(({ length }) => length === 0);
  return whole && free && !known
    ? [warning(one, 'It allows every tool of the server, also those that a later version may bring.')]
    : [];
}

/** A limit over a longer time than records are kept. */
function forgotten(one: Placed, { audit }: Policy): Finding[] {
  const { over } = one.item;
  if (over === undefined || over.windowMs <= audit.keepDays * DAY_MS) return [];
  const message = `It looks back further than records are kept (audit.keepDays: ${audit.keepDays}).`;
  return [{ path: [one.list, one.index, 'over'], severity: 'warning', message }];
}
