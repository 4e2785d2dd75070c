import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIENTS } from '../../src/clients/table.ts';
import type { ClientMachine } from '../support/client-machine.ts';
import { clientTable } from '../support/client-table.ts';
import { commandOf, runAsReader, type Section, sectionsOf } from '../support/docs-page.ts';
import { TROUBLES, withEveryClient } from '../support/docs-scenes.ts';
import { part } from '../support/long.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const page = (name: string): string => readFileSync(join(DOCS, name), 'utf8');
const withCommands = (name: string): Section[] =>
  sectionsOf(page(name)).filter(({ blocks }) => blocks.some(({ kind }) => kind === 'sh'));

/** Runs every line of a section in order; what each block of text shows was said by then. */
async function tried({ blocks }: Section, machine: ClientMachine): Promise<string> {
  let said = '';
  for (const { kind, lines } of blocks) {
    // A block of any other kind would be one that nobody tries.
    expect(['sh', 'text', 'json']).toContain(kind);
    if (kind === 'text') for (const line of lines) expect(said).toContain(line);
    if (kind !== 'sh') continue;
    for (const line of lines) {
      const { command, exits } = commandOf(line);
      const { code, stdout, stderr } = await runAsReader(command, machine);
      expect([command, code, stdout + stderr]).toEqual([command, exits, expect.any(String)]);
      said += `${stdout}${stderr}`.replaceAll(machine.home, '/home/ada');
    }
  }
  return said;
}

describe('docs/troubleshooting.md', () => {
  const sections = withCommands('troubleshooting.md');

  it('has a trouble to try for each heading, and no other', () => {
    expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(TROUBLES));
  });

  it.each(part(sections, 3).map((section) => [section.heading, section] as const))(
    '%s: its commands say what stands there',
    async (heading, section) => {
      await tried(section, await TROUBLES[heading]!());
    },
    60_000,
  );
});

describe('docs/clients.md', () => {
  const MARKS = /(?<=<!-- clients: begin -->\n)[\s\S]*?(?=<!-- clients: end -->)/;
  if (process.env['UPDATE_CLIENTS'] === '1')
    writeFileSync(
      join(DOCS, 'clients.md'),
      page('clients.md').replace(MARKS, () => `${clientTable()}\n`),
    );
  const sections = withCommands('clients.md');
  const ofClients = sections.slice(1);

  it('begins with the table of the code (UPDATE_CLIENTS=1 writes it anew)', () => {
    expect(MARKS.exec(page('clients.md'))?.[0]).toBe(`${clientTable()}\n`);
  });

  it('has a screen of at most 24 lines of 100 columns for each client, in the order of the table', () => {
    expect(ofClients.map(({ heading }) => heading)).toEqual(CLIENTS.map(({ id }) => id));
    for (const { heading, text } of ofClients) {
      const lines = text.trimEnd().split('\n');
      expect([heading, lines.length <= 24]).toEqual([heading, true]);
      expect([heading, ...lines.filter((line) => line.length > 100)]).toEqual([heading]);
    }
  });

  it.each(part(sections, 6).map((section) => [section.heading, section] as const))(
    '%s: its commands work on a machine with every client',
    async (_, section) => {
      expect(await tried(section, await withEveryClient())).toMatch(/^Wrapped \S/m);
    },
    60_000,
  );

  it('shows a remote entry, and what wrap makes of it', async () => {
    const entries = sections[0]?.blocks.filter(({ kind }) => kind === 'json') ?? [];
    expect(entries).toHaveLength(2);
    const [before, after] = entries.map(({ lines }) => lines.join('\n'));
    const machine = await withEveryClient();
    machine.put('.cursor/mcp.json', before ?? '');
    expect((await machine.run(['wrap', 'cursor', '--portable', '--yes'])).stdout).toContain(
      'Wrapped hub (Cursor).',
    );
    expect(JSON.parse(machine.read('.cursor/mcp.json'))).toEqual(JSON.parse(after ?? ''));
  });
});
