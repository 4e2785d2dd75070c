import { visible } from '../../text/visible.ts';

/** What went wrong on the way, by the code that Node or undici gives it; each completes "HOST …". */
const SAID: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is not known to the network: check the address',
  EAI_AGAIN: 'could not be looked up: is this machine connected?',
  ECONNREFUSED: 'refuses connections: is the server running, and is the port right?',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  UND_ERR_SOCKET: 'broke the connection',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet: is the clock of this machine right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate of another name',
  HPE_HEADER_OVERFLOW: 'answered with headers that are too long',
  UND_ERR_HEADERS_OVERFLOW: 'answered with headers that are too long',
};

const UNTRUSTED =
  'shows a certificate that this machine does not trust: give the file of its issuer in NODE_EXTRA_CA_CERTS if you do';

/** Why a request failed, as a sentence without its full stop that begins with the host. */
export function httpFault(error: Error, host: string): string {
  const cause = innermost(error);
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const known = SAID[code] ?? (isTrust(code) ? UNTRUSTED : undefined);
  if (known !== undefined) return `${host} ${known}`;
  if (/^ERR_SSL|^EPROTO/.test(code))
    return `${host} could not agree on encryption with this machine (${visible(code)})`;
  if (code.startsWith('HPE_')) return `${host} does not speak HTTP`;
  return `the connection to ${host} failed (${visible(cause.message)})`;
}

function isTrust(code: string): boolean {
  return /^(?:DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH)/.test(code);
}

/** Several addresses that were tried in vain come as one error of many. */
function innermost(error: Error): Error {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  const first = errors?.[0] ?? cause;
  return first instanceof Error && first !== error ? innermost(first) : error;
}
