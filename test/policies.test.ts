import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTools } from '../src/cli/tools/saved-lists.ts';
import { decide } from '../src/policy/decide/decide.ts';
import { namesTool } from '../src/policy/decide/item-index.ts';
import { compilePolicy } from '../src/policy/source/compile.ts';
import { lint } from '../src/policy/source/lint/lint.ts';
import { readCases, runCase } from '../src/policy/source/test-cases.ts';
import { callOf, FACTS } from './support/policy.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PACKS = readdirSync(join(ROOT, 'policies'));
const LABELLED = resolve(ROOT, '../shared/data/tools.jsonl.gz');
/** The server of the labelled tools that a pack is for. */
const LABELLED_SERVER: Record<string, string[]> = {
  filesystem: ['mcp-reference-filesystem'],
  git: ['mcp-reference-git'],
  github: ['github-mcp-server'],
  kubernetes: ['mcp-server-kubernetes', 'kubernetes-mcp-server'],
  linear: ['mcp-linear'],
  postgres: ['aws-postgres-mcp-server'],
  slack: ['slack-mcp-server'],
  playwright: ['playwright-mcp'],
  stripe: ['stripe-agent-toolkit'],
};
/** Tools that no item names: a person is asked, and the class alone says how. */
const LEFT_TO_THE_DEFAULT: Record<string, string[]> = {};
/**
 * What runs whatever it is called with, and does more than read: it can be undone by whoever can do it, nobody else is
 * told of it, and nothing leaves the machine or the page by it.
 */
const HARMLESS: Record<string, string[]> = {
  filesystem: ['create_directory'],
  git: [
    'git_add',
    'git_checkout',
    'git_clear_working_dir',
    'git_commit',
    'git_create_branch',
    'git_reset',
    'git_set_working_dir',
  ],
  github: [
    'add_comment_to_pending_review',
    'create_branch',
    'dismiss_notification',
    'resolve_review_thread',
    'unresolve_review_thread',
  ],
  kubernetes: [],
  linear: [],
  notion: [],
  playwright: ['browser_close', 'browser_navigate', 'browser_navigate_back'],
  postgres: [],
  slack: ['conversations_mark', 'reactions_add', 'reactions_remove'],
  stripe: [],
};
const WRITES =
  /(^|[^a-z])(add|archive|clear|commit|create|delete|edit|merge|move|push|remove|reset|run|save|send|set|start|stop|update|upload|write)([^a-z]|$)/;
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
  return tools.filter(({ server }) => LABELLED_SERVER[pack]?.includes(server));
}

it('there are ten packs', () => {
  expect(PACKS).toEqual([
    ...[
      'filesystem',
      'git',
      'github',
      'kubernetes',
      'linear',
      'notion',
      'playwright',
      'postgres',
      'slack',
      'stripe',
    ],
  ]);
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

  it('names every tool of the real server, and leaves none to the default by accident', () => {
    const items = [...policy!.deny, ...policy!.escalate, ...policy!.allow].filter((item) => !item.over);
    const unnamed = tools.filter(({ tool }) => !items.some((item) => namesTool(item, pack, tool)));
    expect([...new Set(unnamed.map(({ tool }) => tool))]).toEqual(LEFT_TO_THE_DEFAULT[pack] ?? []);
  });

  it.skipIf(!existsSync(LABELLED))(
    'lets run whatever it is called with only what reads, or is harmless',
    () => {
      const free = policy!.allow.filter((item) => item.when === undefined);
      const asked = policy!.escalate.filter((item) => item.when === undefined && item.unless === undefined);
      const labels = new Map(labelled(pack).map(({ tool, label }) => [tool, label]));
      const running = [...new Set(tools.map(({ tool }) => tool))].filter(
        (tool) =>
          free.some((item) => namesTool(item, pack, tool)) &&
          !asked.some((item) => namesTool(item, pack, tool)),
      );
      // Where no person said what a tool does, its name does.
      const writing = running.filter(
        (tool) => !(labels.has(tool) ? labels.get(tool) === 'read' : !WRITES.test(tool)),
      );
      expect(writing.sort()).toEqual(HARMLESS[pack]);
    },
  );

  it('allows by a pattern only what its names say to be a read', () => {
    const open = policy!.allow.flatMap((item) => item.tool).filter(({ tool }) => /[*?]/.test(tool));
    for (const { tool } of open) expect(tool).toMatch(/^(linear_)?(get|list|search|reactions)_?\*$/);
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
