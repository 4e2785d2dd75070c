import type { Keyed } from '../approvals/signed-answer.ts';
import { Redactor } from '../audit/redact.ts';
import type { Home } from '../config/home.ts';
import { redactionKey } from '../config/redaction-key.ts';

/** Digests under a home's key, as its proxies record them; the key is read when one is first needed. */
export function keyedFor(home: Home): Keyed {
  let redactor: Redactor | undefined;
  return (digest) => {
    redactor ??= new Redactor(redactionKey(home), []);
    return redactor.keyed(digest);
  };
}
