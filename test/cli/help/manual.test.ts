import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../src/cli/commands-of.ts';
import { HELP } from '../../../src/cli/help/help-table.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { EXIT } from '../../../src/platform/exit-codes.ts';
import { VERSION } from '../../../src/platform/this-machine.ts';
import { manual } from '../../support/manual.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = join(ROOT, 'man/holdpoint.1');

describe('man/holdpoint.1', () => {
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const [, date = ''] = new RegExp(`^## ${VERSION} \\((\\d{4}-\\d\\d-\\d\\d)`, 'm').exec(changelog) ?? [];
  const program = buildProgram();
  const made = manual(program, VERSION, date);
  if (process.env['UPDATE_MANUAL'] === '1') writeFileSync(PAGE, made);
  const page = readFileSync(PAGE, 'utf8');

  it('is what the commands and their help make of it (npm run manual makes it anew)', () => {
    expect(page).toBe(made);
  });

  it('has every command with its options and examples, the version and its day', () => {
    const plain = page.replaceAll('\\-', '-').replaceAll('\\e', '\\');
    for (const { command, path } of commandsOf(program)) {
      if (command.commands.length > 0 && command.registeredArguments.length === 0) continue;
      expect(plain).toContain(`\n.SS ${path}`);
      for (const { flags } of command.options) expect(plain).toContain(`\n.B ${flags}\n`);
      for (const [line] of HELP[path]?.examples ?? []) expect(plain).toContain(line);
    }
    expect(page).toContain(`"${date}" "holdpoint ${VERSION}"`);
    expect(date).not.toBe('');
  });

  it('has every exit code', () => {
    const [, status = ''] = /\.SH EXIT STATUS\n([\s\S]*?)\n\.SH/.exec(page) ?? [];
    const told = [...status.matchAll(/^\.B (.*)$/gm)].flatMap(([, codes = '']) => codes.split(', '));
    expect(told).toEqual(expect.arrayContaining(Object.values(EXIT).map(String)));
  });

  it('is installed where man looks', () => {
    const { man, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect([man, files.includes('man')]).toEqual(['man/holdpoint.1', true]);
  });
});
