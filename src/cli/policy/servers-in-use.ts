import { policyNames } from '../../clients/policy-names.ts';
import { clientFiles, distinct, readClient, thisMachine } from '../clients/client-files.ts';

/** A server that a client starts on this machine. */
export interface ServerInUse {
  /** What a policy calls it. */
  name: string;
  /** What is started, wrapped or not. */
  command: string[];
}

/** The servers in the clients' configuration files, in the files' order. A file that cannot be read has none. */
export function serversInUse(): ServerInUse[] {
  return distinct(clientFiles(thisMachine())).flatMap((file) => {
    try {
      const { entries } = readClient(file);
      const local = entries.filter(({ state }) => state === 'plain' || state === 'wrapped');
      const names = policyNames(entries);
      return local.map(({ name, command }) => ({ name: names.get(name) ?? '', command }));
    } catch {
      return [];
    }
  });
}
