import { proxiedFetch } from '../../remote/http/fetch.ts';
import type { Net } from '../../remote/sign-in/careful-fetch.ts';

/** How these commands reach servers: as the bridge does. */
export function netOfCommands(): Net {
  return { fetch: proxiedFetch };
}
