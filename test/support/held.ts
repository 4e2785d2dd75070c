import type { HoldView, SessionView } from '../../src/approvals/channel/messages.ts';
import type { HeldCall, Hold } from '../../src/approvals/holding/hold.ts';
import type { ShownFacts } from '../../src/policy/decide/call-facts.ts';
import { obligations } from './obligations.ts';

/** Of a call of which nothing is known. */
const NO_FACTS: ShownFacts = {
  definition: null,
  risk: null,
  unsure: false,
  reversibility: 'unknown',
  listing: 'never',
};

/** Of a call of this class: one key, whatever it is. */
function seenOf(risk: ShownFacts['risk'] | undefined): { seen: 'all' | 'told' } {
  return { seen: risk === 'read' || risk === 'write' ? 'told' : 'all' };
}

/** A held call as the waiting room has it. */
export function heldCall(more: Partial<HeldCall> = {}): HeldCall {
  return {
    call: 1,
    server: 's',
    tool: 't',
    argumentsText: '{}',
    digest: 'd1',
    callDigest: 'c1',
    bytes: 10,
    lines: 1,
    keyed: false,
    caller: undefined,
    client: 'cli',
    rule: 'default',
    reason: 'r',
    matched: ['default'],
    ...NO_FACTS,
    accepts: null,
    offers: null,
    obligations: obligations(seenOf(more.risk)),
    ...more,
  };
}

/** A hold as a terminal gets it. */
export function holdView(id: string, more: Partial<HoldView> = {}): HoldView {
  const { bytes: _, ...call } = heldCall();
  return {
    ...call,
    id,
    nonce: 'n'.repeat(32),
    approvedBy: [],
    matched: [],
    server: 'fs',
    tool: 'write_file',
    digest: id.padEnd(64, '0'),
    callDigest: id.padEnd(64, '1'),
    caller: null,
    client: null,
    openedAt: '2026-11-24T00:00:00.000Z',
    expiresAt: '2036-11-24T00:30:00.000Z',
    answerBy: null,
    before: null,
    state: 'live',
    obligations: obligations({ timeoutMs: 1000, ...seenOf(more.risk) }),
    ...more,
  };
}

/** A session as a terminal gets it. */
export function sessionView(more: Partial<SessionView> = {}): SessionView {
  return {
    session: 's1',
    server: 'fs',
    pid: 1,
    ancestors: [],
    terminal: null,
    client: null,
    startedAt: '2026-11-24T00:00:00.000Z',
    folder: null,
    cli: 'person',
    command: 'c0',
    policy: 'p0',
    redact: [],
    grants: [],
    brake: false,
    enrolled: false,
    notices: [],
    ...more,
  };
}

/** A hold as the waiting room has it, opened now. */
export function holdOf(id: string, more: Partial<HeldCall> = {}, forMs = 1_800_000): Hold {
  const [openedAt, openedMono] = [Date.now(), performance.now()];
  return {
    id,
    held: heldCall(more),
    state: 'live',
    request: `"${id}"`,
    openedAt,
    openedMono,
    expiresAt: openedAt + forMs,
    expiresMono: openedMono + forMs,
    answerByMono: undefined,
    answerBy: undefined,
    nonce: 'n'.repeat(32),
    tally: [],
  };
}
