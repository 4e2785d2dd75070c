import { addressOf, type ServerEntry } from '../../clients/entries.ts';
import { policyName } from '../../clients/policy-names.ts';
import { remoteCommand } from '../../remote/address.ts';
import { lookAround } from '../clients/clients-list.ts';

/** A server that a client starts on this machine. */
export interface ServerInUse {
  /** What a policy calls it. */
  name: string;
  /** What is started, wrapped or not; of a remote server what names it. */
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
        command: commandOf(entry),
        wrapped: entry.state === 'wrapped',
      })),
  );
}

/** What names a server: its command, wrapped or not, or the address of a remote one. */
export function commandOf(entry: ServerEntry): string[] {
  const address = addressOf(entry);
  return address === undefined ? entry.command : remoteCommand(address);
}
