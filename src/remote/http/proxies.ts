import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';

/** By which proxies the environment wants the network to be reached. */
export interface Proxies {
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
}

/** What is for this machine alone is shown to no proxy. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** As curl reads them, lower case first; undefined: none is named. Throws a PlainError (exit 2) for what is no proxy's address. */
export function proxiesOf(env: NodeJS.ProcessEnv): Proxies | undefined {
  const of = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  const [httpProxy, httpsProxy] = ['http_proxy', 'https_proxy'].map((name) => addressIn(name, of(name)));
  if (httpProxy === undefined || httpsProxy === undefined || httpProxy + httpsProxy === '') return undefined;
  return { httpProxy, httpsProxy, noProxy: `${of('no_proxy')},${LOOPBACK}` };
}

/** Without a scheme it is http. What the variable holds may be a password, so it is not repeated. */
function addressIn(name: string, value: string): string {
  if (value === '') return '';
  const whole = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(whole) && /^(?:https?|socks5?):$/.test(new URL(whole).protocol)) return whole;
  throw new PlainError(
    `The variable ${name.toUpperCase()} holds no address of a proxy, such as http://proxy.example:3128. Set it right where holdpoint is started, or take it away.`,
    EXIT.usage,
  );
}
