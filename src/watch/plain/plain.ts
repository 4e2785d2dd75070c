import { createInterface } from 'node:readline';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Keyed } from '../../approvals/signing/signed-answer.ts';
import { visible } from '../../text/visible.ts';
import type { Brake, TeamDesk } from '../state/store.ts';
import { PlainDesk } from './desk.ts';

/** Whose terminal it is. */
export interface PlainPerson {
  signer: Signer | undefined;
  keyed: Keyed;
  /** Asks for the passphrase of the key, for one answer; undefined where nobody can be asked. */
  unlock?: (() => Promise<Signer | undefined>) | undefined;
  /** An approval was refused, for no person seems to be here. Throws with a sentence when that cannot be recorded. */
  refused(hold: string, refusal: string): void;
  /** The brake of the home. */
  brake: Brake;
  /** The calls of other machines, where there is a team. */
  team?: TeamDesk | undefined;
}

/** The approval terminal as a conversation of lines, until `quit`, the end of input or a signal. */
export async function watchPlain(runFolder: string, person: PlainPerson): Promise<void> {
  const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
  const desk = new PlainDesk({ runFolder, person, print, isTerminal: process.stdin.isTTY === true });
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ended = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (!desk.take(line)) resolve();
    });
    lines.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  desk.start();
  await ended;
  lines.close();
  const unsent = desk.stop();
  if (unsent !== undefined) print([visible(unsent)]);
}
