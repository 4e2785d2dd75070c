/** How long a client waits for one tool call, and whether progress notifications extend it. */
interface ClientLimit {
  /** Undefined: it waits as long as any hold. */
  answerWithinMs: number | undefined;
  progressExtends: boolean;
}

/** SDK clients wait 60 s and most do not let progress extend it (research/protocol.md 1, tried). */
const UNKNOWN: ClientLimit = { answerWithinMs: 50_000, progressExtends: false };

/** By the name in `clientInfo`; ten seconds less than the limit measured or reported (research/clients.md 3, protocol.md 1). */
const KNOWN: Record<string, ClientLimit> = {
  'codex-mcp-client': { answerWithinMs: 290_000, progressExtends: false },
  opencode: { answerWithinMs: 50_000, progressExtends: true },
  'gemini-cli-mcp-client': { answerWithinMs: 590_000, progressExtends: false },
  'claude-ai': { answerWithinMs: 230_000, progressExtends: false },
  'claude-code': { answerWithinMs: undefined, progressExtends: true },
  'Visual Studio Code': { answerWithinMs: undefined, progressExtends: true },
};

/**
 * Within how many ms a held call must be answered, by the client's claimed name; undefined when it may wait as
 * long as the hold. A client that names itself falsely only shortens or loses its own waiting.
 */
export function answerWithinMs(client: string | undefined, hasProgressToken: boolean): number | undefined {
  const limit = (client !== undefined && Object.hasOwn(KNOWN, client) ? KNOWN[client] : undefined) ?? UNKNOWN;
  return limit.progressExtends && hasProgressToken ? undefined : limit.answerWithinMs;
}
