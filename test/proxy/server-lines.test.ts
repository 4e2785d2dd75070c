import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hidden } from '../../src/protocol/hidden-tools.ts';
import { requestIdOf } from '../../src/protocol/request-id.ts';
import { ServerLines, type ServerLinesPorts } from '../../src/proxy/server-lines.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (parts: readonly Uint8Array[]): string =>
  parts.map((part) => new TextDecoder().decode(part)).join('');
const hidden: Hidden = (tool) => tool.startsWith('h');

describe('the lines of a server whose tools may be hidden', () => {
  const LIST = '{"jsonrpc":"2.0","result":{"tools":[{"name":"h1"},{"name":"a"}]},"id":7}\n';
  const OTHER = '{"jsonrpc":"2.0","id":8,"result":{"tools":[{"name":"h1"}]}}\n';
  const SHORT = LIST.replace('{"name":"h1"},', '');

  function filtering(policy: (() => Hidden | 'unknown' | undefined) | undefined, wanted = () => true) {
    const out: Uint8Array[] = [];
    const seen: string[] = [];
    const ports: ServerLinesPorts = {
      digests: () => false,
      whole: wanted,
      awaitsWord: () => false,
      withWord: (_answer, line) => line,
      isList: ({ id }) => id.key === requestIdOf('7')?.key,
      answer: ({ id }) => void seen.push(id.key),
      odd: (cause) => void seen.push(cause),
    };
    const relay = (part: Uint8Array): void => void out.push(Uint8Array.from(part));
    return { filter: new ServerLines(ports, { hidden: policy, relay }), out, seen };
  }

  it('changes the awaited list and nothing else, however the bytes are cut', () => {
    const whole = `log line\n${OTHER}${LIST}rest without end`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (cuts) => {
        const { filter, out } = filtering(() => hidden);
        let at = 0;
        for (const cut of cuts) {
          filter.push(bytes(whole.slice(at, at + cut)));
          at += cut;
        }
        filter.push(bytes(whole.slice(at)));
        filter.end();
        expect(text(out)).toBe(`log line\n${OTHER}${SHORT}rest without end`);
      }),
    );
  });

  it('holds a list, and all behind it, until the policy is there', () => {
    let policy: Hidden | 'unknown' = 'unknown';
    const { filter, out } = filtering(() => policy);
    filter.push(bytes(OTHER));
    filter.push(bytes(LIST));
    filter.push(bytes('more\n'));
    expect(text(out)).toBe(OTHER);
    policy = hidden;
    filter.release();
    expect(text(out)).toBe(`${OTHER}${SHORT}more\n`);
  });

  it('passes what it held when there will be no policy, and when the server ends', () => {
    let policy: 'unknown' | undefined = 'unknown';
    const { filter, out } = filtering(() => policy);
    filter.push(bytes(LIST));
    policy = undefined;
    filter.end();
    expect(text(out)).toBe(LIST);
  });

  it('keeps nothing back while no list is awaited', () => {
    const { filter, out } = filtering(
      () => hidden,
      () => false,
    );
    filter.push(bytes('half a li'));
    expect(text(out)).toBe('half a li');
  });

  it('passes a line that is too long to be kept as it comes', () => {
    const { filter, out } = filtering(() => hidden);
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    for (let n = 0; n < 18; n += 1) filter.push(chunk);
    expect(out.reduce((sum, part) => sum + part.length, 0)).toBeGreaterThan(16 * 1024 * 1024);
  });

  it('holds a line back only where tools may be hidden', () => {
    const { filter, out } = filtering(undefined);
    filter.push(bytes(LIST.slice(0, 20)));
    expect(text(out)).toBe(LIST.slice(0, 20));
    filter.push(bytes(LIST.slice(20)));
    expect(text(out)).toBe(LIST);
  });

  it('reads each line once, and what waited behind a list only when it is passed on', () => {
    let policy: Hidden | 'unknown' = 'unknown';
    const { filter, out, seen } = filtering(() => policy);
    filter.push(bytes(`odd\n${LIST}${OTHER}`));
    filter.push(bytes(OTHER));
    expect(seen).toEqual(['not-an-object', 'n:7']);
    policy = hidden;
    filter.release();
    expect(seen).toEqual(['not-an-object', 'n:7', 'n:8', 'n:8']);
    expect(text(out)).toBe(`odd\n${SHORT}${OTHER}${OTHER}`);
  });

  it('passes a million line ends in one piece while a list is awaited', () => {
    const { filter, out } = filtering(() => hidden);
    filter.push(new Uint8Array(1024 * 1024).fill(0x0a));
    expect(out.reduce((sum, part) => sum + part.length, 0)).toBe(1024 * 1024);
  });
});

describe('the answer to a call that a person changed', () => {
  const ANSWER = '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}\n';
  const TOLD = ANSWER.replace('[]', '["w"]');
  const OTHER = '{"jsonrpc":"2.0","id":8,"result":{"content":[]}}\n';

  function telling(awaits: () => boolean) {
    const out: Uint8Array[] = [];
    const ports: ServerLinesPorts = {
      digests: () => false,
      whole: () => false,
      awaitsWord: awaits,
      withWord: ({ id }, line) =>
        id.key === requestIdOf('7')?.key ? bytes(text([line]).replace('[]', '["w"]')) : line,
      isList: () => false,
      answer: () => {},
      odd: () => {},
    };
    const relay = (part: Uint8Array): void => void out.push(Uint8Array.from(part));
    return { lines: new ServerLines(ports, { hidden: undefined, relay }), out };
  }

  it('is told in that line and no other, however the bytes are cut', () => {
    const whole = `log line\n${OTHER}${ANSWER}rest without end`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (cuts) => {
        const { lines, out } = telling(() => true);
        let at = 0;
        for (const cut of [...cuts, whole.length]) {
          lines.push(bytes(whole.slice(at, at + cut)));
          at += cut;
        }
        lines.end();
        expect(text(out)).toBe(whole.replace(ANSWER, TOLD));
      }),
    );
  });

  it('is told from the next line on: one that had begun before passes as it began', () => {
    let awaits = false;
    const { lines, out } = telling(() => awaits);
    lines.push(bytes(OTHER.slice(0, 20)));
    awaits = true;
    lines.push(bytes(`${OTHER.slice(20)}${ANSWER}`));
    expect(text(out)).toBe(`${OTHER}${TOLD}`);
  });

  it('passes as it is where it is longer than is kept, byte for byte', () => {
    const { lines, out } = telling(() => true);
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    for (let n = 0; n < 18; n += 1) lines.push(chunk);
    lines.push(bytes('\n'));
    expect(out.reduce((sum, part) => sum + part.length, 0)).toBe(18 * 1024 * 1024 + 1);
  });
});
