import { visible } from '../../text/visible.ts';

/** What went wrong on the way, by the code that Node or undici gives it; each completes "HOST …". */
const SAID: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is not known to the network: check the address',
  EAI_AGAIN: 'could not be looked up: look whether this machine is connected',
  ECONNREFUSED: 'refuses connections: look whether it runs, and at the port',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer',
  UND_ERR_SOCKET: 'broke the connection',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet: look at the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate of another name',
  HPE_HEADER_OVERFLOW: 'answered with headers that are too long',
  UND_ERR_HEADERS_OVERFLOW: 'answered with headers that are too long',
};

const UNTRUSTED =
  'shows a certificate that this machine does not trust: give the file of its issuer in NODE_EXTRA_CA_CERTS if you do';

/** The way by a proxy did not come to stand: nothing of a request was sent. */
export class ProxyFault extends Error {
  /** Name and port of the proxy. */
  readonly proxy: string;

  constructor(proxy: string, cause: unknown) {
    super('the proxy did not open the way', { cause });
    this.proxy = proxy;
  }
}

/** How a proxy says that it opens no way. */
const NO_TUNNEL = /^Proxy response \((\d{3})\)/;

/** Why a request failed, as a sentence without its full stop. */
export function httpFault(error: Error, host: string): string {
  const proxy = chainOf(error).find((one) => one instanceof ProxyFault);
  if (proxy !== undefined)
    return `${host} is reached by a proxy (HTTPS_PROXY), and ${directFault(innermost(proxy), proxy.proxy)}`;
  return directFault(innermost(error), host);
}

function directFault(cause: Error, host: string): string {
  const [, refused] = NO_TUNNEL.exec(cause.message) ?? [];
  if (refused === '407')
    return `the proxy before ${host} wants a name and a password (HTTP 407): HTTPS_PROXY is http://NAME:PASSWORD@PROXY then`;
  if (refused !== undefined)
    return `the proxy before ${host} does not let it be reached (HTTP ${refused}): HTTPS_PROXY and NO_PROXY say which is asked`;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const known = SAID[code] ?? (isTrust(code) ? UNTRUSTED : undefined);
  if (known !== undefined) return `${host} ${known}`;
  if (/^ERR_SSL|^EPROTO/.test(code))
    return `${host} could not agree on encryption with this machine (${visible(code)})`;
  if (code.startsWith('HPE_') || cause.name === 'HTTPParserError') return `${host} does not speak HTTP`;
  return `the connection to ${host} failed (${visible(cause.message)})`;
}

function isTrust(code: string): boolean {
  return /^(?:DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH)/.test(code);
}

/** Several addresses that were tried in vain come as one error of many. */
function innermost(error: Error): Error {
  return chainOf(error).at(-1) ?? error;
}

function chainOf(error: Error): Error[] {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  const first = errors?.[0] ?? cause;
  return first instanceof Error && first !== error ? [error, ...chainOf(first)] : [error];
}
