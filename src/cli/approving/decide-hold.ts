import { mustReveal, renderedOf, shownHold } from '../../approvals/answering/masked-view.ts';
import { callLines } from '../../approvals/answering/rendered.ts';
import { type Attached, gather, nobody } from '../../approvals/channel/ask-proxies.ts';
import type { HoldView, VerdictMessage } from '../../approvals/channel/messages.ts';
import { LONGEST_MS, type Remember, SESSION_END, untilFault } from '../../approvals/holding/grant.ts';
import type { Rendered } from '../../approvals/holding/hold.ts';
import { judgePerson, surroundings } from '../../approvals/person/not-a-person.ts';
import { signAnswer } from '../../approvals/signing/signed-answer.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { isHoldId } from '../../platform/hold-ids.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { processChain } from '../../platform/process-chain.ts';
import { durationMs } from '../../policy/source/duration.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { keyedFor } from '../../session/keyed-for.ts';
import { label, visible } from '../../text/visible.ts';
import { askFor } from '../terminal/ask.ts';
import { neededKey, unlock } from './own-key.ts';

export interface DecideOptions {
  home?: string;
  reason?: string;
  confirm?: string;
  /** Whose key signs, where there are several. */
  as?: string;
  /** Show secrets that are masked. */
  reveal?: boolean;
  /** `once`, `session`, or a duration. */
  for?: string;
  anyArguments?: boolean;
}

/** What `--for` asks for. Throws a PlainError (exit 2) for what is no time. */
function rememberOf({ for: time = 'once', anyArguments }: DecideOptions, now: number): Remember | undefined {
  if (time === 'once' && anyArguments === true) {
    throw new PlainError('--any-arguments needs --for: say how long it is to be remembered.', EXIT.usage);
  }
  if (time === 'once') return undefined;
  const scope = anyArguments === true ? 'tool' : 'call';
  if (time === SESSION_END) return { scope, until: SESSION_END };
  const ms = durationMs(time);
  if (ms === undefined) {
    throw new PlainError(
      `--for ${JSON.stringify(time)} is not once, session, or a time such as 30m, 8h, 7d.`,
      EXIT.usage,
    );
  }
  const until = new Date(now + Math.min(ms, 10 * LONGEST_MS)).toISOString();
  const fault = untilFault(until, now);
  if (fault !== undefined) throw new PlainError(fault, EXIT.usage);
  return { scope, until };
}

interface Found {
  proxy: Attached;
  hold: HoldView;
}

/** `holdpoint approve` and `holdpoint reject`: one answer to one hold, naming the digests of what it showed. */
export async function decideHold(
  verdict: 'approve' | 'reject',
  id: string,
  options: DecideOptions,
): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const remember = rememberOf(options, Date.now());
  const { attached, silent } = await gather(home.run);
  try {
    const found = find(attached, silent, id);
    const place = verdict === 'approve' ? refuseAgents(home, found, id) : undefined;
    const view = shownHold(found.hold, found.proxy.session, options.reveal === true);
    const shown = shownOf(found.proxy, view.hold);
    process.stdout.write(shown);
    if (verdict === 'approve' && mustReveal(view)) throw new PlainError(REVEAL_FIRST);
    const confirmation = options.confirm ?? (verdict === 'approve' ? await typed(found.hold) : undefined);
    const plain = {
      hold: found.hold.id,
      verdict,
      digest: found.hold.digest,
      callDigest: found.hold.callDigest,
      method: process.stdin.isTTY ? ('cli-tty' as const) : ('cli' as const),
      chain: processChain().map((link) => link.name.slice(0, 256)),
      ...(place === undefined ? {} : { place }),
      rendered: { ...renderedOf(view, 'printed'), digest: sha256Hex(shown) },
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(remember === undefined ? {} : { remember }),
    };
    // Whoever names a key means to use it, also where the policy does not ask for one.
    const signs = verdict === 'approve' && (found.hold.obligations.sign || options.as !== undefined);
    const result = await found.proxy.decide(signs ? await signed(home, found, plain, options.as) : plain);
    process.stdout.write(`${result.message}\n`);
    if (!result.ok) process.exitCode = EXIT.error;
  } finally {
    for (const proxy of attached) proxy.close();
  }
}

