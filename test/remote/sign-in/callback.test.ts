import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Callback, openCallback } from '../../../src/remote/sign-in/callback.ts';

async function open(...[place = {}]: Partial<Parameters<typeof openCallback>>): Promise<Callback> {
  const callback = await openCallback(place);
  onTestFinished(() => callback.close());
  return callback;
}

/** The status and the body; of a request that a browser would not make too. */
function got(
  url: string,
  method = 'GET',
  headers: Record<string, string> = {},
): Promise<[number, string, object]> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve([response.statusCode ?? 0, text, response.headers]));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the place that the browser comes back to', () => {
  it('listens on this machine alone, on a port and a path that differ each time', async () => {
    const [one, other] = [await open(), await open()];
    expect(one.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
    expect(new URL(one.redirectUrl).pathname).not.toBe(new URL(other.redirectUrl).pathname);
    expect(one.state).not.toBe(other.state);
    const elsewhere = one.redirectUrl.replace('127.0.0.1', '[::1]');
    await expect(got(elsewhere)).rejects.toThrow('ECONNREFUSED');
  });

  it('takes a GET of its path under its own name, and nothing else', async () => {
    const { redirectUrl, state, answer } = await open();
    const good = `${redirectUrl}?state=${state}&code=`;
    expect((await got(`${good}evil`, 'POST'))[0]).toBe(404);
    expect((await got(`${good}evil`, 'HEAD'))[0]).toBe(404);
    expect((await got(`${good}evil`, 'GET', { host: 'evil.example' }))[0]).toBe(404);
    expect((await got(new URL('/favicon.ico', redirectUrl).href))[0]).toBe(404);
    expect((await got(`${redirectUrl}/x?state=${state}&code=evil`))[0]).toBe(404);
    expect((await got(`${good}right`))[0]).toBe(200);
    expect((await answer).get('code')).toBe('right');
  });

  it('shows one sentence whatever comes, and lets no page do more', async () => {
    const { redirectUrl, state, answer } = await open();
    const [status, text, headers] = await got(
      `${redirectUrl}?state=${state}&error=%3Cscript%3E&error_description=se-cret`,
    );
    expect([status, text]).toEqual([200, expect.stringMatching(/^holdpoint has the answer\. [\w ]+\.\n$/)]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect((await answer).get('error')).toBe('<script>');
  });

  it('takes one answer, and then nobody listens any more', async () => {
    const { redirectUrl, state, answer } = await open();
    await got(`${redirectUrl}?state=${state}&code=1`);
    await answer;
    await expect(got(`${redirectUrl}?state=${state}&code=2`)).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET|hang up/,
    );
  });

  it('refuses an answer with another state or none, and then nobody listens any more', async () => {
    for (const query of ['?state=other&code=1', '?code=1', '']) {
      const { redirectUrl, answer } = await open();
      await got(`${redirectUrl}${query}`);
      await expect(answer).rejects.toThrow('its state is another');
      await expect(got(redirectUrl)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    }
  });

  it('says so where its port is taken', async () => {
    const { redirectUrl } = await open();
    const port = Number(new URL(redirectUrl).port);
    await expect(openCallback({ port })).rejects.toThrow(
      `Nothing can listen on port ${port} of this machine (EADDRINUSE)`,
    );
  });
});
