import { type ServerEntry, startedBy } from '../../clients/entries.ts';
import { policyNames } from '../../clients/policy-names.ts';
import { resolveHome } from '../../platform/home.ts';
import { table } from '../../text/table.ts';
import { visible } from '../../text/visible.ts';
import { PinsFile, type ServerPins } from '../../tools/pins-file.ts';
import { startingTools } from '../policy/known-servers.ts';
import { packNamed } from '../policy/packs.ts';
import { commandOf } from '../policy/servers-in-use.ts';
import { askFor } from '../terminal/ask.ts';
import type { Opened } from './change-file.ts';
import { masked } from './difference.ts';
import type { WrapOptions } from './wrap.ts';

const COLUMNS = [
  { title: '' },
  { title: 'CLIENT', least: 12 },
  { title: 'SERVER', least: 12 },
  { title: 'TOOLS', least: 16 },
  { title: 'STARTS', least: 16 },
];

/** What is said of an entry that cannot be chosen. */
const INSTEAD: Partial<Record<ServerEntry['state'], string>> = {
  remote: 'remote, NOT guarded',
  wrapped: 'wrapped already',
  'built-in': "its client's own",
  unusable: 'not understood',
};

/**
 * On a terminal: every server that was found, what it may do, and which of them are to be wrapped. Undefined: none,
 * the person went back.
 */
export async function chooseEntries(
  opened: readonly Opened[],
  options: WrapOptions,
): Promise<ReadonlySet<ServerEntry> | undefined> {
  const pins = new PinsFile(resolveHome(options.home, process.env)).all();
  const found = opened.flatMap(({ file, config }) => {
    const names = policyNames(config.entries);
    return config.entries.map((entry) => ({ client: whose(file), entry, name: names.get(entry) ?? '' }));
  });
  const plain = found.filter(({ entry }) => entry.state === 'plain').map(({ entry }) => entry);
  if (plain.length === 0) return new Set();
  const rows = found.map(({ client, entry, name }) => [
    entry.state === 'plain' ? String(plain.indexOf(entry) + 1) : '·',
    client,
    visible(entry.name),
    INSTEAD[entry.state] ?? atAGlance(pins[name], { name, command: commandOf(entry) }),
    short(masked(startedBy(entry))),
  ]);
  process.stdout.write(`${table(COLUMNS, rows, process.stdout.columns ?? 100).join('\n')}\n\n`);
  const answer = await askFor(
    `Enter: holdpoint goes in front of ${plain.length === 1 ? 'number 1' : `all ${plain.length}`}. Numbers, such as "2 5": of all but these. n: of none.\n> `,
  );
  // Enter alone means all of them, and going away does not.
  if (answer === undefined) return undefined;
  const left = answer
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (left.some((word) => !/^\d+$/.test(word) || Number(word) < 1 || Number(word) > plain.length))
    return undefined;
  const numbers = new Set(left.map(Number));
  return new Set(plain.filter((_, at) => !numbers.has(at + 1)));
}

/** All of it stands in the difference that follows. */
const MOST_SHOWN = 40;

function short(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
}

function whose({ client, place }: Opened['file']): string {
  return place.scope === 'project' ? `${client.name}, project` : client.name;
}

/** A server's tools by class: as they were last seen, else as a server of that name has them. */
export function atAGlance(pins: ServerPins | undefined, server: { name: string; command: string[] }): string {
  if (pins !== undefined) {
    const texts = Object.entries(pins.seen?.tools ?? pins.tools).map(
      ([name, { definition }]) => definition || JSON.stringify({ name }),
    );
    return byClass(texts);
  }
  const pack = packNamed(server);
  if (pack === undefined) return 'not seen yet';
  return `as ${pack.name}: ${byClass(pack.definitions.map((one) => JSON.stringify(one)))}`;
}

function byClass(definitions: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const { facts } of startingTools(definitions)) {
    const risk = facts?.risk ?? 'unknown';
    counts.set(risk, (counts.get(risk) ?? 0) + 1);
  }
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([risk, count]) => `${count} ${risk}`);
  return parts.length === 0 ? 'no tools' : parts.join(', ');
}
