import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { fixture, ProxyProcess } from '../support/proxy-process.ts';

const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d/;
/** A quarter of an hour beside the whole ones: no other zone of this machine looks like it. */
const TZ = 'Asia/Kathmandu';

/** As people there write it, to the minute. */
function inKathmandu(iso: string): string {
  const words = new Intl.DateTimeFormat('sv-SE', { timeZone: TZ, dateStyle: 'short', timeStyle: 'short' });
  return words.format(new Date(iso));
}

describe('times', () => {
  it('are local where people read them, and ISO 8601 in --json', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = ['--server', 'shop', '--trust-first', '--'];
    const proxy = new ProxyProcess({
      home,
      words: server,
      server: ['node', fixture('tools'), join(home, 'calls')],
      env: { TZ },
    });
    proxy.send({ id: 1, method: 'tools/list' });
    await proxy.answer(1);
    proxy.call(2, 'echo', { a: 1 });
    const { id } = await oneHold(home);
    const waits = await holdpoint(home, ['pending'], { TZ });
    const approved = await holdpoint(home, ['approve', id, '--for', '8h'], { TZ });
    expect(approved.code).toBe(0);
    await proxy.answer(2);
    const [{ until } = {}] = JSON.parse((await holdpoint(home, ['grants', 'list', '--json'])).stdout);
    expect(until).toMatch(ISO);
    expect(approved.stdout).toContain(`until ${inKathmandu(until)}`);
    const [decided] = recordsOf(home, 'decision');
    const at = inKathmandu(String(decided?.['time']));

    const told = async (...words: string[]): Promise<string> => (await holdpoint(home, words, { TZ })).stdout;
    expect(await told('grants', 'list')).toContain(`until ${inKathmandu(until)}`);
    expect(await told('audit', 'show', id)).toContain(`Decided         ${at}`);
    expect(await told('audit', 'tail', '--no-follow')).toContain(at);
    expect(await told('audit', 'list')).toContain(at.slice('2026-11-22 '.length));
    expect(await told('tools')).toContain(at.slice(0, '2026-11-22'.length));
    const others = ['approver list', 'audit stats', 'audit verify', 'clients'].map((line) =>
      told(...line.split(' ')),
    );
    const spoken = [waits.stdout, approved.stdout, ...(await Promise.all(others))];
    spoken.push(await told('grants', 'list'), await told('audit', 'show', id), await told('tools'));
    expect(spoken.filter((text) => ISO.test(text))).toEqual([]);
    for (const words of [
      ['audit', 'list'],
      ['audit', 'show', id],
    ])
      expect(await told(...words, '--json')).toMatch(/"time":"[^"]*\d\d\.\d{3}Z"/);
    expect(await proxy.end()).toBe(0);
  });
});
