import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../src/clients/without-values.ts';
import { wrapping } from '../support/client-configs.ts';

const shown = (text: string): string =>
  withoutValues(wrapping().read(text), (words) => words.map((_, at) => words[at - 1] === '--token'));

describe('a configuration on the screen', () => {
  it('has the values of env and headers left out, and is else the same', () => {
    const text = `{ // mine
  "mcpServers": {
    "a": { "command": "x", "args": ["env"], "env": {
      "TOKEN": "ghp_secret", "PORT": 8080, "DEEP": ["one", { "x": "two" }]
    } },
    "b": { "url": "https://b", "headers": { "Authorization": "Bearer secret" }, },
  }
}
`;
    expect(shown(text)).toBe(`{ // mine
  "mcpServers": {
    "a": { "command": "x", "args": ["env"], "env": {
      "TOKEN": "…", "PORT": "…", "DEEP": ["…", { "x": "…" }]
    } },
    "b": { "url": "https://b", "headers": { "Authorization": "…" }, },
  }
}
`);
  });

  it('has the words of a list left out that are secret', () => {
    const text = '{"mcpServers":{"a":{"command":"x","args":["--token", "abc", /* c */ "d"]}}}';
    expect(shown(text)).toBe(text.replace('abc', '…'));
  });

  it('is counted from its byte order mark', () => {
    expect(shown('\ufeff{"env":{"a":"b"}}')).toBe('\ufeff{"env":{"a":"…"}}');
  });
});
