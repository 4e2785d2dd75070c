/**
 * The part of undici that the bridge loads where no proxy is named, a third of the whole (20 of 60 ms, 10 of 18 MB):
 * undici has no `exports`, so it is reached by path, and its version is fixed.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import type { Agent } from 'undici';

  const Part: typeof Agent;
  export = Part;
}
