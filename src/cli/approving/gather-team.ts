import { type Attached, gatherFrom } from '../../approvals/channel/ask-proxies.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Home } from '../../platform/home.ts';
import { teamDeskOf } from '../team/team-desk.ts';
import { neededKey, unlock } from './own-key.ts';

export interface Gathered {
  attached: Attached[];
  silent: string[];
  /** The key that was unlocked to read what waits elsewhere. */
  signer: Signer | undefined;
  /** How many calls wait elsewhere that were not read. */
  unread: number;
  close(): Promise<void>;
}

/**
 * What waits on the machines of this home's team; undefined without a team. `as`: whose key reads it, whose passphrase
 * is asked for; false: nothing is read, only counted. Rejects with a PlainError when the relay cannot be reached.
 */
export async function gatherTeam(home: Home, as: string | undefined | false): Promise<Gathered | undefined> {
  const desk = await teamDeskOf(home);
  if (desk === undefined) return undefined;
  await desk.open(false);
  const close = (): Promise<void> => desk.close();
  try {
    const signer = as === false ? undefined : await unlock(neededKey(home, as));
    desk.signer(signer);
    const { attached, silent } = await gatherFrom(desk.directory);
    return { attached, silent, signer, unread: desk.unread, close };
  } catch (error) {
    await close();
    throw error;
  }
}
