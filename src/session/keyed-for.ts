import type { Keyed } from '../approvals/signing/signed-answer.ts';
import { Redactor } from '../audit/writing/redact.ts';
import { redactionKey } from '../audit/writing/redaction-key.ts';
import type { Home } from '../platform/home.ts';

/** Digests under a home's key, as its proxies record them; the key is read when one is first needed. */
export function keyedFor(home: Home): Keyed {
  let redactor: Redactor | undefined;
  return (digest) => {
    redactor ??= new Redactor(redactionKey(home), []);
    return redactor.keyed(digest);
  };
}
