import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { fixture, ProxyProcess } from '../support/proxy-process.ts';

describe('eight proxies of a new home that start at the same instant', () => {
  it('record one first policy, each its call, and leave a log that verifies', async () => {
    const home = newHome({ allow: ['*'] });
    const proxies = Array.from({ length: 8 }, (_, n) => {
      const server = [process.execPath, fixture('tools'), `${newFolder()}/log`, `${home}/audit`];
      const proxy = new ProxyProcess({ home, server, words: ['--server', `s${n}`, '--'] });
      proxy.call(1, 'echo', { n });
      return proxy;
    });
    await Promise.all(proxies.map((proxy) => proxy.answer(1, 30_000)));
    await Promise.all(proxies.map((proxy) => proxy.end()));
    expect(recordsOf(home, 'decision').map(({ effect }) => effect)).toEqual(Array(8).fill('allow'));
    expect(recordsOf(home, 'policy')).toMatchObject([{ event: 'applied', by: { name: 'first start' } }]);
    const { code, stdout } = await holdpoint(home, ['audit', 'verify']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('OK')]);
  }, 60_000);
});
