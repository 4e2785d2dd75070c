/** By which proxies the environment wants the network to be reached. */
export interface Proxies {
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
}

/** What is for this machine alone is shown to no proxy. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** As curl reads them, lower case first; undefined: none is named. */
export function proxiesOf(env: NodeJS.ProcessEnv): Proxies | undefined {
  const of = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  const [httpProxy, httpsProxy] = [of('http_proxy'), of('https_proxy')];
  if (httpProxy === '' && httpsProxy === '') return undefined;
  return { httpProxy, httpsProxy, noProxy: `${of('no_proxy')},${LOOPBACK}` };
}
