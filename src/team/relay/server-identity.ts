import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * Whether a certificate is that of one of these servers (host, or host and port). Node takes a server that is named by
 * its address alone for "localhost", which no certificate of it names.
 */
export function identityOf(
  servers: readonly string[],
): (host: string, certificate: PeerCertificate) => Error | undefined {
  const hosts = servers.map((one) => one.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
  const addresses = hosts.filter((one) => isIP(one) !== 0);
  return (host, certificate) => {
    if (host !== 'localhost' || addresses.length === 0) return checkServerIdentity(host, certificate);
    const names = hosts.includes(host) ? [...addresses, host] : addresses;
    const faults = names.map((one) => checkServerIdentity(one, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}
