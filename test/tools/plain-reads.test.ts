import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import { KnownTools } from '../../src/tools/tool-knowledge.ts';

const LABELLED = resolve(import.meta.dirname, '../../../shared/data/tools.jsonl.gz');

interface Labelled {
  server: string;
  tool: string;
  label: string;
  title?: string;
  description?: string;
  inputSchema?: object;
  annotations?: object;
}

const all: Labelled[] = existsSync(LABELLED)
  ? gunzipSync(readFileSync(LABELLED))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Labelled)
  : [];

/** The tools of a server that run unasked where nobody wrote a policy, once it was accepted. */
function unasked(tools: readonly Labelled[]): Labelled[] {
  const listed = tools.map(({ tool: name, title, description, inputSchema, annotations }) => {
    const definition = { name, title, description, inputSchema, annotations };
    return { name, source: JsonSource.of(JSON.stringify(definition)) };
  });
  const plain = new Set(
    new KnownTools(listed, false)
      .all()
      .filter(({ plainRead }) => plainRead)
      .map(({ name }) => name),
  );
  return tools.filter(({ tool }) => plain.has(tool));
}

describe.skipIf(all.length === 0)('without a policy, of real servers', () => {
  it.for([
    ['mcp-reference-filesystem', 10],
    ['github-mcp-server', 40],
    // Five of its reads save what they read to a file that is named, where an argument says so: these are asked about.
    ['playwright-mcp', 7],
  ] as const)('%s lets at least %i reads run, and nothing else', ([server, least]) => {
    const run = unasked(all.filter((one) => one.server === server));
    expect(run.filter(({ label }) => label !== 'read')).toEqual([]);
    expect(run.length).toBeGreaterThanOrEqual(least);
  });

  it('none of the 1,103 tools that are no reads runs unasked on any of the 91 servers, and most reads do', () => {
    const servers = [...new Set(all.map(({ server }) => server))];
    const run = servers.flatMap((server) => unasked(all.filter((one) => one.server === server)));
    // These servers taught the weights; bench/risk/risk.mjs says how it is with others.
    expect(run.filter(({ label }) => label !== 'read')).toEqual([]);
    expect(run.length / all.filter(({ label }) => label === 'read').length).toBeGreaterThan(0.75);
  });

  it('a server that lies in its hints gains nothing by it', () => {
    const lying = all
      .filter(({ label }) => label !== 'read')
      .map((one) => ({ ...one, annotations: { readOnlyHint: true, destructiveHint: false } }));
    const servers = [...new Set(lying.map(({ server }) => server))];
    const run = servers.flatMap((server) => unasked(lying.filter((one) => one.server === server)));
    expect(run.length / lying.length).toBeLessThan(0.02);
  });
});
