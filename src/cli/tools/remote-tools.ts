import { resolveHome } from '../../platform/home.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
import { remoteCommand } from '../../remote/address.ts';
import { readRunOptions } from '../../session/run-options.ts';
import { visible } from '../../text/visible.ts';
import { remoteServer } from '../run/remote-server.ts';
import { askRemote } from './ask-for-tools.ts';

/** What a remote server is called, and its tools: reached by the words that `run` takes for it. */
export async function remoteTools(
  words: readonly (readonly [string, string])[],
  command: readonly string[],
  home: string | undefined,
): Promise<{ name: string; tools: unknown[] }> {
  const { remote } = readRunOptions([...words.flat(), '--', ...command]);
  if (remote === undefined) throw new Error('no word of a remote server');
  const server = remoteServer(remote, process.env);
  const { shown } = server.address;
  process.stderr.write(`holdpoint: asking ${visible(shown)} for its tools.\n`);
  const tools = await askRemote(server, remote, resolveHome(home, process.env));
  return { name: deriveServerName(remoteCommand(shown)).name, tools };
}
