import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CarefulFetch } from '../../../src/remote/sign-in/careful-fetch.ts';

const NET = { fetch: globalThis.fetch };

interface Answer {
  headers: Record<string, string>;
  body: Buffer;
}

async function place(
  location?: string,
  answer?: (path: string) => Answer,
): Promise<{ url: URL; got: IncomingHttpHeaders[] }> {
  const got: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    got.push(request.headers);
    const { headers, body } = answer?.(request.url ?? '') ?? {};
    if (body !== undefined) return void response.writeHead(200, headers).end(body);
    response
      .writeHead(location === undefined ? 200 : 307, location === undefined ? {} : { location })
      .end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), got };
}

describe('a request of a sign-in', () => {
  it("takes the server's own headers to its origin and nowhere else", async () => {
    const [server, other] = [await place(), await place()];
    const careful = new CarefulFetch(NET, server.url, { 'x-api-key': 'se-cret' });
    await careful.fetch(server.url);
    await careful.fetch(other.url);
    expect(server.got[0]).toHaveProperty('x-api-key', 'se-cret');
    expect(other.got[0]).not.toHaveProperty('x-api-key');
  });

  it('follows no redirect by itself', async () => {
    const other = await place();
    const { url } = await place(other.url.href);
    const response = await new CarefulFetch(NET, url).fetch(url, { method: 'POST', body: 'code=se-cret' });
    expect([response.status, other.got]).toEqual([307, []]);
  });

  it.each([
    ['as it is', {}, (text: string) => Buffer.from(text)],
    ['compressed', { 'content-encoding': 'gzip' }, (text: string) => gzipSync(text)],
  ])('takes an answer of a mebibyte and not a byte more, %s', async (_, headers, made) => {
    const { url } = await place(undefined, (path) => ({
      headers,
      body: made(' '.repeat(Number(path.slice(1)))),
    }));
    const careful = new CarefulFetch(NET, url);
    const most = 1024 * 1024;
    expect((await (await careful.fetch(new URL(`/${most}`, url))).text()).length).toBe(most);
    await expect(careful.fetch(new URL(`/${most + 1}`, url))).rejects.toThrow('answers with more than');
    await expect(careful.fetch(new URL(`/${50 * most}`, url))).rejects.toThrow('answers with more than');
  });

  it.each([
    ['https://mcp.example/', 'http://127.0.0.1:1/'],
    ['https://mcp.example/', 'http://auth.example/'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1.example/'],
    ['http://localhost:1/', 'http://10.0.0.1/'],
    ['https://mcp.example/', 'file:///etc/passwd'],
    ['https://mcp.example/', 'data:text/plain,x'],
  ])('from %s never goes to %s', async (server, to) => {
    const fetch = (() => expect.unreachable()) as unknown as typeof globalThis.fetch;
    await expect(new CarefulFetch({ fetch }, new URL(server)).fetch(to)).rejects.toThrow('is not https');
  });
});
