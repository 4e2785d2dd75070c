import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sha256Hex } from '../platform/digest.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { StateFile } from '../platform/state-file.ts';
import type { PolicyFile } from './find-policy.ts';
import type { Seal } from './seals.ts';

/** A policy text, and who signed it. */
export interface Signed {
  text: string;
  seal: Seal;
}

/** A policy text that a person applied, or the first ever seen. */
export interface Applied {
  file: string;
  digest: string;
  text: string;
  at: string;
  /** Of the approver who put it into force. */
  seal?: Seal | undefined;
  /** Where rules were taken out of what an approver signed: that. */
  signed?: Signed | undefined;
}

interface AppliedDocument {
  version: 1;
  /** By slot: `user` for the home's own file, else the absolute path given to `--policy`. */
  applied: Record<string, Applied>;
  /** Slots that servers ran with when there was no policy for them: a later file is not the first thing ever seen. */
  without?: string[];
  /** By slot: of the approver who took a policy out of force, or found none. */
  absent?: Record<string, Seal>;
}

/** How a change comes about. */
export interface Put {
  /** Of the approver who made it. */
  seal?: Seal | undefined;
  /** What was signed, where this is that less some rules. */
  signed?: Signed | undefined;
  /** Called when only the last step is left to do; what it throws keeps the change from counting. */
  record?: (() => void) | undefined;
  /** What must be in force still, undefined for nothing: the change was made from it. Without this it is not looked at. */
  expected?: { digest: string | undefined } | undefined;
}

export const USER_SLOT = 'user';
/** The first record of a session is looked for in so much of its file. */
const HEAD_BYTES = 512;
const MOST_HEADS = 50;

export function policyDigest(text: string): string {
  return sha256Hex(text);
}

/** Names what counts of a text that nobody applied. `digest` is that of the text. */
export function unappliedDigest(digest: string): string {
  return policyDigest(`unapplied ${digest}`);
}

/** An entry whose text is not the one of its digest was edited by hand. */
function isDocument(data: unknown): boolean {
  const { applied } = (data ?? {}) as { applied?: unknown };
  if (typeof applied !== 'object' || applied === null || Array.isArray(applied)) return false;
  return Object.values(applied).every(
    (one: Partial<Applied> | null) =>
      typeof one?.text === 'string' && typeof one.file === 'string' && one.digest === policyDigest(one.text),
  );
}

/** Which policy texts are in force: `state/policies.json`. */
export class AppliedState {
  private readonly home: Home;
  private readonly state: StateFile<AppliedDocument>;

  constructor(home: Home) {
    this.home = home;
    this.state = new StateFile(
      join(home.state, 'policies.json'),
      () => ({ version: 1, applied: {} }),
      isDocument,
    );
  }

  get exists(): boolean {
    return this.state.exists;
  }

  of(slot: string): Applied | undefined {
    return this.state.read().applied[slot];
  }

  /** Every applied text, by its slot; none of a damaged document. */
  all(): [slot: string, applied: Applied][] {
    return this.damage === undefined ? Object.entries(this.state.read().applied) : [];
  }

  /** Sets a damaged document aside; the sentence about it. */
  heal(): string | undefined {
    return this.state.heal();
  }

  /** The sentence about a damaged document. */
  get damage(): string | undefined {
    return this.state.load().damage;
  }

  put(
    slot: string,
    { path, text }: Pick<PolicyFile, 'path' | 'text'>,
    { seal, signed, record, expected }: Put = {},
  ): void {
    this.state.update((data) => {
      assertStill(data.applied[slot], expected, path);
      const at = new Date().toISOString();
      const by = { ...(seal && { seal }), ...(signed && { signed }) };
      data.applied[slot] = { file: path, digest: policyDigest(text), text, at, ...by };
      delete data.absent?.[slot];
    }, record);
  }

  /** As the first ever seen: once, though several servers start at the same instant. */
  putFirst(slot: string, file: Pick<PolicyFile, 'path' | 'text'>, record: () => void): void {
    let already = false;
    this.state.update(
      (data) => {
        already = data.applied[slot] !== undefined;
        const { path, text } = file;
        data.applied[slot] ??= { file: path, digest: policyDigest(text), text, at: new Date().toISOString() };
      },
      () => {
        if (!already) record();
      },
    );
  }

  remove(slot: string, { seal, record, expected }: Put = {}): void {
    this.state.update((data) => {
      assertStill(data.applied[slot], expected, slot);
      delete data.applied[slot];
      data.without = [...new Set([...(data.without ?? []), slot])];
      if (seal !== undefined) data.absent = { ...data.absent, [slot]: seal };
    }, record);
  }

  /** What an approver signed who took the slot's policy out of force. */
  absenceOf(slot: string): Seal | undefined {
    return this.state.read().absent?.[slot];
  }

  /** Puts seals under what is in force, by slot. */
  seal(seals: ReadonlyMap<string, Seal>): void {
    this.state.update((data) => {
      for (const [slot, seal] of seals) {
        const applied = data.applied[slot];
        if (applied === undefined) data.absent = { ...data.absent, [slot]: seal };
        else applied.seal = seal;
      }
    });
  }

  /** Says for later that servers have run without a policy in this slot. */
  ranWithout(slot: string): void {
    if (this.state.read().without?.includes(slot) !== true) this.remove(slot);
  }

  /**
   * Whether a file in this slot may be the first ever seen. A home in use that lost its document, or in which only
   * now a policy turns up, is no new one: whoever wants a changed policy applied would only have to remove it.
   */
  mayBeFirst(slot: string): boolean {
    const { data, damage } = this.state.load();
    if (this.state.exists) return damage === undefined && data.without?.includes(slot) !== true;
    return !this.leftDamage() && !ranBefore(this.home);
  }

  private leftDamage(): boolean {
    const { file } = this.state;
    return namesIn(dirname(file)).some((name) => name.startsWith(`${basename(file)}.corrupt-`));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a proxy has recorded anything in this home. */
function ranBefore({ audit }: Home): boolean {
  const files = namesIn(audit).flatMap((month) =>
    namesIn(join(audit, month)).map((name) => join(audit, month, name)),
  );
  return files.length > MOST_HEADS || files.some((file) => headOf(file).includes('"kind":"run"'));
}

function headOf(file: string): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.toString('utf8', 0, readSync(fd, head));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function assertStill(applied: Applied | undefined, expected: Put['expected'], file: string): void {
  if (expected === undefined || applied?.digest === expected.digest) return;
  throw new PlainError(
    `Another text of ${file} was applied by somebody else just now. Run "holdpoint policy apply" again to see the difference.`,
  );
}
