import { PlainError } from '../../platform/plain-error.ts';
import type { TeamSettings } from '../../policy/decide/types.ts';

interface Fault {
  name?: unknown;
  code?: unknown;
  message: string;
  cause?: unknown;
}

/** NATS's code for another message being there than the one that was named as the last. */
const WRONG_LAST = 10071;

/** Whether something was not added because another one is there already. */
export function isTaken(error: unknown): boolean {
  const { code, message } = error as Fault;
  return code === WRONG_LAST || /wrong last sequence/.test(message);
}

/** What went wrong at the relay, as a sentence with the way out. */
export function relayFault(error: unknown, team: TeamSettings, done: string): PlainError {
  if (error instanceof PlainError) return error;
  const { url, space } = team;
  const at = url.join(', ');
  return new PlainError(`${sentence(error as Fault, team)} (${at}, space ${space}, not ${done})`, 1, {
    cause: error,
  });
}

function sentence(error: Fault, { credentials, ca, space }: TeamSettings): string {
  const cause = error.cause as Fault | undefined;
  const text = `${error.name} ${error.message} ${cause?.message ?? ''} ${cause?.code ?? error.code ?? ''}`;
  if (/Permissions? ?Violation/i.test(text))
    return `The relay does not permit this: ${error.message}. "holdpoint team permissions" prints what each role needs.`;
  if (/Authorization|Authentication|nkeys|JWT/i.test(text))
    return credentials === undefined
      ? 'The relay wants credentials, and the policy\'s "team" names none.'
      : `The relay refuses the credentials in ${credentials}: take others, or let its administrator renew them.`;
  if (/CERT_HAS_EXPIRED/.test(text))
    return 'The certificate of the relay has expired: its administrator must renew it.';
  if (/self.signed|UNABLE_TO|CERT|certificate|ALTNAME/i.test(text))
    return ca === undefined
      ? `The certificate of the relay cannot be verified (${error.message}): name its authority's file as the team's "ca".`
      : `The certificate of the relay cannot be verified by ${ca} (${error.message}).`;
  if (/not enabled for account/i.test(text))
    return 'The relay has no JetStream for this account: its administrator must enable it ("jetstream: enabled").';
  if (
    /(resource|storage).*(exceeded|insufficient)|insufficient (storage|resources)|maximum bytes|no space left/i.test(
      text,
    )
  )
    return `The relay has no room left (${error.message}): its administrator must give JetStream more of it.`;
  if (/replicas > 1|no suitable peers/i.test(text))
    return 'The relay has too few servers for so many replicas: leave --replicas out, or give the cluster more servers.';
  if (/stream not found|StreamNotFound|10059/i.test(text))
    return `The relay knows no space "${space}": make it with "holdpoint team init", or correct the team's "space".`;
  if (/no responders|NoResponders|JetStreamNotEnabled/i.test(text))
    return `The relay does not answer for the space "${space}": it has no JetStream, does not know the space ("holdpoint team init" makes it), or its servers choose a leader at this moment.`;
  if (/maximum payload|MAX_PAYLOAD|message size/i.test(text)) return 'This is longer than the relay takes.';
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout|Connection/i.test(text))
    return `The relay cannot be reached: ${cause?.message ?? error.message}.`;
  return `The relay failed: ${error.message}.`;
}
