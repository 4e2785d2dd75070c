import { describe, expect, it } from 'vitest';
import { ownEnvironment } from '../../../src/approvals/notifying/own-environment.ts';

describe("a notifier's environment", () => {
  it("is what is the user's by its name, and nothing that the client gave the server", () => {
    const kept = {
      HOME: '/home/ada',
      PATH: '/bin',
      LC_ALL: 'C',
      XDG_RUNTIME_DIR: '/run/user/1',
      https_proxy: 'http://p:1',
      HOLDPOINT_NOTIFY_TOPIC: 't',
    };
    const given = { GITHUB_TOKEN: 'ghp_x', LD_PRELOAD: '/x.so', NODE_OPTIONS: '-r x', HOLDPOINT_HOME: '/h' };
    expect(ownEnvironment({ ...kept, ...given }, '/home/ada/shop')).toEqual(kept);
  });

  it.each<[string, string, string]>([
    ["a project's own folders", '/home/ada/shop', '/home/ada/shop/bin:/home/ada/shop:/usr/bin'],
    [
      'what npm puts there, wherever it lies',
      '/',
      '/home/ada/shop/node_modules/.bin:/x/node_modules/.bin/:/usr/bin',
    ],
    ['relative folders and the working one', '/home/ada', '.:bin::/usr/bin:'],
  ])('finds no program in %s', (_, folder, path) => {
    expect(ownEnvironment({ HOME: '/home/ada', PATH: path }, folder)['PATH']).toBe('/usr/bin');
  });

  it("keeps the user's own folders where servers are started in the root or the home", () => {
    const path = '/home/ada/.local/bin:/usr/bin';
    for (const folder of ['/', '/home', '/home/ada'])
      expect(ownEnvironment({ HOME: '/home/ada', PATH: path }, folder)['PATH']).toBe(path);
  });
});
