// What a proxy made of the SDK's transports costs: node bench/sdk-proxy.mjs COMMAND ARG...
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const [command, ...args] = process.argv.slice(2);
const server = new StdioClientTransport({ command, args, env: process.env });
const client = new StdioServerTransport();
client.onmessage = (message) => server.send(message);
server.onmessage = (message) => client.send(message);
server.onclose = () => process.exit(0);
process.stdin.on('end', () => server.close());
await server.start();
await client.start();
