import type { Dispatcher, EnvHttpProxyAgent } from 'undici';
import { ProxyFault } from './http-fault.ts';
import type { Proxies } from './proxies.ts';

/** A proxy may take so long to open the way. */
const TUNNEL_MS = 15_000;

/** What sends requests by way of proxies. Loads undici whole. */
export async function proxiedAgent(
  proxies: Proxies,
  options: EnvHttpProxyAgent.Options = {},
): Promise<Dispatcher> {
  const { EnvHttpProxyAgent, Pool } = await import('undici');
  return new EnvHttpProxyAgent({
    ...options,
    ...proxies,
    // undici 7 takes a proxy that hangs up for a connection that broke, and dials it again without end (nodejs/undici#3897).
    clientFactory: (origin, given) => {
      const pool = new Pool(origin, { ...given, headersTimeout: TUNNEL_MS });
      const connect = pool.connect.bind(pool) as (wanted: Dispatcher.ConnectOptions) => Promise<unknown>;
      pool.connect = ((wanted: Dispatcher.ConnectOptions) =>
        connect(wanted).catch((error: unknown) => {
          throw new ProxyFault(origin.host, error);
        })) as typeof pool.connect;
      return pool;
    },
  });
}
