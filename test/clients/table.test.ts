import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/clients/places.ts';
import { CLIENTS } from '../../src/clients/table.ts';

function paths(machine: Partial<Machine>): Record<string, string[]> {
  const whole = { platform: 'linux', home: '/h', env: {}, folders: ['/w'], ...machine } as const;
  return Object.fromEntries(
    CLIENTS.map(({ id, places }) => [id, places.flatMap((place) => place.paths(whole))]),
  );
}

describe('where clients keep their servers', () => {
  it('is told by the machine alone', () => {
    expect(paths({})).toMatchObject({
      'claude-desktop': ['/h/.config/Claude/claude_desktop_config.json'],
      'claude-code': ['/h/.claude.json', '/w/.mcp.json'],
      cursor: ['/h/.cursor/mcp.json', '/w/.cursor/mcp.json'],
      codex: ['/h/.codex/config.toml', '/w/.codex/config.toml'],
      goose: ['/h/.config/goose/config.yaml'],
      qwen: ['/h/.qwen/settings.json', '/w/.qwen/settings.json', '/w/.qwen/settings.local.json'],
    });
  });

  it('differs on a Mac for desktop programs, and not for those of the terminal', () => {
    const mac = paths({ platform: 'darwin' });
    expect(mac['claude-desktop']).toEqual([
      '/h/Library/Application Support/Claude/claude_desktop_config.json',
    ]);
    expect(mac['vscode']).toContain('/h/Library/Application Support/Code/User/mcp.json');
    expect(mac['goose']).toEqual(['/h/.config/goose/config.yaml']);
  });

  it('is written as Windows writes it there, wherever this runs', () => {
    const windows = { platform: 'win32', home: 'C:\\Users\\me', folders: ['D:\\work'] } as const;
    const desktop = 'AppData\\Roaming\\Claude\\claude_desktop_config.json';
    expect(paths(windows)).toMatchObject({
      'claude-desktop': [`C:\\Users\\me\\${desktop}`],
      cursor: ['C:\\Users\\me\\.cursor\\mcp.json', 'D:\\work\\.cursor\\mcp.json'],
      goose: ['C:\\Users\\me\\AppData\\Roaming\\Block\\goose\\config\\config.yaml'],
    });
    const moved = paths({ ...windows, env: { APPDATA: 'E:\\Roaming' } });
    expect(moved['claude-desktop']).toEqual(['E:\\Roaming\\Claude\\claude_desktop_config.json']);
  });

  it('is moved by the variables that the clients themselves go by, and not by empty ones', () => {
    const env = { XDG_CONFIG_HOME: '/x', CODEX_HOME: '/c', CLAUDE_CONFIG_DIR: '/d', COPILOT_HOME: '' };
    const moved = paths({ env });
    expect(moved['zed']?.[0]).toBe('/x/zed/settings.json');
    expect(moved['codex']?.[0]).toBe('/c/config.toml');
    expect(moved['claude-code']?.[0]).toBe('/d/.claude.json');
    expect(moved['copilot-cli']?.[0]).toBe('/h/.copilot/mcp-config.json');
  });

  it('is looked for in each folder from the working one to the top of its repository', () => {
    expect(paths({ folders: ['/w/a', '/w'] })['junie']).toEqual([
      '/h/.junie/mcp/mcp.json',
      '/w/a/.junie/mcp/mcp.json',
      '/w/.junie/mcp/mcp.json',
    ]);
  });
});

describe('the table of clients', () => {
  it('names each once', () => {
    const ids = CLIENTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z][a-z-]+$/.test(id))).toBe(true);
  });

  it('knows every program whose patience was measured by the name that it gives itself', () => {
    const measured = ['codex-mcp-client', 'opencode', 'gemini-cli-mcp-client', 'claude-ai', 'claude-code'];
    const names = CLIENTS.flatMap(({ says }) => says);
    expect(measured.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('gives each program its name in clientInfo once', () => {
    const names = CLIENTS.flatMap(({ says }) => says);
    expect(new Set(names).size).toBe(names.length);
  });
});
