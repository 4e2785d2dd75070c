import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type StartingServer,
  startingServers,
  startingTools,
} from '../../../src/cli/policy/known-servers.ts';
import { loadPack, packFor, packNames, toolsOfPacks } from '../../../src/cli/policy/packs.ts';
import { planned } from '../../../src/cli/policy/planned-server.ts';
import { startingPolicy } from '../../../src/cli/policy/starting-policy.ts';
import { whatChanges } from '../../../src/cli/policy/what-changes.ts';
import { decide } from '../../../src/policy/decide/decide.ts';
import type { Policy } from '../../../src/policy/decide/types.ts';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { lint } from '../../../src/policy/source/lint/lint.ts';
import { mergeLayers } from '../../../src/policy/source/merge-layers.ts';
import { LONG } from '../../support/long.ts';
import { callOf, FACTS } from '../../support/policy.ts';

const LABELLED = resolve(import.meta.dirname, '../../../../shared/data/tools.jsonl.gz');
const PACKS = await Promise.all(packNames().map(loadPack));
const WITHOUT: Policy = { ...mergeLayers([]), builtIn: true };

function serverOf(
  name: string,
  definitions: readonly object[],
  more: Partial<StartingServer> = {},
): StartingServer {
  const tools = startingTools(definitions.map((one) => JSON.stringify(one)));
  return { name, asked: false, tools, command: undefined, used: new Map(), ...more };
}

function realServers(): StartingServer[] {
  if (!existsSync(LABELLED)) return [];
  const found = new Map<string, object[]>();
  for (const line of gunzipSync(readFileSync(LABELLED)).toString().trim().split('\n')) {
    const { server, tool, title, description, inputSchema, annotations } = JSON.parse(line) as Record<
      string,
      string
    >;
    const definition = { name: tool, title, description, inputSchema, annotations };
    found.set(server!, [...(found.get(server!) ?? []), definition]);
  }
  return [...found].map(([name, definitions]) => serverOf(name, definitions));
}

async function madeFor(
  servers: readonly StartingServer[],
  packs = PACKS,
): Promise<{ text: string; policy: Policy }> {
  const text = startingPolicy(planned(servers, packs));
  const { policy, problems } = await compilePolicy(text);
  if (policy === undefined) throw new Error(JSON.stringify(problems));
  return { text, policy };
}

const effect = (
  policy: Policy,
  { name }: StartingServer,
  tool: NonNullable<StartingServer['tools']>[number],
) => decide(callOf(name, tool.name), policy, { ...FACTS, tool: tool.facts }).effect;

const known = (servers: readonly StartingServer[]) =>
  servers.flatMap(({ name, tools = [] }) =>
    tools.flatMap(({ definition }) => (definition === undefined ? [] : [{ ...definition, server: name }])),
  );

const pack = (name: string) => PACKS.find((one) => one.name === name)!;
const definitionsOf = (name: string): object[] =>
  (
    JSON.parse(
      readFileSync(resolve(import.meta.dirname, `../../../policies/${name}/tools.json`), 'utf8'),
    ) as { tools: object[] }
  ).tools;

