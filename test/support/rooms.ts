import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const TABLE = resolve(import.meta.dirname, '../architecture.test.ts');

/** A room of the table in test/architecture.test.ts. */
export interface DrawnRoom {
  name: string;
  /** Rooms that it may import; `*`: all of them. */
  from: string[];
  pure: boolean;
  may: string[];
}

/** The rooms as the architecture test holds them: read as text, for importing it would run it. */
export function rooms(): DrawnRoom[] {
  const [, table = ''] = /\nconst ROOMS[^\n]*\n([\s\S]*?)\n\};/.exec(readFileSync(TABLE, 'utf8')) ?? [];
  return [...table.matchAll(/^ {2}'?([a-z/]+)'?: \{([\s\S]*?)\},?$(?=\n {2}\S|(?![\s\S]))/gm)].map(
    ([, name = '', body = '']) => ({
      name,
      from: /from: '([^']*)'/.exec(body)?.[1]?.split(' ').filter(Boolean) ?? [],
      pure: body.includes('pure:'),
      may: [...(/may: \[([^\]]*)\]/.exec(body)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, one = '']) => one),
    }),
  );
}

/** What each room may import, `*` spelled out. */
function below(all: readonly DrawnRoom[]): Map<string, string[]> {
  const names = all.map(({ name }) => name);
  return new Map(
    all.map(({ name, from }) => [name, from[0] === '*' ? names.filter((one) => one !== name) : from]),
  );
}

/** The rooms in floors, the lowest first: a room imports only from floors below its own. */
export function floors(all: readonly DrawnRoom[]): string[][] {
  const under = below(all);
  const height = (name: string): number => 1 + Math.max(-1, ...(under.get(name) ?? []).map(height));
  const found: string[][] = [];
  for (const { name } of all) {
    const at = height(name);
    found[at] = [...(found[at] ?? []), name];
  }
  return found;
}

/** Directions that do not follow from others: what is drawn. */
function arrows(all: readonly DrawnRoom[]): [string, string][] {
  const under = below(all.filter(({ from }) => from[0] !== '*'));
  const reached = (name: string): string[] =>
    (under.get(name) ?? []).flatMap((one) => [one, ...reached(one)]);
  return [...under].flatMap(([name, from]) =>
    from
      .filter((to) => !from.some((other) => other !== to && reached(other).includes(to)))
      .map((to): [string, string] => [name, to]),
  );
}

/** Where each room stands from left to right; its floor is worked out. */
const COLUMN: Record<string, number> = {
  'policy/source/cel': 0,
  'policy/source': 0,
  'policy/source/lint': 0,
  'policy/offers': 1,
  'protocol/json': 1,
  'protocol/edited': 1,
  config: 1,
  protocol: 2,
  proxy: 2,
  tools: 2,
  'proxy/upstream': 3,
  'policy/decide': 3,
  'policy/paths': 3,
  'policy/naming': 9,
  session: 4,
  risk: 4,
  'risk/classes': 4,
  'risk/words': 5,
  'risk/deeds': 5,
  salience: 2,
  harm: 3,
  'audit/log': 5,
  'audit/verify': 5,
  'audit/retention': 4,
  text: 7,
  'audit/limits': 7,
  'audit/writing': 6,
  'audit/reading': 6,
  'audit/telling': 6,
  secrets: 7,
  'secrets/places': 8,
  'secrets/names': 8,
  'secrets/shapes': 8,
  platform: 6,
  'approvals/holding': 8,
  'approvals/channel': 8,
  'approvals/signing': 8,
  'approvals/person': 9,
  'approvals/notifying': 9,
  'approvals/answering': 9,
  'approvals/showing': 9,
  'watch/state': 9,
  'watch/view': 9,
  'watch/page': 8,
  'watch/plain': 8,
  'watch/beside': 7,
  'watch/editing': 6,
  watch: 9,
  'clients/formats': 10,
  'team/sealing': 11,
  'team/relay': 12,
  'team/trust': 11,
  'team/policy': 12,
  'team/log': 12,
  'team/holds': 11,
  clients: 10,
  remote: 10,
  'remote/sign-in': 11,
  'remote/wire': 10,
  'remote/http': 11,
  doctor: 11,
  'cli/terminal': 9,
  demo: 10,
  cli: 5,
};