function find(attached: readonly Attached[], silent: readonly string[], id: string): Found {
  if (attached.length === 0) {
    throw new PlainError(nobody(silent), silent.length === 0 ? EXIT.nothingToAttachTo : EXIT.error);
  }
  const [session, hold] = id.includes('/')
    ? [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]
    : [undefined, id];
  if (!isHoldId(hold))
    throw new PlainError(
      `${visible(id)} is not a hold's id. Run "holdpoint pending" to see them.`,
      EXIT.usage,
    );
  const found = attached.flatMap((proxy) =>
    proxy.holds
      .filter((one) => one.id === hold && (session === undefined || proxy.session.session === session))
      .map((one) => ({ proxy, hold: one })),
  );
  const [first, second] = found;
  if (first === undefined) {
    throw new PlainError(
      silent.length === 0
        ? `No hold ${visible(id)} waits: it was decided, cancelled or ran out of time. Run "holdpoint pending".`
        : `No hold ${visible(id)} waits where it could be asked for; not asked: ${silent.join('; ')}.`,
    );
  }
  if (second !== undefined) {
    const names = found.map((one) => `${visible(one.proxy.session.session)}/${one.hold.id}`).join(', ');
    throw new PlainError(`Two holds are called ${hold}, so nothing was done. Name one of: ${names}.`);
  }
  return first;
}

/** Where an approval is given from, for the record. Throws a PlainError where no person seems to be. */
function refuseAgents(home: Home, { proxy }: Found, id: string): string | undefined {
  const { session } = proxy;
  const here = surroundings(process.env, process.stdin.isTTY === true);
  const judged = judgePerson(here, session.cli, [session]);
  const { refusal } = judged;
  if (refusal === undefined) return judged.place;
  recordCommand(home, {
    type: 'fault',
    cause: 'approval-refused',
    what: `approve ${id}: ${refusal}`,
    by: commandBy(),
  });
  throw new PlainError(refusal);
}

/** What the policy asks to be typed, asked for on a terminal; elsewhere the option must give it. */
async function typed({ id, tool, obligations }: HoldView): Promise<string | undefined> {
  if (obligations.confirm !== 'type') return undefined;
  if (process.stdin.isTTY === true) return askFor(`Type ${visible(tool)} to approve: `);
  throw new PlainError(
    `Hold ${id} asks you to type the name of its tool before it can be approved: add --confirm with that name.`,
  );
}

type Plain = Omit<VerdictMessage, 'type' | 'ref' | 'signature'> & { rendered: Rendered };

const REVEAL_FIRST = 'Part of this call is masked and must be seen before it is approved: add --reveal.';

/** On the command line the passphrase is typed for each answer, so it confirms each. */
async function signed(
  home: Home,
  { proxy, hold }: Found,
  verdict: Plain,
  as: string | undefined,
): Promise<Omit<VerdictMessage, 'type' | 'ref'>> {
  const signer = await unlock(neededKey(home, as));
  const confirmation = hold.obligations.confirm === 'type' ? 'type' : 'passphrase';
  const { session } = proxy;
  const { rendered } = verdict;
  const keyed = keyedFor(home);
  const answer = signAnswer(
    { session, hold, verdict, confirmation, rendered, keyed, now: Date.now() },
    signer,
  );
  if ('refusal' in answer) throw new PlainError(answer.refusal);
  return answer.verdict;
}

function shownOf(proxy: Attached, hold: HoldView): string {
  const lines = [
    `${hold.id}  ${label(hold.server)}/${label(hold.tool)}  (session ${visible(proxy.session.session)})`,
    `  rule  ${label(hold.rule)}: ${label(hold.reason)}`,
    ...callLines(hold).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}