describe.skipIf(!existsSync(LABELLED))(
  'a policy to begin with, for every server of the labelled tools',
  async () => {
    const servers = realServers();
    const whole = await madeFor(servers, []);
    const withPacks = await madeFor(servers);

    it('lets run exactly what runs without a policy, where there is no pack', () => {
      const differing = servers.flatMap((server) =>
        (server.tools ?? []).filter(
          (tool) => effect(WITHOUT, server, tool) !== effect(whole.policy, server, tool),
        ),
      );
      expect(differing.map(({ name }) => name)).toEqual([]);
      expect(servers.flatMap(({ tools = [] }) => tools).length).toBeGreaterThan(2_000);
    });

    it('asks more only where a pack has an item that asks or denies, or keeps a tool to itself', () => {
      const plan = planned(servers, PACKS);
      const { rows } = whatChanges(plan, { before: WITHOUT, after: withPacks.policy }, FACTS.places);
      const tighter = rows.filter(
        ({ before, after }) => before.includes('allow') && after.join() !== 'allow',
      );
      for (const row of tighter) {
        const one = plan.find(({ server }) => server.name === row.server)!;
        expect(one.match, row.tool).toBeDefined();
        const { deny, escalate } = one.match!.pack.policy;
        const said = [...deny, ...escalate].some((item) =>
          item.tool.some(({ tool }) => tool === row.tool || tool.includes('*')),
        );
        expect(said || one.kept.includes(row.tool), row.tool).toBe(true);
      }
      expect(tighter.length).toBeGreaterThan(0);
    });

    it('is what check finds nothing to say of', () => {
      expect(lint(whole.policy, known(servers), toolsOfPacks)).toEqual([]);
      expect(lint(withPacks.policy, known(servers), toolsOfPacks)).toEqual([]);
    });

    it('is the same bytes for the same servers', async () => {
      expect((await madeFor(realServers())).text).toBe(withPacks.text);
      expect(withPacks.text.length).toBeLessThan(256 * 1024);
    });

    it('takes a pack for the servers that it was made for, and for no other', () => {
      const found = servers.flatMap((server) => {
        const match = packFor(server, PACKS);
        return match === undefined ? [] : [[server.name, match.pack.name]];
      });
      expect(Object.fromEntries(found)).toMatchObject({
        'github-mcp-server': 'github',
        'mcp-reference-filesystem': 'filesystem',
        'playwright-mcp': 'playwright',
        'slack-mcp-server': 'slack',
        'aws-postgres-mcp-server': 'postgres',
        'mcp-reference-git': 'git',
        'mcp-linear': 'linear',
        'stripe-agent-toolkit': 'stripe',
        'mcp-server-kubernetes': 'kubernetes',
        'kubernetes-mcp-server': 'kubernetes',
      });
      for (const [server, name] of found) expect(server).toContain(name);
    });
  },
);

