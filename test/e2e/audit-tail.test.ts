import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { decision, journalIn, newHome, ok, start, wholeSession } from '../audit/samples.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';

const FIRST = '20261122-104301-aaaaa';

describe('audit tail', () => {
  it('follows new lines and new files until it is interrupted, exit 0', async () => {
    const home = newHome();
    const folder = join(home, 'audit');
    const words = [BIN, 'audit', 'tail', '--json', '--home', home];
    const child = spawn(process.execPath, words, { env: cleanEnv() });
    const closed = once(child, 'close');
    let seen = '';
    child.stdout.on('data', (data) => {
      seen += data;
    });
    const until = (text: string): Promise<void> =>
      vi.waitFor(() => expect(seen).toContain(text), { timeout: 10_000, interval: 20 });
    const journal = journalIn(folder, { session: FIRST });
    journal.stage(start());
    journal.commit();
    await until('"event":"start"');
    journal.stage(decision(1));
    journal.stage(ok(1));
    journal.commit();
    await until('"type":"outcome"');
    journalIn(folder, { session: '20261122-104309-later' }).stage(start());
    wholeSession(folder, '20261122-104309-later');
    await until('"event":"stop"');
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
    expect(seen.trimEnd().split('\n')).toHaveLength(13);
  });
});
