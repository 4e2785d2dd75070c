import { existsSync } from 'node:fs';
import { IndexCheck } from '../audit/limits/index-check.ts';
import { readIndex } from '../audit/limits/index-file.ts';
import type { BesideLog } from '../audit/verify/verify-beside.ts';
import { Redactor } from '../audit/writing/redact.ts';
import { knownRedactionKey } from '../audit/writing/redaction-key.ts';
import { SessionCounter } from '../audit/writing/session-counter.ts';
import { AppliedState } from '../config/applied-state.ts';
import type { Home } from '../platform/home.ts';
import { StopFile } from '../platform/stop-file.ts';
import { limitsIndex } from './limits-index.ts';

/** What this home's state folder says of what its log says too. Changes nothing; what cannot be read counts as damaged. */
export function besideLog(home: Home): BesideLog {
  return {
    count: orDamaged(() => new SessionCounter(home).read()),
    policies: orDamaged(() => policiesOf(new AppliedState(home))),
    stopped: new StopFile(home).read() !== undefined,
    maskKey: orDamaged(() => keyNameOf(home)),
    limits: orDamaged(() => limitsOf(home)),
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

function limitsOf(home: Home): BesideLog['limits'] {
  const file = limitsIndex(home);
  if (!existsSync(file)) return null;
  const key = knownRedactionKey(home);
  const index = key && readIndex({ file, key });
  return index && new IndexCheck(index);
}

function orDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
