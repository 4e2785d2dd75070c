import { type ConfigFile, readConfig } from '../../src/clients/config-file.ts';
import type { Place, TimeLimit } from '../../src/clients/table.ts';
import { unwrapText, type Wrapper, wrapText } from '../../src/clients/wrap.ts';

/** How a configuration is read: as most clients do, where nothing else is said. */
export function placeOf(parts: Partial<Place> = {}): Place {
  return { scope: 'user', format: 'jsonc', paths: () => [], servers: [['mcpServers']], ...parts };
}

export const WRAPPER: Wrapper = {
  command: '/usr/bin/node',
  words: (server) => ['/opt/holdpoint/bin/holdpoint.js', 'run', '--server', server],
};

export interface Wrapping {
  read(text: string): ConfigFile;
  wrap(text: string): string;
  unwrap(text: string): string;
}

/** Wraps and unwraps whatever of a text can be. */
export function wrapping(parts: Partial<Place> = {}, limit?: TimeLimit): Wrapping {
  const read = (text: string): ConfigFile => readConfig('/x/mcp.json', text, placeOf(parts));
  const these = (config: ConfigFile, state: 'plain' | 'wrapped') =>
    config.entries.filter((entry) => entry.state === state);
  return {
    read,
    wrap(text) {
      const config = read(text);
      return wrapText(config, these(config, 'plain'), WRAPPER, limit);
    },
    unwrap(text) {
      const config = read(text);
      return unwrapText(config, these(config, 'wrapped'), limit);
    },
  };
}
