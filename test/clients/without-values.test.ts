import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../src/clients/without-values.ts';

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
    expect(withoutValues(text)).toBe(`{ // mine
  "mcpServers": {
    "a": { "command": "x", "args": ["env"], "env": {
      "TOKEN": "…", "PORT": "…", "DEEP": ["…", { "x": "…" }]
    } },
    "b": { "url": "https://b", "headers": { "Authorization": "…" }, },
  }
}
`);
  });

  it.for(['', '{', '\ufeff{"env":{"a":"b"}}', 'nonsense'])('%j does no harm', (text) => {
    expect(withoutValues(text)).toBe(text.replace('"b"', '"…"'));
  });
});
