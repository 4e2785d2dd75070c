/**
 * The two parts of undici that the bridge loads, a third of the whole (20 of 60 ms, 10 of 18 MB): undici has no
 * `exports`, so they are reached by path, and its version is fixed.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import type { Agent } from 'undici';

  const Part: typeof Agent;
  export = Part;
}

declare module 'undici/lib/dispatcher/env-http-proxy-agent.js' {
  import type { EnvHttpProxyAgent } from 'undici';

  const Part: typeof EnvHttpProxyAgent;
  export = Part;
}
