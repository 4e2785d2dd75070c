import { policyName } from '../../clients/policy-names.ts';
import { lookAround } from '../clients/clients-list.ts';

/** A server that a client starts on this machine. */
export interface ServerInUse {
  /** What a policy calls it. */
  name: string;
  /** What is started, wrapped or not. */
  command: string[];
  wrapped?: boolean;
}

/** The servers in the clients' configuration files, in the files' order. A file that cannot be read has none. */
export function serversInUse(): ServerInUse[] {
  return lookAround().flatMap(({ servers, names }) =>
    servers
      .filter(({ state }) => state === 'plain' || state === 'wrapped')
      .map((entry) => ({
        name: policyName(entry, names),
        command: entry.command,
        wrapped: entry.state === 'wrapped',
      })),
  );
}
