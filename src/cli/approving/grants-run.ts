import { type Attached, gather } from '../../approvals/channel/ask-proxies.ts';
import { type Grant, isOver, readGrant, SESSION_END } from '../../approvals/holding/grant.ts';
import { GrantsFile } from '../../approvals/signing/kept-grants.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { processChain } from '../../platform/process-chain.ts';
import { isAddedId } from '../../policy/source/added-rules.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { revokeRule, ruleAsJson, ruleLines, rulesFromAnswers } from './rules-from-answers.ts';
import { usesOf, wordsOfUse } from './uses.ts';

type Listed = Grant & { kept: boolean; session: string | null };

function keptGrants(file: GrantsFile): Listed[] {
  return file.read().flatMap(({ statement }) => {
    const grant = readGrant(statement);
    return grant === undefined ? [] : [{ ...grant, kept: true, session: null }];
  });
}

/** Those of sessions that run, and those that are kept, each once. */
function listed(kept: readonly Listed[], attached: readonly Attached[]): Listed[] {
  const known = new Set(kept.map(({ id }) => id));
  const running = attached.flatMap(({ session }) =>
    session.grants
      .filter(({ id }) => !known.has(id))
      .map((grant) => ({ ...grant, kept: false, session: session.session })),
  );
  const now = { wall: Date.now(), mono: 0 };
  return [...kept, ...running].filter((grant) => !isOver(grant, now));
}

const SCOPES = { call: 'the very same call', rule: 'calls of its rule', tool: 'any arguments' } as const;

/**
 * `holdpoint grants list`: with --json `[{id, server, tool, scope, caller, until, at, by, key, kept, session, matched,
 * obligations, uses, lastUse}]`; `kept`: signed, on the disk, for every session. Rules of the policy that answers made
 * stand among them as `{id, server, tool, scope: "always", rule, until: null, at, kept, session: null, uses, lastUse}`;
 * of those `at` is a day.
 */
export async function listGrants(options: { home?: string; json?: boolean }): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const { attached } = await gather(home.run);
  for (const proxy of attached) proxy.close();
  const found = listed(keptGrants(new GrantsFile(home)), attached);
  const rules = await rulesFromAnswers(home);
  const used = usesOf(home, [...found, ...rules.map(({ id, since }) => ({ id, at: since }))]);
  if (options.json === true) {
    const all = [
      ...found.map((grant) => ({ ...grant, ...used.get(grant.id) })),
      ...rules.map((rule) => ({ ...ruleAsJson(rule), ...used.get(rule.id) })),
    ];
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  if (found.length === 0)
    process.stdout.write(
      `No approval is remembered${rules.length === 0 ? ': every held call is asked about' : ''}.\n`,
    );
  for (const { id, server, tool, scope, rule, until, by, key } of found) {
    const what = SCOPES[scope];
    const end = until === SESSION_END ? 'until its session ends' : `until ${localTime(until)}`;
    const who = `${visible(by)} (${key === null ? 'unverified' : `key ${visible(key.slice(0, 8))}`})`;
    process.stdout.write(
      `${visible(id)}  ${visible(server)}/${visible(tool)}  ${what}  ${end}  by ${who}${wordsOfUse(used.get(id))}\n`,
    );
    if (rule != null) process.stdout.write(`  ${visible(rule)}\n`);
  }
  if (rules.length > 0) process.stdout.write(`${ruleLines(rules, used).join('\n')}\n`);
}

/** Revokes it in the sessions that run; one that cannot be reached keeps no other from it. Rejects with a PlainError. */
async function tell(holding: readonly Attached[], id: string): Promise<void> {
  const chain = processChain().map((link) => link.name.slice(0, 256));
  const method = process.stdin.isTTY ? 'cli-tty' : 'cli';
  const faults: string[] = [];
  for (const proxy of holding) {
    try {
      await proxy.revoke({ grant: id, method, chain });
    } catch (error) {
      faults.push(`${visible(proxy.session.server)} (${(error as Error).message})`);
    }
  }
  if (faults.length === 0) return;
  throw new PlainError(
    `Grant ${visible(id)} still counts in sessions that could not be told: ${faults.join(', ')}. Everywhere else it is revoked. Run this again, or restart their clients.`,
  );
}

/** `holdpoint grants revoke ID`: always allowed, for it only makes holdpoint ask again. Recorded. Of a rule too. */
export async function revokeGrant(id: string, options: { home?: string }): Promise<void> {
  const home = resolveHome(options.home, process.env);
  if (isAddedId(id)) return revokeRule(home, id);
  const file = new GrantsFile(home);
  const kept = keptGrants(file).some((grant) => grant.id === id);
  const { attached } = await gather(home.run);
  try {
    const holding = attached.filter(({ session }) => session.grants.some((grant) => grant.id === id));
    if (!kept && holding.length === 0) throw new PlainError(`No grant is called ${visible(id)}.`);
    if (kept)
      file.remove(
        ({ statement }) => readGrant(statement)?.id === id,
        () => recordCommand(home, { type: 'grant', event: 'revoked', grant: id, by: commandBy() }),
      );
    await tell(holding, id);
    process.stdout.write(`Grant ${visible(id)} is revoked: such calls are asked about again, from now on.\n`);
  } finally {
    for (const proxy of attached) proxy.close();
  }
}
