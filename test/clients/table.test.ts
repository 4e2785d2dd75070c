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

  it('is written as Windows writes it there, wherever this runs', () => {
    const windows = { platform: 'win32', home: 'C:\\Users\\me', cwd: 'D:\\work' } as const;
    const desktop = 'AppData\\Roaming\\Claude\\claude_desktop_config.json';
    expect(paths(windows)).toEqual({
      'claude-desktop': `C:\\Users\\me\\${desktop}`,
      'claude-code': 'D:\\work\\.mcp.json',
      cursor: 'C:\\Users\\me\\.cursor\\mcp.json',
      'cursor-project': 'D:\\work\\.cursor\\mcp.json',
    });
    const moved = paths({ ...windows, env: { APPDATA: 'E:\\Roaming' } });
    expect(moved['claude-desktop']).toBe('E:\\Roaming\\Claude\\claude_desktop_config.json');
  });
});
