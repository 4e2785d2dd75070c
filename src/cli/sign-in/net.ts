import type { Net } from '../../remote/sign-in/careful-fetch.ts';

/** How these commands reach servers. */
export function netOfCommands(): Net {
  return { fetch: globalThis.fetch };
}
