import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../src/policy/source/compile.ts';
import { cellsOf, drawing, floors, redrawn, rooms } from './support/rooms.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const PAGE = read('docs/transparency.md');

/** The short words for refused lines, as the source gives them. */
function causes(): string[] {
  const files = ['src/protocol', 'src/protocol/gated', 'src/protocol/json', 'src/proxy'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const found = files
    // A server's lines have causes of their own, which only the log shows.
    .filter((file) => !file.includes('server-line'))
    .flatMap((file) => [
      ...read(file).matchAll(/(?:LineRefusal|JsonProblem|problem|refusedLine)\(\s*'([a-z0-9-]+)'/g),
    ])
    .map((match) => match[1] ?? '');
  return [...new Set([...found, 'bare-cr'])];
}

describe('docs/transparency.md', () => {
  it('names every cause for which a line is refused', () => {
    expect(causes().length).toBeGreaterThan(20);
    for (const cause of causes()) expect(PAGE).toContain(`\`${cause}\``);
  });
});

describe.each([
  ['docs/transparency.md', 10],
  ['docs/audit.md', 3],
])('%s', (name, least) => {
  it('names only commands that select tests which exist', () => {
    const page = read(name);
    const commands = [...page.matchAll(/npx vitest run (test\/\S+\.test\.ts)(?: -t "([^"]+)")?/g)];
    expect(commands.length).toBeGreaterThanOrEqual(least);
    for (const [command, file = '', title] of commands) {
      expect(existsSync(join(ROOT, file)), command).toBe(true);
      if (title !== undefined) expect(read(file), command).toContain(title);
    }
  });
});

describe.each(['README.md', 'docs/audit.md', 'docs/notify.md'])('every policy in %s', (name) => {
  const policies = [...read(name).matchAll(/```jsonc\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it.each(policies)('is one that holdpoint takes: %s', async (text) => {
    expect((await compilePolicy(text)).problems).toBeUndefined();
  });

  it('is there', () => expect(policies.length).toBeGreaterThan(0));
});

/** Every file of the project that is code, and its comments: what stands in strings is nobody's remark. */
function comments(): { file: string; comment: string }[] {
  const files = ['src', 'test', 'bench', 'bin'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|[cm]?js)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return files.flatMap((file) =>
    [...read(file).matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/gm)].map(([comment]) => ({ file, comment })),
  );
}

describe('the comments in the code', () => {
  const found = comments();

  it('name no plan and no notes that a stranger does not have', () => {
    const foreign = /\bDESIGN\b|\bresearch[/:]|\b(?:house|tried)\.md/;
    expect(found.length).toBeGreaterThan(1_000);
    expect(found.filter(({ comment }) => foreign.test(comment))).toEqual([]);
  });

  it('name only pages that there are', () => {
    const pages = found.flatMap(({ file, comment }) =>
      [...comment.matchAll(/(?<!\w)docs\/[\w./-]*\w/g)].map(([page]) => ({ file, page })),
    );
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.filter(({ page }) => !existsSync(join(ROOT, page)))).toEqual([]);
  });
});

describe('docs/design.md', () => {
  if (process.env['UPDATE_DRAWING'] === '1')
    writeFileSync(join(ROOT, 'docs/design.md'), redrawn(read('docs/design.md')));
  const page = read('docs/design.md');
  const tables = page.split('\n').filter((line) => line.startsWith('| '));
  const cells = (line: string): string[] => line.slice(2, -2).split(' | ');
  const known = rooms();
  /** Paths are below `src` unless they begin with another folder of the repository. */
  const placeOf = (path: string): string | undefined =>
    [`src/${path}`, path].find((one) => existsSync(join(ROOT, one)));
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => read(`src/${name}`));

  it('gives the lines that decide, forward, record and ask as they stand, each once in its file', () => {
    const lines = tables.flatMap(
      (line) => /^\| \*\*(\w+)\*\* \| `([^`]+)` \| `([^`]+)` \|$/.exec(line) ?? [],
    );
    const found = Array.from({ length: lines.length / 4 }, (_, n) => lines.slice(4 * n + 1, 4 * n + 4));
    expect(found.map(([what]) => what)).toEqual(['decides', 'forwards', 'records', 'asks']);
    for (const [what, file, code = ''] of found)
      expect(
        read(`src/${file}`)
          .split('\n')
          .filter((line) => line.trim() === code),
        what,
      ).toHaveLength(1);
  });

  it('names only files and folders that there are', () => {
    const named = [...page.matchAll(/`((?:[\w.-]+\/)*[\w-]+\.(?:tsx?|m?js|json|md|svg))`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((path) => placeOf(path) === undefined)).toEqual([]);
  });

  it('names only functions that there are, in the file that it says', () => {
    const has = (text: string, name: string): boolean => {
      const [method = '', owner] = name.split('.').reverse();
      const declared = new RegExp(
        `(?:function|const|private|async|^ {2}(?:readonly )?)\\s*${method}\\b`,
        'm',
      );
      return declared.test(text) && (owner === undefined || text.includes(`class ${owner} `));
    };
    const found = [...page.matchAll(/(?:`([\w./-]+\.tsx?)` )?`([\w.]+)\(\)`/g)];
    expect(found.length).toBeGreaterThan(50);
    const wrong = found.filter(([, file, name = '']) =>
      file === undefined ? !sources.some((text) => has(text, name)) : !has(read(placeOf(file) ?? file), name),
    );
    expect(wrong.map(([text]) => text)).toEqual([]);
  });

  it('repeats the rooms, their directions and what they may use from the architecture test', () => {
    const rows = tables
      .map(cells)
      .filter(([first = '']) => known.some(({ name }) => first === `\`${name}\``));
    const table = rows.filter((row) => row.length === 4).map(([room, , from, may]) => [room, from, may]);
    const expected = known.map((room) => [`\`${room.name}\``, ...cellsOf(room)]);
    const sorted = (all: readonly (string | undefined)[][]): string[] =>
      all.map((row) => row.join(' | ')).sort();
    expect(known.length).toBeGreaterThan(30);
    expect(sorted(table)).toEqual(sorted(expected));
  });

  it('draws the rooms on their floors, as text and in docs/rooms.svg (UPDATE_DRAWING=1 draws it anew)', () => {
    const text = floors(known)
      .toReversed()
      .map((floor) => floor.join(' · '));
    expect(page).toContain(`\n${text.join('\n')}\n`);
    const file = join(ROOT, 'docs/rooms.svg');
    if (process.env['UPDATE_DRAWING'] === '1') writeFileSync(file, drawing());
    expect(readFileSync(file, 'utf8')).toBe(drawing());
    expect(drawing()).not.toContain('NaN');
  });

  it('tells when each type of record is written', () => {
    const types = read('src/audit/log/entry.ts')
      .match(/ENTRY_KEYS[^{]*\{([\s\S]*?)\n\};/)?.[1]
      ?.matchAll(/^ {2}(\w+):/gm);
    const told = tables.map(cells).map(([first]) => first);
    const missing = [...(types ?? [])].filter(([, type]) => !told.includes(`\`${type}\``));
    expect(missing.map(([, type]) => type)).toEqual([]);
  });
});