describe('a pack', () => {
  it('is written with the name that the server has here, patterns and ids', async () => {
    const { text, policy } = await madeFor([serverOf('gh (work)', definitionsOf('github'))]);
    expect(text).toContain('gh (work): the pack github');
    const ids = [...policy.deny, ...policy.escalate].map(({ id }) => id);
    expect(ids).toContain('gh--work--merge');
    const servers = [...policy.deny, ...policy.escalate].flatMap(({ tool }) => tool.map((one) => one.server));
    expect([...new Set(servers)]).toEqual(['gh (work)']);
    expect(policy.deny.length).toBe(pack('github').policy.deny.length);
    expect(policy.allow.length).toBe(pack('github').policy.allow.length + 1);
  });

  it('of two servers has ids of its own for each', async () => {
    const servers = ['gh(a)', 'gh[a]'].map((name) => serverOf(name, definitionsOf('github')));
    const { policy } = await madeFor(servers);
    const ids = policy.deny.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each<[string, StartingServer]>([
    [
      'has the name, and other tools',
      serverOf('github', [{ name: 'get_weather', description: 'Gets the weather.' }]),
    ],
    [
      'has the name and its tools by name, with other arguments',
      serverOf('postgres', [
        {
          name: 'query',
          inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        },
      ]),
    ],
    [
      'has another name and one tool in common',
      serverOf('db', [
        { name: 'query', inputSchema: { type: 'object', properties: { sql: { type: 'string' } } } },
      ]),
    ],
    [
      'has some of its tools among many others',
      serverOf('all', [
        ...definitionsOf('filesystem').slice(0, 5),
        ...Array.from({ length: 9 }, (_, n) => ({ name: `other_${n}` })),
      ]),
    ],
  ])('is not for a server that %s', async (_, server) => {
    expect(packFor(server, PACKS)).toBeUndefined();
    expect((await madeFor([server])).policy.allow).toHaveLength(1);
  });

  it('denies and asks, and allows nothing, while the tools of a server of its name are not known', async () => {
    const unknown = serverOf('github', [], { tools: undefined });
    const { text, policy } = await madeFor([unknown]);
    expect(policy.deny.length).toBe(pack('github').policy.deny.length);
    expect(policy.allow.map(({ id }) => id)).toEqual(['plain-reads']);
    expect(text).toContain('Of github: until the tools are known, what holds without a policy does');
    const asked = await madeFor([{ ...unknown, asked: true }]);
    expect(asked.policy.allow.length).toBe(pack('github').policy.allow.length + 1);
  });

  it('is found by the command of a server that is called otherwise', () => {
    const command = ['npx', '-y', '@modelcontextprotocol/server-github'];
    expect(packFor(serverOf('code', [], { tools: undefined, command }), PACKS)).toMatchObject({
      how: 'cautious',
    });
    const few = serverOf('code', definitionsOf('github').slice(0, 2), { command });
    expect(packFor(few, PACKS)?.how).toBe('whole');
    expect(packFor({ ...few, command: undefined }, PACKS)).toBeUndefined();
  });

  it.each([
    ['Linear', 'linear', []],
    ['notes', 'notion', ['npx', '-y', 'mcp-remote', 'https://mcp.notion.com/mcp']],
    ['k8s', 'kubernetes', ['npx', '-y', 'kubernetes-mcp-server@latest']],
    ['pay', 'stripe', ['npx', '-y', '@stripe/mcp', '--tools=all']],
  ])('is found for a server called %s that is %s', (name, wanted, command) => {
    const server = serverOf(name, [], { tools: undefined, command });
    expect(packFor(server, PACKS)).toMatchObject({ how: 'cautious', pack: { name: wanted } });
  });

  it('keeps to itself a plain read that it allows for some arguments only', async () => {
    const only = { tool: 'team/get_member', when: "has(args.id) && args.id == 'me'" };
    const text = JSON.stringify({ version: 1, deny: ['team/get_salary'], allow: [only, 'team/list_*'] });
    const definitions = ['get_member', 'get_salary', 'list_members', 'count_members'].map((name) => ({
      name,
      description: 'Reads it.',
      inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
    }));
    const server = serverOf('people', definitions);
    const { policy: alone } = await compilePolicy(text);
    const team = { name: 'team', text, policy: alone!, tools: server.tools! };
    expect(server.tools!.map(({ facts }) => facts?.plainRead)).toEqual([true, true, true, true]);
    const { policy, text: made } = await madeFor([server], [team]);
    expect(made).toContain('"except": [ "people/count_members", "people/get_member" ]');
    const effects = server.tools!.map((tool) => effect(policy, server, tool));
    expect(effects).toEqual(['escalate', 'deny', 'allow', 'escalate']);
    const me = decide(callOf('people', 'get_member', { id: 'me' }), policy, {
      ...FACTS,
      tool: server.tools![0]!.facts,
    });
    expect(me.effect).toBe('allow');
    // Nothing that the pack allows is taken for a server of its name alone, so nothing is kept from it either.
    const guessed = { ...server, name: 'team', tools: undefined };
    expect((await madeFor([guessed], [team])).text).not.toContain('"except"');
  });

  it.each(PACKS.map(({ name }) => name))('decides of its own tools as it does alone: %s', async (name) => {
    const server = serverOf(name, definitionsOf(name));
    const { policy } = await madeFor([server]);
    for (const tool of server.tools!)
      expect(effect(policy, server, tool), tool.name).toBe(effect(pack(name).policy, server, tool));
  });

  it.each(PACKS.map(({ name }) => name))(
    'is cut to what the server lists, and decides of that as before: %s',
    async (name) => {
      const all = definitionsOf(name);
      for (const listed of [
        all.filter((_, at) => at % 2 === 0),
        all.filter((_, at) => at % 3 === 0),
        all.slice(0, 3),
      ]) {
        const server = serverOf(name, listed);
        if (packFor(server, PACKS) === undefined) continue;
        const { policy } = await madeFor([server]);
        const own = new Set(server.tools!.map((tool) => tool.name));
        for (const tool of server.tools!)
          expect(effect(policy, server, tool), tool.name).toBe(effect(pack(name).policy, server, tool));
        const allowed = policy.allow.flatMap(({ tool }) => tool).filter((one) => !/[*?]/.test(one.tool));
        expect(allowed.filter(({ tool }) => !own.has(tool))).toEqual([]);
        const whole = pack(name).policy;
        expect([policy.deny.length, policy.escalate.length]).toEqual([
          whole.deny.length,
          whole.escalate.length,
        ]);
      }
    },
  );

  it('allows nothing where the name in patterns may be that of another server', async () => {
    const { policy } = await madeFor([serverOf('git*', definitionsOf('git'))]);
    expect(policy.allow.map(({ id }) => id)).toEqual(['plain-reads']);
    expect(policy.deny.length).toBe(pack('git').policy.deny.length);
  });

  it('lets no tool run that comes after the policy was made, whatever it is called', async () => {
    const few = ['git_status', 'git_diff_staged', 'git_diff_unstaged'];
    const listed = definitionsOf('git').filter((one) => few.includes((one as { name: string }).name));
    const server = serverOf('weather', listed);
    const { policy } = await madeFor([server]);
    for (const { name } of definitionsOf('git') as { name: string }[]) {
      const newTool = few.includes(name) ? undefined : 'it is new';
      const { facts } = server.tools![0]!;
      const { effect: found } = decide(callOf('weather', name), policy, {
        ...FACTS,
        tool: { ...facts!, plainRead: false, newTool },
      });
      expect(found === 'allow', name).toBe(newTool === undefined);
    }
  });

  it('leaves alone a plain read that it does not know', async () => {
    const read = { name: 'get_note', description: 'Gets one note.' };
    const server = serverOf('slack', [...definitionsOf('slack'), read]);
    const { policy } = await madeFor([server]);
    expect(effect(policy, server, server.tools!.at(-1)!)).toBe('allow');
  });
});

describe('names that are not meant for people', () => {
  it('say nothing in the policy, whatever they hold', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
    const hostile = fc.constantFrom(
      'x",\n"*/*"',
      '*',
      '{a,b}',
      'a\r"deny": []',
      '*/ "*" //',
      '\u2028"*"',
      'get\u202eselif',
      '\u{e0041}\ud800\u200b',
      'a/b',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(name, hostile), fc.oneof(name, hostile), async (server, tool) => {
        const made = serverOf(server, [{ name: tool, description: 'Deletes everything.' }]);
        const { policy, text } = await madeFor([made]);
        expect(policy.allow.map(({ id }) => id)).toEqual(['plain-reads']);
        expect([policy.deny, policy.escalate]).toEqual([[], []]);
        expect(text).not.toMatch(/[^\n\P{C}]|[\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: LONG ? 200 : 60 },
    );
  });
});

describe('the servers to begin with', () => {
  const sources = {
    asked: [],
    pins: {},
    used: new Map([['many', new Map()]]),
    found: [{ name: 'weather', command: ['weather-server'] }],
  };

  it('are those of the record and of the clients, by name', () => {
    expect(startingServers(sources).map(({ name, tools }) => [name, tools])).toEqual([
      ['many', undefined],
      ['weather', undefined],
    ]);
  });

  it('are those alone that are asked for, each once', () => {
    const found = startingServers({ ...sources, asked: ['b', 'a', 'b'] });
    expect(found.map(({ name, asked }) => [name, asked])).toEqual([
      ['b', true],
      ['a', true],
    ]);
  });
});
