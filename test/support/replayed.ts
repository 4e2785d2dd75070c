import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { queryCalls } from '../../src/audit/reading/query.ts';
import { replay } from '../../src/audit/reading/replay.ts';
import { policyDigest } from '../../src/config/applied-state.ts';
import { compileOrExplain } from '../../src/config/policy-text.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { mergeLayers } from '../../src/policy/source/merge-layers.ts';
import { ownPlaces } from '../../src/session/own-places.ts';

interface SessionStart {
  session: string;
  type: string;
  event?: string;
  policy?: { file?: string | null; digest?: string; layers?: unknown } | null;
}

/** The sessions of a home by the digest of the one policy that each ran under, as far as records can be read. */
function sessionsByPolicy(home: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const folder = join(home, 'audit');
  const files = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : [];
  for (const file of files.filter((name) => name.endsWith('.jsonl'))) {
    let start: Partial<SessionStart> = {};
    try {
      start = JSON.parse(readFileSync(join(folder, file), 'utf8').split('\n')[0] ?? '') as SessionStart;
    } catch {}
    const { session, type, event, policy } = start;
    if (session === undefined || type !== 'session' || event !== 'start') continue;
    if (typeof policy?.digest !== 'string' || policy.layers !== undefined) continue;
    found.set(policy.digest, (found.get(policy.digest) ?? new Set()).add(session));
  }
  return found;
}

/** The texts of policies that a home has or had in force. */
function textsIn(home: string): string[] {
  const texts = ['policy.json', 'policy.jsonc', 'policy.yaml', 'policy.yml']
    .map((name) => join(home, name))
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8'));
  const state = join(home, 'state/policies.json');
  if (!existsSync(state)) return texts;
  try {
    const { applied = {} } = JSON.parse(readFileSync(state, 'utf8')) as {
      applied?: Record<string, { text: string }>;
    };
    return [...texts, ...Object.values(applied).map(({ text }) => text)];
  } catch {
    return texts;
  }
}

/** A log against its own policy changes nothing. Gives the number of calls that were replayed. */
export async function replaysAlike(home: string, texts: readonly string[] = []): Promise<number> {
  const known = new Map([...texts, ...textsIn(home)].map((text) => [policyDigest(text), text]));
  const { root, audit } = resolveHome(home, {});
  let replayed = 0;
  for (const [digest, sessions] of sessionsByPolicy(root)) {
    const text = known.get(digest);
    if (text === undefined) continue;
    const layer = await compileOrExplain(
      text,
      join(home, text.startsWith('version:') ? 'policy.yaml' : 'policy.json'),
    );
    const policy = mergeLayers([{ name: 'user', layer, counts: 'all' }]);
    const { calls } = queryCalls(audit, {});
    const { changes } = replay(calls, policy, ownPlaces(resolveHome(home, {})));
    expect(
      changes.filter(({ session }) => sessions.has(session)),
      `the sessions of ${home}, replayed against their own policy: ${text}`,
    ).toEqual([]);
    replayed += calls.filter(({ session }) => sessions.has(session)).length;
  }
  return replayed;
}
