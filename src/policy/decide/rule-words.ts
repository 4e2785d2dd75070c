import type { Effect, Item, Target } from './types.ts';

const DOES: Readonly<Record<Effect, string>> = {
  allow: 'allows',
  deny: 'denies',
  escalate: 'asks a person about',
};
const MOST_NAMES = 3;

/** A rule without a reason of its own, put into words: never its source, which a person would have to decipher. */
export function ruleInWords(item: Item, list: Effect): string {
  const parts = [
    `A rule ${DOES[list]} ${toolsInWords(item.tool)}`,
    item.except.length === 0 ? '' : `but not ${toolsInWords(item.except)}`,
    item.server.length === 0 ? '' : `of ${either(item.server)}`,
    item.risk.length === 0 ? '' : `of class ${either(item.risk)}`,
    item.caller.length + item.client.length === 0
      ? ''
      : `asked for by ${either([...item.caller, ...item.client])}`,
    item.when === undefined ? '' : 'where its condition holds',
    item.unless === undefined ? '' : 'unless its exception holds',
    item.over === undefined ? '' : `beyond ${item.over.source}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function toolsInWords(targets: readonly Target[]): string {
  const names = targets.map(({ server, tool }) => `${server}/${tool}`);
  if (names.length === 0 || names.some((name) => name === '*/*')) return 'every tool';
  if (names.length <= MOST_NAMES) return either(names);
  return `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} tools more`;
}

function either(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
