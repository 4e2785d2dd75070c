import { Redactor } from '../audit/redact.ts';
import type { BesideLog } from '../audit/verify-beside.ts';
import { AppliedState } from '../config/applied-state.ts';
import type { Home } from '../config/home.ts';
import { knownRedactionKey } from '../config/redaction-key.ts';
import { SessionCounter } from './session-counter.ts';

/** What this home's state folder says of what its log says too. Changes nothing; what cannot be read counts as damaged. */
export function besideLog(home: Home): BesideLog {
  return {
    count: orDamaged(() => new SessionCounter(home).read()),
    policies: orDamaged(() => policiesOf(new AppliedState(home))),
    maskKey: orDamaged(() => keyNameOf(home)),
  };
}

function policiesOf(state: AppliedState): BesideLog['policies'] {
  if (!state.exists) return null;
  if (state.damage !== undefined) return undefined;
  return state.all().map(([, { file, digest }]) => ({ file, digest }));
}

function keyNameOf(home: Home): string | null {
  const key = knownRedactionKey(home);
  return key === undefined ? null : new Redactor(key, []).keyName;
}

function orDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
