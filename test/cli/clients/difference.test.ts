import { describe, expect, it } from 'vitest';
import { difference, maskedWords } from '../../../src/cli/clients/difference.ts';
import { wrapping } from '../../support/client-configs.ts';

const WORDS = [
  '-y',
  'x',
  '--api-key',
  'hunter2secret',
  '--token=abcdEFGH1234',
  'postgresql://u:pa55word@h/db',
];
const SECRETS = /hunter2secret|abcdEFGH1234|pa55word/;

describe('the words of a command line', () => {
  it('have a secret left out that the word before names', () => {
    expect(maskedWords(WORDS)).toEqual(['-y', 'x', '--api-key', '…', '--token=…', 'postgresql://u:…@h/db']);
    expect(maskedWords(['npx', '', 'a b', 'c'])).toEqual(['npx', '', 'a b', 'c']);
  });
});

describe('what would change in a configuration', () => {
  it.each<[string, Parameters<typeof wrapping>[0], string]>([
    ['JSON', {}, JSON.stringify({ mcpServers: { a: { command: 'npx', args: WORDS } } })],
    ['JSON on lines', {}, JSON.stringify({ mcpServers: { a: { command: 'npx', args: WORDS } } }, null, 2)],
    [
      'YAML',
      { format: 'yaml' },
      `mcpServers:\n  a:\n    command: npx\n    args:\n${WORDS.map((word) => `      - ${word}\n`).join('')}`,
    ],
    [
      'TOML',
      { format: 'toml', servers: [['mcp_servers']] },
      `[mcp_servers.a]\ncommand = "npx"\nargs = ${JSON.stringify(WORDS)}\n`,
    ],
  ])('shows no secret of a list, wrapped or not: %s', (_, place, text) => {
    const { read, wrap } = wrapping(place);
    expect(difference(read(text), wrap(text))).not.toMatch(SECRETS);
    expect(difference(read(wrap(text)), text)).not.toMatch(SECRETS);
  });
});