const STEP = { x: 112, y: 62 };
const BOX = { width: 100, height: 34 };
const HEAD = 34;
const STYLE = `text{font:11px system-ui,sans-serif;fill:#1f2328;text-anchor:middle}.family{font-size:9px;fill:#59636e}
.title{font-size:13px;text-anchor:start}rect{stroke:#59636e;rx:5}.pure{fill:#dafbe1}.plain{fill:#f6f8fa}.may{fill:#fff1d6}
path{stroke:#8c959f;fill:none}.head{fill:#8c959f;stroke:none}`;

/** docs/rooms.svg: boxes on their floors, an arrow to what a room may import where no other arrow says so already. */
export function drawing(): string {
  const all = rooms();
  const stack = floors(all);
  const height = (name: string): number => stack.findIndex((floor) => floor.includes(name));
  const x = (name: string): number => 20 + (COLUMN[name] ?? Number.NaN) * STEP.x;
  const y = (name: string): number => HEAD + (stack.length - 1 - height(name)) * STEP.y;
  const width = 20 + 11 * STEP.x;
  const tall = HEAD + stack.length * STEP.y;
  const lines = arrows(all).map(([from, to]) => {
    const [x1, y1] = [x(from) + BOX.width / 2, y(from) + BOX.height];
    const [x2, y2] = [x(to) + BOX.width / 2, y(to) - 2];
    const bend = Math.min(30, (y2 - y1) / 2);
    return `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}" marker-end="url(#head)"/>`;
  });
  const boxes = all.map(({ name, pure, may }) => {
    const slash = name.lastIndexOf('/');
    const [family, last] = [name.slice(0, slash + 1), name.slice(slash + 1)];
    const wide = name === 'cli';
    const [left, size] = wide ? [20, width - 32] : [x(name), BOX.width];
    const middle = left + size / 2;
    const kind = pure ? 'pure' : may.includes('files') ? 'may' : 'plain';
    const said = wide ? 'cli: flags and exit codes; may import every room' : last;
    const above =
      family === '' ? '' : `<text class="family" x="${middle}" y="${y(name) + 13}">${family}</text>`;
    const text = `<text x="${middle}" y="${y(name) + (family === '' ? 21 : 26)}">${said}</text>`;
    return `<g><title>${name}</title><rect class="${kind}" x="${left}" y="${y(name)}" width="${size}" height="${BOX.height}"/>${above}${text}</g>`;
  });
  const title =
    'A room imports only from lower floors. Green: pure, no I/O. Yellow: may touch files. Arrows that follow from others are left out.';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" role="img" aria-label="The rooms of src and what each may import">
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
<rect x="0" y="0" width="${width}" height="${tall}" fill="#ffffff" stroke="none"/>
<text class="title" x="20" y="20">${title}</text>
${[...lines, ...boxes].join('\n')}
</svg>
`;
}

/** What the table of docs/design.md says of a room. */
export function cellsOf({ from, pure, may }: DrawnRoom): [imports: string, uses: string] {
  const imports = from[0] === '*' ? 'all' : from.map((one) => `\`${one}\``).join(', ') || '–';
  return [imports, pure ? '*pure*' : may.join(', ') || '–'];
}

/** docs/design.md with the directions and floors as they are now. */
export function redrawn(page: string): string {
  const all = rooms();
  const rows = page.replace(/^\| `([a-z/]+)` \| ([^|]+) \| [^|]* \| [^|]* \|$/gm, (row, name, question) => {
    const room = all.find((one) => one.name === name);
    return room === undefined ? row : `| \`${name}\` | ${question} | ${cellsOf(room).join(' | ')} |`;
  });
  const text = floors(all)
    .toReversed()
    .map((floor) => floor.join(' · '));
  return rows.replace(/(?<=```\n)cli\n[^`]*(?=```)/, `${text.join('\n')}\n`);
}
