import { describe, expect, it } from 'vitest';
import { mirroredTools, mirrorHeaders } from '../../../src/remote/wire/mirror-headers.ts';
import { readOutgoing } from '../../../src/remote/wire/outgoing.ts';

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const headers = (method: string, params: object, schema?: object): Record<string, string> => {
  const tools = mirroredTools({ result: { tools: [{ name: 't', inputSchema: schema }] } });
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: META, ...params } });
  return mirrorHeaders(readOutgoing(new TextEncoder().encode(body)), (tool) => tools.get(tool) ?? []);
};
const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('the headers of a request of 2026-07-28', () => {
  it.each([
    ['tools/call', { name: 't' }, 't'],
    ['prompts/get', { name: 'Grüße' }, base64('Grüße')],
    ['resources/read', { uri: 'note://one' }, 'note://one'],
    ['tasks/cancel', { taskId: '7' }, '7'],
    ['tools/call', { name: ' t' }, base64(' t')],
    ['tools/call', { name: 'a\r\nx-evil: 1' }, base64('a\r\nx-evil: 1')],
    ['tools/call', { name: '=?base64?dA==?=' }, base64('=?base64?dA==?=')],
  ])('of %s with %j mirror its body', (method, params, name) => {
    expect(headers(method, params)).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': name,
    });
  });

  it('are none of an older one, a notification or an answer', () => {
    for (const body of [
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}',
      '{"jsonrpc":"2.0","method":"x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
    ])
      expect(mirrorHeaders(readOutgoing(new TextEncoder().encode(body)), () => [])).toEqual({});
  });

  it('mirror the arguments that the schema names, as the body spells them', () => {
    const schema = {
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        deep: { properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
        on: { type: 'boolean', 'x-mcp-header': 'On' },
        none: { type: 'string', 'x-mcp-header': 'None' },
        big: { type: 'integer', 'x-mcp-header': 'Big' },
      },
    };
    const given = { region: 'é', deep: { n: 3 }, on: false, none: null, big: 2 ** 60 };
    expect(headers('tools/call', { name: 't', arguments: given }, schema)).toMatchObject({
      'mcp-param-region': base64('é'),
      'mcp-param-n': '3',
      'mcp-param-on': 'false',
    });
    expect(Object.keys(headers('tools/call', { name: 't', arguments: given }, schema))).not.toContain(
      'mcp-param-none',
    );
  });

  it.each([
    { properties: { a: { type: 'number', 'x-mcp-header': 'A' } } },
    { properties: { a: { type: 'string', 'x-mcp-header': 'A b' } } },
    {
      properties: { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } },
    },
    { 'x-mcp-header': 'A', type: 'string' },
  ])('mirror no argument of a tool whose declaration may not be: %j', (schema) => {
    expect(Object.keys(headers('tools/call', { name: 't', arguments: { a: 'x', b: 'y' } }, schema))).toEqual([
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
    ]);
  });

  it('take nothing from what an object is born with', () => {
    const schema = { properties: { toString: { type: 'string', 'x-mcp-header': 'A' } } };
    expect(headers('tools/call', { name: 't', arguments: {} }, schema)).not.toHaveProperty('mcp-param-a');
  });
});
