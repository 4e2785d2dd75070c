import { eventually } from './eventually.ts';
import type { AnyClient, Call } from './sdk-clients.ts';

const CALLS: Call[] = [
  { name: 'greet', arguments: { name: 'Zoë' } },
  { name: 'sum', arguments: { a: 2, b: 40 } },
  { name: 'greet', arguments: { name: 7 } },
  { name: 'refuse' },
  { name: 'throw' },
  { name: 'large' },
  { name: 'confirm', arguments: { what: 'go' } },
  { name: 'no-such-tool' },
];

const orThrown = (result: Promise<unknown>): Promise<unknown> =>
  result.catch((error: Error) => `threw ${error.message}`);

/** All that the client's user sees of a server, in order. */
export async function seen(client: AnyClient): Promise<Record<string, unknown>> {
  const progress: number[] = [];
  const found: Record<string, unknown> = {
    server: client.server(),
    version: client.version(),
    tools: await client.listTools(),
    steps: await client.callTool({ name: 'steps' }, (value) => void progress.push(value)),
    progress,
    logged: await eventually('the log message', () => client.logged().length > 0 && client.logged()),
    resource: await client.readResource({ uri: 'note://one' }),
    missing: await orThrown(client.readResource({ uri: 'note://two' })),
    prompt: await client.getPrompt({ name: 'ask', arguments: { what: 'this' } }),
  };
  for (const [i, call] of CALLS.entries()) found[`${i} ${call.name}`] = await orThrown(client.callTool(call));
  found['grow'] = await client.callTool({ name: 'grow' });
  // A 2026-07-28 client hears of changes only if it subscribes.
  if (client.version() !== '2026-07-28') await eventually('the change', () => client.listChanges() > 0);
  found['grown'] = (await client.listTools()).tools.map(({ name }) => name);
  return found;
}
