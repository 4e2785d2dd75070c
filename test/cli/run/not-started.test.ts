import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notStarted } from '../../../src/cli/run/not-started.ts';
import { ending, startServer } from '../../../src/proxy/upstream/server-process.ts';
import { newFolder } from '../../support/home.ts';

async function said(program: string): Promise<[said: string, code: number]> {
  const error = await ending(startServer([program])).then(
    () => undefined,
    (fault: NodeJS.ErrnoException) => fault,
  );
  if (error === undefined) throw new Error(`${program} was started`);
  const { said: sentence, ending: how } = notStarted([program], error);
  return [sentence, how.code];
}

describe("a server's command that is not found", () => {
  it.for([
    ['~/bin/x', 'holds "~", which nobody expanded'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client passes on as it stands.
    ['${HOME}/go/bin/server', 'which nobody expanded'],
    ['$HOME/x', 'which nobody expanded'],
    ['npx -y some-pkg', 'holds blanks'],
    ['/usr/bin/node server.js', 'holds blanks'],
    ['/nowhere/no-such-server', 'was not found. Check its path.'],
    ['no-such-server', "clients do not share your shell's PATH"],
  ] as const)('%s: %s', async ([program, why]) => {
    const [sentence, code] = await said(program);
    expect(sentence).toContain(why);
    expect(code).toBe(127);
  });

  it('is told from one whose first line names no program, and from one that may not be run', async () => {
    const script = join(newFolder(), 'script');
    writeFileSync(script, '#!/nowhere/sh\n', { mode: 0o755 });
    expect((await said(script))[0]).toContain('its first line (#!)');
    chmodSync(script, 0o644);
    expect(await said(script)).toEqual([expect.stringContaining('chmod +x'), 126]);
  });
});
