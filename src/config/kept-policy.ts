import { createHmac, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../platform/digest.ts';
import { ensurePrivateFolder, type Home } from '../platform/home.ts';
import { beside, removeQuietly, writeWhole } from '../platform/new-file.ts';
import { KeptConditions } from '../policy/source/kept-conditions.ts';
import { KEPT_VERSION, keptText, layerOfKept } from '../policy/source/kept-layer.ts';
import { AppliedState } from './applied-state.ts';
import { areExpected, expectedLayers } from './expected-layers.ts';
import { type InForce, inForceOf } from './in-force.ts';
import type { LayerInForce } from './layer-in-force.ts';
import { type PolicyContext, type PolicySources, policySources } from './policy-sources.ts';

/** Servers and folders that a home keeps a policy for; the oldest goes. */
const MOST_KEPT = 32;

/** What a start told besides the layers, and what it was made of. */
interface Head extends Pick<InForce, 'notices' | 'changes'> {
  /** Digest of the sources. */
  sources: string;
  context: PolicyContext;
}

/**
 * The policies of a home as they were compiled, in `state/compiled`, one file for each way to look for one: a line
 * with the MAC of all that follows, a line with what it was made of, a line for each layer. A start for which nothing
 * changed takes the layers from there and loads no reader of policies. Nothing of a file is believed before its MAC,
 * and which texts count, and how, a start works out by itself: a layer is believed to say what its text says, no more.
 */
export class KeptPolicies {
  private readonly home: Home;
  private readonly key: Uint8Array;

  /** `key`: the home's, from which one for this purpose is made. */
  constructor(home: Home, key: Uint8Array) {
    this.home = home;
    this.key = createHmac('sha256', key).update('holdpoint kept policy').digest();
  }

  /** The policy in force by what was kept; undefined when there is none, or anything changed. Never throws. */
  read(context: PolicyContext, sources: PolicySources): InForce | undefined {
    try {
      const [head, ...lines] = this.proven(this.fileOf(context));
      if (head === undefined) return undefined;
      const { sources: kept, notices, changes } = JSON.parse(head) as Head;
      const state = new AppliedState(this.home);
      if (kept !== sources.digest || !state.exists || state.damage !== undefined) return undefined;
      const expected = expectedLayers(sources, state, context);
      if (lines.length !== expected.length) return undefined;
      const conditions = new KeptConditions();
      const layers = expected.map((one, index): LayerInForce => {
        const layer = layerOfKept(lines[index] ?? '', conditions);
        return { ...one, layer, notices: [], changes: [] };
      });
      return { ...inForceOf(layers), notices, changes, compiled: lines.map(formDigest) };
    } catch {
      return undefined;
    }
  }

  /**
   * Keeps a policy for the next start, if it is one that the next start comes to by itself: `before`, what lay there
   * before it was loaded, lies there still. Never throws: only time was to be saved. True when it was kept.
   */
  keep(context: PolicyContext, before: PolicySources, { layers, notices, changes }: InForce): boolean {
    try {
      const { home } = this;
      const sources = policySources(home, context);
      const state = new AppliedState(home);
      if (sources.digest !== before.digest || !state.exists || state.damage !== undefined) return false;
      // A seal, what did not compile, or a first start that has yet to apply something decides of others.
      if (layers.some(({ unsealed }) => unsealed === true)) return false;
      if (!areExpected(layers, expectedLayers(sources, state, context))) return false;
      const head: Head = { sources: sources.digest, context, notices, changes };
      this.write(context, [JSON.stringify(head), ...layers.map(({ layer }) => keptText(layer))]);
      return true;
    } catch {
      return false;
    }
  }

  /** What policies are kept for here, as far as their MAC proves it. */
  contexts(): PolicyContext[] {
    return names(this.folder).flatMap((name) => {
      try {
        const [head] = this.proven(join(this.folder, name));
        return head === undefined ? [] : [(JSON.parse(head) as Head).context];
      } catch {
        return [];
      }
    });
  }

  private get folder(): string {
    return join(this.home.state, 'compiled');
  }

  private fileOf({ named, workingFolder, administrator }: PolicyContext): string {
    const name = sha256Hex(JSON.stringify([named ?? null, workingFolder, administrator]));
    return join(this.folder, `${name.slice(0, 16)}.jsonl`);
  }

  /** The lines of a file that this home wrote. */
  private proven(file: string): string[] {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    const given = Buffer.from(text.slice(0, end));
    const made = Buffer.from(this.macOf(body));
    if (given.length !== made.length || !timingSafeEqual(given, made)) return [];
    return body.split('\n').slice(0, -1);
  }

  private macOf(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('hex');
  }

  /** Not synced: what a power cut leaves of it proves nothing, and is compiled anew. */
  private write(context: PolicyContext, lines: readonly string[]): void {
    ensurePrivateFolder(this.folder);
    const file = this.fileOf(context);
    const temporary = beside(file);
    const body = lines.map((line) => `${line}\n`).join('');
    try {
      writeWhole(temporary, `${this.macOf(body)}\n${body}`, false);
      renameSync(temporary, file);
    } catch (error) {
      removeQuietly(temporary);
      throw error;
    }
    this.thin();
  }

  private thin(): void {
    const files = names(this.folder).map((name) => join(this.folder, name));
    if (files.length <= MOST_KEPT) return;
    const age = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const oldest = files.map((file) => ({ file, at: age(file) })).sort((a, b) => a.at - b.at);
    for (const { file } of oldest.slice(0, files.length - MOST_KEPT)) removeQuietly(file);
  }
}

/** Names what is kept of a layer in a session's record: its version, and the SHA-256 of its line. */
export function formDigest(line: string): string {
  return `${KEPT_VERSION}:${sha256Hex(line)}`;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
