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

interface SessionRecord {
  session: string;
  type: string;
  event?: string;
  call?: number;
  policy?: { file?: string | null; digest?: string; layers?: unknown } | null;
}

/**
 * The calls of a home (`SESSION#NUMBER`) by the digest of the one policy that each was decided under, as far as records
 * can be read: a session goes by what its start says, and from a record of another policy on by that. `several`: calls
 * of sessions that went by more than one.
 */
function callsByPolicy(home: string): { byPolicy: Map<string, Set<string>>; several: Set<string> } {
  const byPolicy = new Map<string, Set<string>>();
  const several = new Set<string>();
  const folder = join(home, 'audit');
  const files = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : [];
  for (const file of files.filter((name) => name.endsWith('.jsonl')).sort()) {
    const calls: { name: string; digest: string }[] = [];
    let digest: string | undefined;
    for (const { session, type, event, policy, call } of recordsIn(join(folder, file))) {
      if (type === 'session' && (event === 'start' || event === 'policy'))
        digest = policy?.layers === undefined ? policy?.digest : undefined;
      if (type === 'decision' && digest !== undefined) calls.push({ name: `${session}#${call}`, digest });
    }
    const many = new Set(calls.map((one) => one.digest)).size > 1;
    for (const one of calls) {
      byPolicy.set(one.digest, (byPolicy.get(one.digest) ?? new Set()).add(one.name));
      if (many) several.add(one.name);
    }
  }
  return { byPolicy, several };
}

function recordsIn(file: string): Partial<SessionRecord>[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as SessionRecord);
  } catch {
    return [];
  }
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
  const { byPolicy, several } = callsByPolicy(root);
  for (const [digest, own] of byPolicy) {
    const text = known.get(digest);
    if (text === undefined) continue;
    const layer = await compileOrExplain(
      text,
      join(home, text.startsWith('version:') ? 'policy.yaml' : 'policy.json'),
    );
    const policy = mergeLayers([{ name: 'user', layer, counts: 'all' }]);
    const { calls } = queryCalls(audit, {});
    const { changes } = replay(calls, policy, ownPlaces(resolveHome(home, {})));
    // What a limit counted under another policy is not in this replay.
    const limited = [...policy.deny, ...policy.escalate].some(({ over }) => over !== undefined);
    const judged = ({ session, call }: { session: string; call: number }): boolean => {
      const name = `${session}#${call}`;
      return own.has(name) && !(limited && several.has(name));
    };
    expect(
      changes.filter(judged),
      `the sessions of ${home}, replayed against their own policy: ${text}`,
    ).toEqual([]);
    replayed += calls.filter(judged).length;
  }
  return replayed;
}
