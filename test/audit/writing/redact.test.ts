import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordedArguments } from '../../../src/audit/writing/arguments.ts';
import { Redactor } from '../../../src/audit/writing/redact.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { listedPath } from '../../../src/protocol/json/listed-path.ts';
import { ordinaryCalls, TOOLS_FILE } from '../../support/ordinary-calls.ts';
import { KINDS, planted } from '../../support/planted-secrets.ts';

const KEY = Buffer.alloc(32, 7);
const redactor = (...paths: string[]) =>
  new Redactor(
    KEY,
    paths.map((path) => listedPath(path)!),
  );
const record = (source: string, with_ = redactor()) =>
  recordedArguments(JsonSource.of(source), with_, 'source');
const field = (value: unknown, with_ = redactor()): string => record(JSON.stringify(value), with_).field.text;

describe('what is recorded of a call', () => {
  it('holds none of a thousand planted secrets, wherever and however they stand', () => {
    const all = planted(1_000);
    expect(KINDS.length).toBeGreaterThanOrEqual(40);
    expect(all.length).toBeGreaterThanOrEqual(1_000);
    const leaked = all.filter(({ source, secret }) => {
      const { field: kept, keyed } = record(source);
      JSON.parse(kept.text);
      return !keyed || kept.text.includes(secret) || Buffer.byteLength(kept.text) > 2_048;
    });
    expect(leaked.map(({ place, source }) => `${place}: ${source.slice(0, 200)}`)).toEqual([]);
  });
});

