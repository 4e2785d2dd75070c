// The SDK's own client, in a process as new as the proxy that it is compared to: sdk-client.mjs BEFORE CALLS URL, or a
// command in place of the URL. Says on stdout what a call took, ms, after so many before.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { call } from './targets.mjs';

const [before, calls, server = '', ...args] = process.argv.slice(2);
const transport = URL.canParse(server)
  ? new StreamableHTTPClientTransport(new URL(server))
  : new StdioClientTransport({ command: server, args, stderr: 'ignore' });
const client = new Client({ name: 'bench', version: '1' });
await client.connect(transport);
const { params } = JSON.parse(call(1, 200));
for (let n = 0; n < Number(before); n += 1) await client.callTool(params);
const since = performance.now();
for (let n = 0; n < Number(calls); n += 1) await client.callTool(params);
process.stdout.write(`${(performance.now() - since) / Number(calls)}\n`);
await client.close();
process.exit();
