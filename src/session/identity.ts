import type { ClientInfo } from '../protocol/client-info.ts';
import type { Identity } from '../proxy/ports.ts';

/** Which session this is: said once, for whoever decides, records, asks or shows. */
export interface SessionIdentity extends Identity {
  session: string;
  /** Of a remote server: origin and path. */
  address: string | undefined;
  /** Who the client said that it is, so far. */
  readonly client: ClientInfo | undefined;
}
