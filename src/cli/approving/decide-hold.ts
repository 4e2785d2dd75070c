import { answerFrom, personHere, type Said, unseenSecrets } from '../../approvals/answering/answer.ts';
import { shownHold } from '../../approvals/answering/masked-view.ts';
import { callLines } from '../../approvals/answering/rendered.ts';
import { shownOffers, whyNoneShown } from '../../approvals/answering/shown-offers.ts';
import { type Attached, gather, nobody } from '../../approvals/channel/ask-proxies.ts';
import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import { confirmNow } from '../../approvals/holding/brake.ts';
import { LONGEST_MS, type Remember, SESSION_END, untilFault } from '../../approvals/holding/grant.ts';
import { textWords } from '../../approvals/holding/objections.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { isHoldId } from '../../platform/hold-ids.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { needsPassphrase, needsText } from '../../policy/decide/ladder.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import { offerText } from '../../policy/offers/offers.ts';
import { durationMs } from '../../policy/source/duration.ts';
import { refuse, type Tried } from '../../session/agent-refusal.ts';
import { keyedFor } from '../../session/keyed-for.ts';
import { label, visible } from '../../text/visible.ts';
import { askFor } from '../terminal/ask.ts';
import { gatherTeam } from './gather-team.ts';
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
  /** Calls like it, by the rule that is offered for it. */
  like?: boolean;
}

/** What `--for` asks for. Throws a PlainError (exit 2) for what is no time. */
function rememberOf(
  { for: time = 'once', anyArguments, like }: DecideOptions,
  now: number,
): Remember | undefined {
  const wider = like === true ? '--like' : '--any-arguments';
  if (time === 'once' && (anyArguments === true || like === true)) {
    throw new PlainError(`${wider} needs --for: say how long it is to be remembered.`, EXIT.usage);
  }
  if (anyArguments === true && like === true)
    throw new PlainError('--like and --any-arguments say two things: give one of them.', EXIT.usage);
  if (time === 'once') return undefined;
  const scope = like === true ? 'rule' : anyArguments === true ? 'tool' : 'call';
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

/** The rule of calls like this one. Throws a PlainError, which says why, where none is offered. */
function ruleFor(hold: HoldView, session: SessionView): string {
  const offer = shownOffers(hold, session).find(({ scope }) => scope === 'bounded');
  if (offer !== undefined) return offerText(offer);
  const why =
    whyNoneShown(hold, session) ??
    'Nothing in its arguments names a target that would bound the calls like it; --for without --like remembers this very call.';
  throw new PlainError(`Hold ${hold.id} cannot be approved with --like. ${why}`);
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
  const wanted = rememberOf(options, Date.now());
  const { attached, silent } = await gather(home.run);
  const team = isNamedBy(attached, id) ? undefined : await gatherTeam(home, options.as);
  if (team !== undefined) attached.push(...team.attached);
  try {
    const found = find(attached, silent, id);
    const remember =
      wanted?.scope === 'rule' ? { ...wanted, rule: ruleFor(found.hold, found.proxy.session) } : wanted;
    const revealed = options.reveal === true;
    const view = shownHold(found.hold, found.proxy.session, revealed);
    const printed = printedOf(found.proxy, view.hold);
    const place = { env: process.env, isTerminal: process.stdin.isTTY === true, command: true as const };
    const person = personHere(found.proxy.session, verdict, place);
    if (person.refusal !== undefined) refuse(home, tried(found.hold), person.refusal);
    process.stdout.write(printed);
    if (remember?.rule !== undefined) process.stdout.write(`  rule  ${visible(remember.rule)}\n`);
    const unseen = verdict === 'approve' ? unseenSecrets(view, printed) : undefined;
    if (unseen !== undefined) throw new PlainError(unseen);
    const confirmation = options.confirm ?? (verdict === 'approve' ? await typed(found) : undefined);
    const said: Said = {
      verdict,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(remember === undefined ? {} : { remember }),
    };
    // Whoever names a key means to use it, also where the policy does not ask for one.
    const signs =
      verdict === 'approve' &&
      (found.hold.obligations.sign || needsPassphrase(asked(found)) || options.as !== undefined);
    const elsewhere = found.proxy.session.machine === undefined ? undefined : team?.signer;
    const signer = elsewhere ?? (signs ? await unlock(neededKey(home, options.as)) : undefined);
    const keyed = keyedFor(home);
    const here = { person, signer, passphrase: true, keyed, revealed, seen: 'printed' as const, printed };
    const answer = answerFrom(found.proxy.session, found.hold, said, here);
    if ('refusal' in answer) throw new PlainError(answer.refusal);
    const result = await found.proxy.decide(answer.verdict);
    process.stdout.write(`${result.message}\n`);
    if (!result.ok) process.exitCode = EXIT.error;
  } finally {
    for (const proxy of attached) proxy.close();
    await team?.close();
  }
}

/** What follows a session's name, and that name. */
function partsOf(id: string): { session: string | undefined; hold: string } {
  const at = id.indexOf('/');
  return at === -1 ? { session: undefined, hold: id } : { session: id.slice(0, at), hold: id.slice(at + 1) };
}

function isNamedBy(attached: readonly Attached[], id: string): boolean {
  const { hold } = partsOf(id);
  return !isHoldId(hold) || attached.some(({ holds }) => holds.some((one) => one.id === hold));
}

function find(attached: readonly Attached[], silent: readonly string[], id: string): Found {
  if (attached.length === 0) {
    throw new PlainError(nobody(silent), silent.length === 0 ? EXIT.nothingToAttachTo : EXIT.error);
  }
  const { session, hold } = partsOf(id);
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

const tried = ({ id }: HoldView): Tried => ({ cause: 'approval-refused', what: `approve ${id}` });

function asked({ hold, proxy }: Found): Confirmation {
  return confirmNow(hold.obligations.confirm, proxy.session);
}

/** What is asked to be typed, asked for on a terminal; elsewhere the option must give it. */
async function typed(found: Found): Promise<string | undefined> {
  const { hold } = found;
  const { id, obligations } = hold;
  if (!needsText(asked(found))) return undefined;
  if (process.stdin.isTTY === true)
    return (await askFor(`Type ${visible(obligations.expected)} to approve: `)) ?? '';
  throw new PlainError(
    `Hold ${id} asks you to type ${visible(textWords(hold))} before it can be approved: add --confirm with that text.`,
  );
}

/** Of a call that somebody changed: what its agent had asked for. */
function changedLines({ edited }: HoldView): string[] {
  if (edited === undefined) return [];
  return [`  changed by ${label(edited.by)}; its agent asked for ${label(edited.before)}`];
}

/** That it is another machine's call. */
export function machineOf({ machine }: SessionView): string {
  return machine === undefined ? '' : ` of the machine ${label(machine)}`;
}

function printedOf(proxy: Attached, hold: HoldView): string {
  const lines = [
    `${hold.id}  ${label(hold.server)}/${label(hold.tool)}${machineOf(proxy.session)}  (session ${visible(proxy.session.session)})`,
    `  rule  ${label(hold.rule)}: ${label(hold.reason)}`,
    ...changedLines(hold),
    ...callLines(hold).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}
