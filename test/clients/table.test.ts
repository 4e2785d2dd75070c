import { describe, expect, it } from 'vitest';
import { CLIENTS, type Machine } from '../../src/clients/table.ts';

function paths(machine: Partial<Machine>): Record<string, string> {
  const whole = { platform: 'linux', home: '/h', env: {}, cwd: '/w', ...machine } as const;
  return Object.fromEntries(CLIENTS.map((row) => [row.id, row.path(whole)]));
}

describe('where clients keep their servers', () => {
  it('is told by the machine alone', () => {
    expect(paths({})).toEqual({
      'claude-desktop': '/h/.config/Claude/claude_desktop_config.json',
      'claude-code': '/w/.mcp.json',
      cursor: '/h/.cursor/mcp.json',
      'cursor-project': '/w/.cursor/mcp.json',
    });
  });

  it('differs for Claude Desktop on a Mac', () => {
    expect(paths({ platform: 'darwin' })['claude-desktop']).toBe(
      '/h/Library/Application Support/Claude/claude_desktop_config.json',
    );
  });
});
