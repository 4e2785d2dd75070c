import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Seal } from '../config/seals.ts';
import type { Home } from '../platform/home.ts';
import { StateFile } from '../platform/state-file.ts';
import type { RiskClass } from '../risk/classes/risk-class.ts';

/** A tool as it was when somebody accepted it, or as it was seen since. */
export interface PinnedTool {
  /** SHA-256 of its definition in canonical JSON. */
  digest: string;
  /** The definition itself, as JSON; empty when it was too long to be kept. */
  definition: string;
  /** What a person said that it may do: `holdpoint tools class`. */
  class?: RiskClass;
}

export interface ToolSet {
  /** Digest of the server's command. */
  command: string;
  /** Of a remote server: where it is, as origin and path. */
  address?: string | undefined;
  at: string;
  tools: Record<string, PinnedTool>;
}

export interface ServerPins extends ToolSet {
  /** Who accepted them, and how: `approved`, `accepted`, `trusted first`, or `first sight` when nobody was asked. */
  by: string;
  how: 'approved' | 'accepted' | 'trusted first' | 'first sight';
  /** Of the approver who accepted them. */
  seal?: Seal | undefined;
  /** What was seen since and is not accepted. */
  seen?: ToolSet | undefined;
}

interface PinsDocument {
  version: 1;
  servers: Record<string, ServerPins>;
}

function isPins(one: unknown): boolean {
  const { command, tools } = (one ?? {}) as Partial<ServerPins>;
  return typeof command === 'string' && typeof tools === 'object' && tools !== null;
}

function isDocument(data: unknown): boolean {
  const { servers } = (data ?? {}) as { servers?: unknown };
  return typeof servers === 'object' && servers !== null && Object.values(servers).every(isPins);
}

/** What is known of the tools of each server, by its name: `state/pins.json`. */
export class PinsFile {
  private readonly state: StateFile<PinsDocument>;

  constructor(home: Home) {
    this.state = new StateFile(
      join(home.state, 'pins.json'),
      () => ({ version: 1, servers: {} }),
      isDocument,
    );
  }

  all(): Record<string, ServerPins> {
    return this.state.read().servers;
  }

  of(server: string): ServerPins | undefined {
    const { servers } = this.state.read();
    return Object.hasOwn(servers, server) ? servers[server] : undefined;
  }

  /** The sentence about a damaged document, which is set aside: then no server is known. */
  heal(): string | undefined {
    return this.state.heal();
  }

  /** `record` is called when only the last step is left to do; what it throws keeps the tools from counting. */
  put(server: string, pins: ServerPins, record?: () => void): void {
    this.state.update((data) => {
      data.servers[server] = pins;
    }, record);
  }

  /** Keeps what was seen beside what was accepted. */
  saw(server: string, seen: ToolSet): void {
    this.state.update((data) => {
      const pins = data.servers[server];
      if (pins !== undefined) pins.seen = seen;
    });
  }

  /** Changes when the document does: cheaper than reading it. */
  stamp(): string {
    const stat = statSync(this.state.file, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
  }
}