describe('what is ordinary', () => {
  const calls = existsSync(TOOLS_FILE) ? ordinaryCalls(4_000) : [];

  it.skipIf(calls.length === 0)('is masked in fewer than 2 of 100 calls to real tools', () => {
    const masked = calls.filter((source) => redactor().json(JsonSource.of(source)) !== undefined);
    const why = masked.slice(0, 40).map((source) => redactor().json(JsonSource.of(source))!.slice(0, 400));
    if (process.env['SHOW_MASKED'] !== undefined) console.log(masked.length, why.join('\n'));
    expect(masked.length / calls.length).toBeLessThan(0.02);
  });

  it.for([
    { max_tokens: 4096, page_token: 'CAUQAA', primary_key: 'id', sort_key: 'name', tokens: 12 },
    { key: 'Enter', keys: ['a', 'b'], publicKey: 'ssh-ed25519 AAAA', passwordPolicy: 'strict' },
    { selector: 'input[type=password]', text: 'Forgot your password?' },
    { sha: '3f9c2a81b7d54e6f80c1a2b3d4e5f60718293a4b', nextPageToken: 'Zx9qLm0123456789abcdEFGH' },
    { code: 'const token = lexer.next();\nreturn token.value;' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write it
    { password: '${DB_PASSWORD}', token: '<your token>', secret: '{{ vault.secret }}' },
  ])('is left as it stands: %j', (value) => {
    expect(field(value)).toBe(JSON.stringify(value));
  });
});

describe('a mask', () => {
  it('is the same for the same secret and another for another, and depends on the home', () => {
    const [a, b, c] = ['hunter22', 'hunter22', 'hunter23'].map((password) => field({ password }));
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(field({ password: 'hunter22' }, new Redactor(Buffer.alloc(32, 8), []))).not.toBe(a);
    expect(JSON.parse(a!).password).toMatch(/^\[masked password, 8 characters, [0-9a-f]{16}\]$/);
  });

  it('stands inside of the text around it, and for a whole number', () => {
    const value = JSON.parse(field({ note: 'use password=hunter2! now', otp: 493021 }));
    expect(value.note).toMatch(/^use password=\[masked password, 8 characters, \w+\] now$/);
    expect(value.otp).toMatch(/^\[masked otp, 6 characters/);
  });

  it('leaves the user and host of an address, and the text after a quoted secret', () => {
    expect(JSON.parse(field({ url: 'postgres://ada:s3cr3t@db.example.com/app' })).url).toMatch(
      /^postgres:\/\/ada:\[masked password in an address, 6 characters, \w+\]@db\.example\.com\/app$/,
    );
    expect(JSON.parse(field({ code: 'login("ada", password="my pass word"); next()' })).code).toMatch(
      /^login\("ada", password="\[masked password, 12 characters, \w+\]"\); next\(\)$/,
    );
  });

  it('covers what the policy lists, at whatever depth, numbers too', () => {
    const with_ = redactor('args.ssn', 'args.people.*.iban', 'args["x y"]', 'args.all');
    const value = JSON.parse(
      field(
        { ssn: 123456789, people: [{ iban: 'DE12', name: 'Ada' }], 'x y': 'z', all: { a: ['b'] }, n: 1 },
        with_,
      ),
    );
    expect(JSON.stringify(value)).not.toMatch(/123456789|DE12|"z"|"b"/);
    expect(value.people[0].name).toBe('Ada');
    expect(value.n).toBe(1);
  });
});

describe('a keyed digest', () => {
  it.for([1, 32, 64, 65, 200])('is the HMAC-SHA256 under a key of %i bytes', (length) => {
    const key = Buffer.alloc(length, 9);
    const wanted = createHmac('sha256', key).update('a\u00e4\u20ac').digest('hex');
    expect(new Redactor(key, []).keyed('a\u00e4\u20ac')).toBe(`hmac:${wanted}`);
  });
});

describe('digests of a call', () => {
  it('are plain for one that is recorded whole, keyed for one with a mask or a cut', () => {
    expect(record('{"path":"/tmp/x"}').keyed).toBe(false);
    expect(record('{"password":"hunter22"}').keyed).toBe(true);
    expect(record(JSON.stringify({ text: 'x '.repeat(2_000) })).keyed).toBe(true);
  });

  it('of a cut string are keyed too, so that nobody can try out what stood there', () => {
    const [one] = [field({ text: 'x '.repeat(2_000) })];
    expect(JSON.parse(one!).text).toMatchObject({
      cut: true,
      digest: expect.stringMatching(/^hmac:[0-9a-f]{64}$/),
    });
  });
});

describe('audit.arguments', () => {
  const kept = (keep: 'keys' | 'none') =>
    recordedArguments(JsonSource.of('{"path":"/x","n":[1,true,null]}'), redactor(), keep);

  it('keys: leaves names and the kinds of values', () => {
    expect(kept('keys')).toMatchObject({
      keyed: true,
      field: { text: '{"path":"string","n":["number","true","null"]}' },
    });
  });

  it('none: leaves nothing', () => {
    expect(kept('none')).toMatchObject({ keyed: true, field: { text: 'null' } });
  });
});

describe('a path of audit.redact', () => {
  it.for(['args', 'ssn', 'args.', 'args..a', 'args[0', 'args[a]', 'args.a b', ''])('cannot be %j', (text) => {
    expect(listedPath(text)).toBeUndefined();
  });
});

describe('hostile text', () => {
  it.for([
    ['near misses of a token', 'eyJ-'],
    ['keys that never end', `-----BEGIN ${'PRIVATE KEY'}-----`],
    ['assignments', 'a.b.c.d='],
    ['addresses', 'a://a:a'],
    ['letters', 'aB3'],
    ['spaces', 'password   '],
  ])('takes no more than linear time: %s', ([, piece]) => {
    const time = (size: number): number => {
      const source = JSON.stringify({ text: piece!.repeat(size / piece!.length) });
      const from = performance.now();
      redactor().json(JsonSource.of(source));
      return performance.now() - from;
    };
    time(20_000);
    const [small, large] = [time(50_000), time(400_000)];
    // Eight times the text; quadratic would be sixty-four times the time.
    expect(large).toBeLessThan(Math.max(40 * small, 400));
  });
});
