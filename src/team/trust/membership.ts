import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { StateFile } from '../../platform/state-file.ts';
import type { Invitation } from './invitation.ts';

/** That a home belongs to a space, and the machine's own secret. */
export interface Membership extends Invitation {
  /** What this machine is called in the space. */
  machine: string;
  /** The 32 bytes that its keys are made of, base64url. */
  seed: string;
  /** ISO 8601. */
  joinedAt: string;
}

interface Document {
  version: 1;
  membership: Membership | null;
  /** By machine: the id of the key that it had when it was first seen. */
  machines: Record<string, string>;
  /** The latest version of the team's policy that was in force here; absent: none ever was. */
  policyVersion?: number;
  /** When the stream of the log's copy was made, as this home saw it first; ISO 8601. */
  logMade?: string;
}

/** A machine's name is a part of subjects. */
export const MACHINE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

function isMembership(value: unknown): value is Membership {
  if (typeof value !== 'object' || value === null) return false;
  const { space, root, secret, machine, seed, joinedAt } = value as Record<string, unknown>;
  return (
    [space, root, secret, seed, joinedAt].every((one) => typeof one === 'string') &&
    MACHINE_NAME.test(String(machine))
  );
}

/** `state/team.json`: the space of this home, 0600 for it holds secrets. */
export class MembershipFile {
  private readonly state: StateFile<Document>;
  private readonly path: string;

  constructor(home: Home) {
    this.path = join(home.state, 'team.json');
    this.state = new StateFile<Document>(
      this.path,
      () => ({ version: 1, membership: null, machines: {} }),
      (data) => {
        const { membership, machines } = (data ?? {}) as Partial<Document>;
        return (
          typeof machines === 'object' &&
          machines !== null &&
          (membership === null || isMembership(membership))
        );
      },
    );
  }

  private load(): Document {
    const { data, damage } = this.state.load();
    if (damage === undefined) return data;
    throw new PlainError(`${damage} Restore it from a copy, or leave (holdpoint team leave) and join anew.`);
  }

  /** Undefined for a home that belongs to none. Throws a PlainError for a damaged file. */
  read(): Membership | undefined {
    return this.load().membership ?? undefined;
  }

  /** `record` is called before it counts; nothing counts when it throws. */
  join(membership: Membership, record: () => void): void {
    this.state.update((data) => {
      data.membership = membership;
      data.machines = {};
      delete data.policyVersion;
      delete data.logMade;
    }, record);
  }

  /** The latest version of the team's policy that was in force here; 0: none ever was. */
  get policyVersion(): number {
    return this.load().policyVersion ?? 0;
  }

  /** When the stream of the log's copy was made, as this home saw it first. */
  get logMade(): string | undefined {
    return this.load().logMade;
  }

  logSeen(made: string): void {
    if (this.logMade !== undefined) return;
    this.state.update((data) => {
      data.logMade ??= made;
    });
  }

  policySeen(version: number): void {
    this.state.update((data) => {
      data.policyVersion = Math.max(data.policyVersion ?? 0, version);
    });
  }

  leave(record: () => void): void {
    this.state.update((data) => {
      data.membership = null;
      data.machines = {};
      delete data.policyVersion;
      delete data.logMade;
    }, record);
  }

  /** True for the key that this machine of the space has had since it was first seen. */
  isKnown(machine: string, key: string): boolean {
    const known = this.load().machines[machine];
    if (known !== undefined) return known === key;
    this.state.update((data) => {
      data.machines[machine] ??= key;
    });
    return this.load().machines[machine] === key;
  }
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
