import { join } from 'node:path';
import type { Home } from '../platform/home.ts';
import { StateFile } from '../platform/state-file.ts';

interface Document {
  version: 1;
  /** By client name. */
  limits: Record<string, { ms: number; at: string }>;
}

/** Clients are updated and configured anew; what one of them taught longer ago than this is tried again. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
/** Names are the clients' own claims. */
const MOST_CLIENTS = 100;

function isDocument(data: unknown): boolean {
  const { limits } = (data ?? {}) as { limits?: unknown };
  if (typeof limits !== 'object' || limits === null) return false;
  return Object.values(limits).every((one) => typeof one?.ms === 'number' && typeof one?.at === 'string');
}

/** How long clients were seen to wait before they gave up on a call: kept, so that no session learns it anew. */
export class LearnedLimitsFile {
  private readonly state: StateFile<Document>;

  constructor(home: Home) {
    this.state = new StateFile<Document>(
      join(home.state, 'client-limits.json'),
      () => ({ version: 1, limits: {} }),
      isDocument,
    );
  }

  /** Sets a damaged file aside; the sentence about it. Throws a PlainError when it cannot. */
  heal(): string | undefined {
    return this.state.heal();
  }

  /** By client name, in ms. Throws a PlainError for a file that cannot be read. */
  read(now: number): Record<string, number> {
    const { limits } = this.state.read();
    const fresh = Object.entries(limits).filter(([, { at }]) => now - Date.parse(at) < KEEP_MS);
    return Object.fromEntries(fresh.map(([client, { ms }]) => [client, ms]));
  }

  /** Throws a PlainError when it cannot be written. */
  write(client: string, ms: number, now: number): void {
    this.state.update((data) => {
      const others = Object.entries(data.limits).filter(([name]) => name !== client);
      const kept = others.slice(-(MOST_CLIENTS - 1));
      data.limits = Object.fromEntries([...kept, [client, { ms, at: new Date(now).toISOString() }]]);
    });
  }
}
