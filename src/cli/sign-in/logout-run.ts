import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { logOut } from '../../remote/sign-in/logout.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { visible } from '../../text/visible.ts';
import { forReader } from '../terminal/for-reader.ts';
import { serverGiven } from './given.ts';
import { netOfCommands } from './net.ts';

/** `holdpoint logout`: may be done by anybody, for it only takes rights away. */
export async function logout(
  address: string | undefined,
  { urlEnv, home: flag }: { urlEnv?: string; home?: string },
): Promise<void> {
  const home = resolveHome(flag, process.env);
  const { url } = serverGiven({ url: address, urlEnv }).server.address;
  const { server, nothing, there } = await logOut(home, url, netOfCommands());
  if (nothing) return say(`Nobody is signed in to ${visible(server)}.`);
  say(`Signed out of ${visible(server)}: what was kept here is removed. ${there}`);
  try {
    recordCommand(home, { type: 'sign-in', event: 'logout', server, by: commandBy() });
  } catch (error) {
    process.stderr.write(`holdpoint: it counts, but it could not be recorded: ${(error as Error).message}\n`);
    process.exitCode = EXIT.error;
  }
}

function say(sentence: string): void {
  process.stdout.write(`${forReader(sentence)}\n`);
}
