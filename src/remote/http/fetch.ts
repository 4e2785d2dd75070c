import { proxiedAgent } from './proxied-agent.ts';
import { proxiesOf } from './proxies.ts';

/**
 * `fetch` by way of the proxies that the environment names, which Node 20's own does not heed. Loads undici whole, at the
 * first request where there is a proxy.
 */
export const proxiedFetch: typeof fetch = async (to, init) => {
  const proxies = proxiesOf(process.env);
  if (proxies === undefined) return fetch(to, init);
  const { fetch: undiciFetch } = await import('undici');
  const dispatcher = await proxiedAgent(proxies);
  const given = to instanceof Request ? to.url : to;
  const response = await undiciFetch(given, { ...(init as object), dispatcher });
  return response as unknown as Response;
};
