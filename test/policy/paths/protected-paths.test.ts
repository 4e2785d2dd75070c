import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENTS } from '../../../src/clients/table.ts';
import { guards } from '../../../src/policy/paths/guarding-files.ts';
import type { OwnPlaces } from '../../../src/policy/paths/own-places.ts';
import { type OwnFilesNamed, ownFilesNamed } from '../../../src/policy/paths/protected-paths.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { ordinaryCalls, TOOLS_FILE } from '../../support/ordinary-calls.ts';
import { FACTS } from '../../support/policy.ts';

const NOTHING: OwnFilesNamed = { home: false, config: false, above: false, unclear: false };

function named(args: unknown, places: Partial<OwnPlaces> = {}, sureRead = false): OwnFilesNamed {
  return ownFilesNamed(JsonSource.of(JSON.stringify(args)), { ...FACTS.places, ...places }, sureRead);
}

describe('a home with a short name', () => {
  const short = { holdpointHome: '/srv/h' };

  it.for(['h', 'a h b', 'oh', 'x/h', 'h/x', './h', '~/h/', 'https://h/', '/h', '/srv/hh', 'hold/h', 'c:h'])(
    'is not named by %s',
    (text) => {
      expect(named({ text }, short).home).toBe(false);
    },
  );

  it.for([
    '/srv/h',
    '/srv/h/x',
    '/SRV//H/.',
    'cat /srv/h/x',
    '/srv/%68/x',
    'a:/srv/h:ro',
    '../../../srv/h/x',
  ])('is named by %s', (text) => {
    expect(named({ text }, short).home).toBe(true);
  });

  it('is asked about where a bare name under a key for paths would be it, and nowhere else', () => {
    const here = { ...short, workingFolder: '/srv' };
    expect(named({ path: 'h' }, here)).toEqual({ ...NOTHING, above: true });
    expect(named({ text: 'h' }, here)).toEqual(NOTHING);
    expect(named({ path: 'h/policy.json' }, here).home).toBe(true);
  });

  it('is asked about where its folder stands in one argument and its name in another', () => {
    expect(named({ folder: '/srv', name: 'h/policy.json' }, short, true).above).toBe(true);
    expect(named({ folder: '/srv/x', name: 'h/policy.json' }, short, true)).toEqual(NOTHING);
  });
});

describe('a home with a space in its path', () => {
  const spaced = { holdpointHome: '/home/ada/my hold point' };

  it.for([
    '/home/ada/my hold point/x',
    'cat "/home/ada/MY hold point/x"',
    'cat /home/ada/my\\ hold\\ point/x',
  ])('is named by %s', (text) => {
    expect(named({ text }, spaced).home).toBe(true);
  });
});

describe('from inside the home', () => {
  const inside = { workingFolder: '/home/ada/.holdpoint' };

  it('a relative path is in it, a URL and a sentence are not', () => {
    for (const text of ['policy.json', './x', 'audit/2026/x'])
      expect(named({ text }, inside).home, text).toBe(true);
    for (const text of ['https://example.com/', 'web', 'Hello, this is it.', '/tmp/x'])
      expect(named({ text }, inside).home, text).toBe(false);
  });
});

describe('the look for protected files', () => {
  it('sees each in any text at any depth, behind any length, and never throws', () => {
    const paths = ['/home/ada/.holdpoint/x', '~/.codex//config.toml', '%2emcp.json', '/dev/fd/7'];
    const filler = fc.constantFrom('', 'x'.repeat(20_000), 'a.b '.repeat(6_000), '\n"\\'.repeat(9_000), 'é ');
    fc.assert(
      fc.property(fc.constantFrom(...paths), filler, fc.integer({ min: 0, max: 5 }), (path, more, depth) => {
        let args: unknown = `${more} ${path} ${more}`;
        for (let level = 0; level < depth; level += 1)
          args = level % 2 === 0 ? { a: args, b: '"' } : [1, args];
        expect(named({ x: args })).toEqual({ ...named({ x: path }), above: false });
      }),
      { numRuns: 60 },
    );
    fc.assert(fc.property(fc.json(), (text) => void named(JSON.parse(text))));
  });

  it('takes time in proportion, and little: what it cannot look at is a question', () => {
    const short = { holdpointHome: '/srv/h' };
    for (const unit of ['~/h/ ', '%41 ', 'a.json ', '/', './', '"', '\\', 'https://', ':{', '/proc/1/root']) {
      const args = { text: `${unit.repeat(Math.ceil(8_000_000 / unit.length))} /x/.mcp.json` };
      const begun = process.cpuUsage();
      const { home, config, unclear } = named(args, short);
      // Ten times what it takes, whatever else the machine does; anything quadratic takes hours.
      const { user, system } = process.cpuUsage(begun);
      expect((user + system) / 1_000, unit).toBeLessThan(2_000);
      expect(home, unit).toBe(false);
      expect(config || unclear, unit).toBe(true);
    }
  });

  it('tells a text of many mentions from a path', () => {
    expect(named({ text: '~/h/ '.repeat(420_000) }, { holdpointHome: '/srv/h' })).toEqual(NOTHING);
  });

  it.skipIf(!existsSync(TOOLS_FILE))('finds nothing in ordinary calls, whatever the home is called', () => {
    const calls = ordinaryCalls(10_000).map((text) => JsonSource.of(text));
    for (const holdpointHome of ['/home/ada/.holdpoint', '/home/ada/h', '/srv/main'])
      for (const workingFolder of ['/home/ada/work', '/']) {
        const places = { ...FACTS.places, holdpointHome, workingFolder };
        const met = calls.filter((one) => Object.values(ownFilesNamed(one, places, false)).some(Boolean));
        expect(met.map(({ text }) => text)).toEqual([]);
      }
  });

  it('knows the file of every client that wrap knows', () => {
    const machine = { home: '/home/ada', env: {}, folders: ['/work'] };
    for (const platform of ['linux', 'darwin'] as const)
      for (const path of CLIENTS.flatMap(({ places, unread }) =>
        [...places.map((place) => place.paths), ...(unread === undefined ? [] : [unread])].flatMap((paths) =>
          paths({ ...machine, platform }),
        ),
      )) {
        const file = path.replace('*', 'x');
        expect(guards(file.toLowerCase().split('/')), file).toBe(true);
        expect(named({ text: `echo x >> ${file}` }).config, file).toBe(true);
      }
  });
});
