import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../src/policy/source/compile.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const PAGE = read('docs/transparency.md');

/** The short words for refused lines, as the source gives them. */
function causes(): string[] {
  const files = ['src/protocol', 'src/protocol/json', 'src/proxy'].flatMap((folder) =>
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

describe.each(['README.md', 'docs/audit.md'])('every policy in %s', (name) => {
  const policies = [...read(name).matchAll(/```jsonc\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it.each(policies)('is one that holdpoint takes: %s', async (text) => {
    expect((await compilePolicy(text)).problems).toBeUndefined();
  });

  it('is there', () => expect(policies.length).toBeGreaterThan(0));
});
