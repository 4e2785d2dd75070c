import { approversAt } from '../../policy/decide/approvers-at.ts';
import { needsPassphrase, needsText } from '../../policy/decide/ladder.ts';
import { offersFor, offerText } from '../../policy/offers/offers.ts';
import { BRAKED, type Braking, confirmNow } from './brake.ts';
import { offeringOf } from './grant.ts';
import type { Hold, Now, Verdict } from './hold.ts';
import type { QueueSettings } from './queue-state.ts';

/** How things stand when an answer comes. */
export interface Asking extends Braking, Pick<QueueSettings, 'cli'> {
  now: Now;
}

/**
 * Why an approval does not count, as a sentence: all that the proxy itself asks of an answer, whatever the terminal
 * asked before. A rejection always counts, if it names what was shown.
 */
export function objection(
  hold: Hold,
  verdict: Verdict,
  { cli, now, ...braking }: Asking,
): string | undefined {
  const { id, held } = hold;
  const byCommand = verdict.verdict === 'approve' ? commandsOff(verdict, cli) : undefined;
  if (byCommand !== undefined) return byCommand;
  if (verdict.digest !== held.digest || verdict.callDigest !== held.callDigest) {
    return `Hold ${id} is not what you were shown: its client repeated the call just now. Look at it again.`;
  }
  if (verdict.verdict === 'reject') return undefined;
  if (verdict.grant !== undefined && !held.obligations.remember) {
    return `Hold ${id} cannot be remembered: its rule wants each call approved by itself. Approve it without --for.`;
  }
  return (
    notOffered(hold, verdict) ??
    changed(hold, verdict) ??
    tooLong(hold) ??
    unseen(hold, verdict) ??
    unsigned(hold, verdict) ??
    unconfirmed(hold, verdict, braking) ??
    unentitled(hold, verdict, now)
  );
}

/** What runs later without a question is what this call was offered, and nothing wider. */
function notOffered({ id, held }: Hold, { grant }: Verdict): string | undefined {
  const { scope, rule } = grant?.grant ?? {};
  if (scope !== 'rule') return undefined;
  const offered = offersFor(offeringOf(held)).some((offer) => offerText(offer) === rule);
  if (offered) return undefined;
  return `Hold ${id} cannot be remembered by that rule: it is none of those that are offered for this call. Approve it alone.`;
}

function commandsOff({ by }: Verdict, cli: QueueSettings['cli']): string | undefined {
  if (by.method !== 'watch' && cli === 'off')
    return 'The policy turns approvals by command off (approvals.cli); use holdpoint watch.';
  if (by.method === 'cli' && cli === 'tty')
    return 'The policy takes approvals by command from a terminal only (approvals.cli).';
  return undefined;
}

/** Whatever was approved so far was the tool as it was: nothing runs under another meaning. */
function changed({ held }: Hold, { definition }: Verdict): string | undefined {
  if (definition === held.definition) return undefined;
  if (held.definition === null)
    return 'The server told what this tool is only while the call waited, so nobody was shown it. Reject the call; a repeated one shows it.';
  return 'The server changed the definition of this tool while the call waited, so it cannot be approved any more. Reject it; a repeated call shows what changed.';
}

/** Nobody reads so many. */
export const MOST_LINES = 2_000;

/** What can do harm and is longer than anybody reads is not approved. */
function tooLong({ id, held }: Hold): string | undefined {
  const { level, large } = held.obligations;
  if (level === 'low' || large || held.lines <= MOST_LINES) return undefined;
  return `Hold ${id} has ${held.lines} lines, more than anybody reads, so it can only be rejected. Reject it with "split it": the agent then asks for it in parts (or say "large": true in its rule).`;
}

/** What surely only reads or writes may be approved by whoever knows how much of it they have not seen; the rest may not. */
function unseen({ id, held }: Hold, { rendered }: Verdict): string | undefined {
  if (held.obligations.seen === 'told') return undefined;
  const seen = rendered?.seen;
  if (seen === 'printed' || (seen !== undefined && seen.of > 0 && seen.lines >= seen.of)) return undefined;
  const much =
    seen === undefined || seen.of === 0
      ? 'nobody says that it was'
      : `${seen.of - seen.lines} of its ${seen.of} lines were not`;
  return `Hold ${id} must be on the screen to its end before it can be approved, and ${much}.`;
}

function unsigned({ id, held }: Hold, { signature }: Verdict): string | undefined {
  if (!held.obligations.sign || signature !== undefined) return undefined;
  return `Hold ${id} takes a signed approval only: unlock your approver key (u in holdpoint watch) and answer again.`;
}

function unconfirmed({ id, held }: Hold, verdict: Verdict, braking: Braking): string | undefined {
  const { confirm: asked, expected } = held.obligations;
  const confirm = confirmNow(asked, braking);
  const why = confirm === asked ? '' : ` ${BRAKED}`;
  if (needsText(confirm) && verdict.confirmation !== expected) {
    return `Hold ${id} asks you to type ${textWords(held)} before it can be approved.${why}`;
  }
  const proven = verdict.signature?.confirmation;
  if (needsPassphrase(confirm) && (proven === undefined || !needsPassphrase(proven))) {
    return `Hold ${id} asks for your passphrase before it can be approved.${why}`;
  }
  return undefined;
}

/** What is to be typed, as a sentence names it. */
export function textWords({ tool, obligations }: Pick<Hold['held'], 'tool' | 'obligations'>): string {
  const { expected } = obligations;
  return expected === tool ? 'the name of its tool' : `"${expected}"`;
}

function unentitled(hold: Hold, { by, signature }: Verdict, now: Now): string | undefined {
  const { id, held, tally } = hold;
  const { approvals } = held.obligations;
  const approvers = approversAt(held.obligations, now.mono - hold.openedMono);
  if (approvers !== null && (signature === undefined || !approvers.includes(by.name))) {
    return `Hold ${id} may be approved by ${approvers.join(', ') || 'nobody'} only.`;
  }
  // Whoever asks is not one of those who approve: a signature says who approves, `--as` who asks.
  if (signature !== undefined && held.caller === by.name)
    return `${by.name} asks for this call and cannot approve it: somebody else's key is needed.`;
  if (approvals < 2) return undefined;
  if (tally.some((one) => one.name === by.name || one.key === by.key)) {
    return `${by.name} has approved hold ${id} already; it needs ${approvals} different approvers.`;
  }
  return undefined;
}
