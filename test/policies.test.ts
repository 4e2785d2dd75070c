import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTools } from '../src/cli/tools/saved-lists.ts';
import { decide } from '../src/policy/decide/decide.ts';
import { compilePolicy } from '../src/policy/source/compile.ts';
import { lint } from '../src/policy/source/lint/lint.ts';
import { readCases, runCase } from '../src/policy/source/test-cases.ts';
import { callOf, FACTS } from './support/policy.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PACKS = readdirSync(join(ROOT, 'policies'));
const LABELLED = resolve(ROOT, '../shared/data/tools.jsonl.gz');
/** The server of the labelled tools that a pack is for. */
const LABELLED_SERVER: Record<string, string> = {
  filesystem: 'mcp-reference-filesystem',
  github: 'github-mcp-server',
  postgres: 'aws-postgres-mcp-server',
  slack: 'slack-mcp-server',
  playwright: 'playwright-mcp',
};
const NEVER_UNASKED = ['destructive', 'execute', 'financial', 'outbound', 'production'];

interface Labelled {
  server: string;
  tool: string;
  label: string;
}

function labelled(pack: string): Labelled[] {
  if (!existsSync(LABELLED)) return [];
  const lines = gunzipSync(readFileSync(LABELLED)).toString().trim().split('\n');
  const tools = lines.map((line) => JSON.parse(line) as Labelled);
  return tools.filter(({ server }) => server === LABELLED_SERVER[pack]);
}

it('there are five packs', () => {
  expect(PACKS).toEqual(['filesystem', 'github', 'playwright', 'postgres', 'slack']);
});

describe.each(PACKS)('the pack for %s', async (pack) => {
  const folder = join(ROOT, 'policies', pack);
  const { policy, problems } = await compilePolicy(readFileSync(join(folder, 'policy.jsonc'), 'utf8'));
  const cases = await readCases(readFileSync(join(folder, 'policy.test.jsonc'), 'utf8'), 'json');
  const tools = readTools([`${pack}=${join(folder, 'tools.json')}`]);

  it('has no problem, and nothing that check would warn of with the real tools at hand', () => {
    expect(problems).toBeUndefined();
    expect(lint(policy!, tools)).toEqual([]);
  });

  it('does in every case what it should', () => {
    for (const one of cases.file!.cases)
      expect(runCase(one, policy!, FACTS.places, FACTS.now).differs, `line ${one.line}`).toEqual([]);
  });

  it('has a case for every item', () => {
    const matched = cases.file!.cases.flatMap((one) => {
      const { decision } = runCase(one, policy!, FACTS.places, FACTS.now);
      return decision.matched;
    });
    const items = [...policy!.deny, ...policy!.escalate, ...policy!.allow].map(({ id }) => id);
    expect(items.filter((id) => !matched.includes(id))).toEqual([]);
  });

  it('says in words why it asks or denies', () => {
    const silent = [...policy!.deny, ...policy!.escalate].filter(({ reason }) => reason === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('decides by arguments, not only by names', () => {
    const items = [...policy!.deny, ...policy!.escalate, ...policy!.allow];
    const conditional = items.filter((item) => item.when ?? item.unless ?? item.over);
    expect(conditional.length).toBeGreaterThanOrEqual(5);
  });

  it.skipIf(!existsSync(LABELLED))(
    'lets nothing run unasked with bare arguments that a person called risky',
    () => {
      const risky = labelled(pack).filter(({ label }) => NEVER_UNASKED.includes(label));
      const allowed = risky.filter(
        ({ tool }) => decide(callOf(pack, tool), policy!, FACTS).effect === 'allow',
      );
      expect(allowed).toEqual([]);
    },
  );

  it.skipIf(!existsSync(LABELLED))('knows the tools that were taken from the server', () => {
    const known = tools.map(({ tool }) => tool);
    expect(labelled(pack).filter(({ tool }) => !known.includes(tool))).toEqual([]);
  });
});
