import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
import { Shop } from './shop.ts';

/**
 * The demo's MCP server, a program of its own: `node dist/demo/shop-server.js [LEDGER]`. Whatever it really did is
 * appended to the ledger, one sentence a line, so that anybody can compare it with the audit log.
 */
const ledger = process.argv[2];
const shop = new Shop((what) => {
  if (ledger !== undefined) appendFileSync(ledger, `${what}\n`);
});

const server = new McpServer({ name: 'shop', version: '1.0.0' });

const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });

server.registerTool('list_orders', { description: 'List the open orders' }, () => say(shop.list()));
server.registerTool(
  'get_order',
  { description: 'Look one order up', inputSchema: { id: z.number() } },
  ({ id }) => say(JSON.stringify(shop.order(id))),
);
server.registerTool(
  'refund_order',
  {
    description: 'Pay money back',
    inputSchema: { id: z.number(), amount: z.number(), note: z.string().optional() },
  },
  ({ id, amount }) => say(shop.refund(id, amount)),
);
server.registerTool(
  'delete_customer',
  { description: 'Delete a customer for good', inputSchema: { customer: z.string() } },
  ({ customer }) => say(shop.deleteCustomer(customer)),
);
server.registerTool(
  'mail_customers',
  {
    description: 'Mail every customer of a list',
    inputSchema: { list: z.string(), subject: z.string(), body: z.string() },
  },
  ({ list, subject }) => say(shop.mail(list, subject)),
);
server.registerTool(
  'deploy',
  { description: 'Deploy the shop', inputSchema: { version: z.string(), environment: z.string() } },
  ({ version, environment }) => say(shop.deploy(version, environment)),
);

await server.connect(new StdioServerTransport());
