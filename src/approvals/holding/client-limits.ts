/** How long a client waits for one tool call, and whether progress notifications extend it. */
interface ClientLimit {
  /** Undefined: it waits as long as any hold. */
  answerWithinMs: number | undefined;
  progressExtends: boolean;
}

/** SDK clients wait 60 s and most do not let progress extend it (tried with the TypeScript SDK, 1.32 and 2.4). */
const UNKNOWN: ClientLimit = { answerWithinMs: 50_000, progressExtends: false };

/** By the name in `clientInfo`; ten seconds less than the limit that was measured, or that its users report. */
const KNOWN: Record<string, ClientLimit> = {
  'codex-mcp-client': { answerWithinMs: 290_000, progressExtends: false },
  opencode: { answerWithinMs: 50_000, progressExtends: true },
  'gemini-cli-mcp-client': { answerWithinMs: 590_000, progressExtends: false },
  'claude-ai': { answerWithinMs: 230_000, progressExtends: false },
  'claude-code': { answerWithinMs: undefined, progressExtends: true },
  'Visual Studio Code': { answerWithinMs: undefined, progressExtends: true },
  'Visual Studio Code - Insiders': { answerWithinMs: undefined, progressExtends: true },
};

/** How much earlier than its client's limit a call is answered: ten seconds, or a fifth of a short one. */
const MARGIN_MS = 10_000;
const SHORT_MARGIN = 0.2;
/** A client that gave up sooner than this did not wait for a person at all: nothing is learned from it. */
const LEAST_MS = 1_000;

/** "Request timed out", "-32001: Request timed out", "timeout": as SDKs, opencode and gemini say it (measured). */
const TIMED_OUT = /time[ds]?[\s_-]*out|-32001/i;

/** Whether a client's reason for a cancellation says that its patience ended, not its user's wish. */
export function isTimeOut(reason: string): boolean {
  return TIMED_OUT.test(reason);
}

/** By client name: the longest that it was seen to wait, in ms. */
export type LearnedLimits = Record<string, number>;

/**
 * What is known of clients' patience: a table of measured limits, and what their own cancellations have taught. A
 * client that names itself falsely only shortens or loses its own waiting.
 */
export class ClientLimits {
  private readonly learned: Map<string, number>;
  private readonly onLearned: (client: string, ms: number) => void;
  private readonly statedMs: number | undefined;

  /** `statedMs`: the limit that the client's own configuration gives this server. */
  constructor(learned: LearnedLimits, onLearned: (client: string, ms: number) => void, statedMs?: number) {
    this.learned = new Map(Object.entries(learned));
    this.onLearned = onLearned;
    this.statedMs = statedMs;
  }

  /**
   * Within how many ms a held call must be answered; undefined when it may wait as long as the hold. `setting` is
   * the policy's `answerWithin`.
   */
  answerWithinMs(
    client: string | undefined,
    hasProgressToken: boolean,
    setting: number | 'auto',
  ): number | undefined {
    const stated = this.statedMs === undefined ? tabled(client, hasProgressToken) : before(this.statedMs);
    const wanted = setting === 'auto' ? stated : setting;
    const limit = this.learned.get(this.key(client));
    if (limit === undefined) return wanted;
    return Math.min(wanted ?? Number.POSITIVE_INFINITY, before(limit));
  }

  /** What it taught before its limit was stated, or under another, says nothing of this one. */
  private key(client: string | undefined): string {
    return this.statedMs === undefined ? (client ?? '') : `${client ?? ''} (told ${this.statedMs} ms)`;
  }

  /** The client gave up on a call after so long, and said that its time was over. */
  timedOut(client: string | undefined, afterMs: number): void {
    const key = this.key(client);
    const known = this.learned.get(key) ?? Number.POSITIVE_INFINITY;
    const limit = Math.floor(afterMs);
    if (limit < LEAST_MS || limit >= known) return;
    this.learned.set(key, limit);
    this.onLearned(key, limit);
  }
}

/** When a call must be answered whose client waits so long. */
function before(limitMs: number): number {
  return limitMs - Math.min(MARGIN_MS, limitMs * SHORT_MARGIN);
}

function tabled(client: string | undefined, hasProgressToken: boolean): number | undefined {
  const limit = (client !== undefined && Object.hasOwn(KNOWN, client) ? KNOWN[client] : undefined) ?? UNKNOWN;
  return limit.progressExtends && hasProgressToken ? undefined : limit.answerWithinMs;
}
