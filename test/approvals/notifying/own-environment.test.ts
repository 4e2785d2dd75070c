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
    expect(ownEnvironment({ ...kept, ...given })).toEqual(kept);
  });
});
