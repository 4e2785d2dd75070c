import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/audit/log/entry.ts';
import { objectJson, rawJson } from '../../../src/audit/log/raw-json.ts';
import { exportJson } from '../../../src/audit/reading/export.ts';
import { queryCalls } from '../../../src/audit/reading/query.ts';
import { addressOf } from '../../../src/audit/reading/seek-call.ts';
import { PlainError } from '../../../src/platform/plain-error.ts';
import { findCall } from '../../support/audit.ts';
import {
  decision,
  journalIn,
  linesOf,
  newHome,
  ok,
  START,
  start,
  TestClock,
  wholeSession,
} from '../samples.ts';

const FIRST = '20261122-104301-aaaaa';
const SECOND = '20261122-104302-bbbbb';

let folder: string;
beforeEach(() => {
  folder = join(newHome(), 'audit');
});

function session(entries: Entry[], name = FIRST, clock = new TestClock()): string {
  const journal = journalIn(folder, { session: name, clock });
  for (const entry of entries) journal.stage(entry);
  journal.close();
  return journal.file;
}

describe('a query', () => {
  it('puts the records of a held call together into one call', () => {
    wholeSession(folder, FIRST);
    const { calls, warnings } = queryCalls(folder);
    expect(warnings).toEqual([]);
    expect(calls.map((call) => [call.call, call.effect, call.forwarded, call.outcome])).toEqual([
      [1, 'allow', true, 'ok'],
      [2, 'deny', false, undefined],
      [3, 'escalate', true, 'ok'],
    ]);
    expect(calls[2]).toMatchObject({
      session: FIRST,
      hold: 'abcde',
      verdict: 'approve',
      by: { name: 'os-user', method: 'watch', tier: 0 },
      waitMs: 12_000,
      durationMs: 12,
      caller: { as: 'ci' },
    });
  });

  it('keeps numbers as their source text on the way out', () => {
    wholeSession(folder, FIRST);
    const [call] = queryCalls(folder).calls;
    expect(objectJson(call!)).toContain('"arguments":{"path":"/tmp/a","size":9007199254740993}');
  });

  it.for([
    [{ server: 'files' }, [1, 2, 3]],
    [{ server: 'file*' }, []],
    [{ tool: 'drop_*' }, [2]],
    [{ tool: 'write_fil?' }, [1, 3]],
    [{ effect: 'escalate' }, [3]],
    [{ verdict: 'approve' }, [3]],
    [{ verdict: 'reject' }, []],
    [{ effect: 'allow', tool: '*' }, [1]],
    [{ since: START }, [1, 2, 3]],
    [{ since: START + 1 }, []],
  ] as const)('with %j finds the calls %j', ([filter, found]) => {
    wholeSession(folder, FIRST);
    expect(queryCalls(folder, filter).calls.map((call) => call.call)).toEqual(found);
  });

  it('gives calls of all sessions in the order of their time', () => {
    session([start(), decision(1)], FIRST, new TestClock(START + 5000));
    session([start(), decision(1)], SECOND, new TestClock(START));
    expect(queryCalls(folder).calls.map(addressOf)).toEqual([`${SECOND}/1`, `${FIRST}/1`]);
  });

  it('tells who approved the pass that a later call spent', () => {
    session([
      start(),
      decision(1, { effect: 'escalate' }),
      { type: 'hold', call: 1, hold: 'abcde', event: 'opened' },
      { type: 'hold', call: 1, hold: 'abcde', event: 'detached' },
      {
        type: 'verdict',
        call: 1,
        hold: 'abcde',
        verdict: 'approve',
        by: { name: 'eva', method: 'watch', tier: 0 },
      },
      decision(2, { effect: 'escalate' }),
      { type: 'forward', call: 2, pass: 'abcde' },
      ok(2),
    ]);
    const [first, second] = queryCalls(folder).calls;
    expect(first).toMatchObject({ verdict: 'approve', forwarded: false });
    expect(second).toMatchObject({
      pass: 'abcde',
      hold: 'abcde',
      by: { name: 'eva' },
      forwarded: true,
      outcome: 'ok',
    });
  });

  it('counts everything as forwarded under mode observe', () => {
    session([
      start({ policy: { file: null, digest: 'b', mode: 'observe' } }),
      decision(1, { effect: 'deny' }),
    ]);
    expect(queryCalls(folder).calls[0]).toMatchObject({ effect: 'deny', forwarded: true });
  });

  it('skips damaged lines with a warning each and keeps the rest', () => {
    const file = wholeSession(folder, FIRST);
    const lines = linesOf(file);
    lines[1] = '{"v":1,';
    lines[3] = lines[3]!.replace(FIRST, SECOND);
    writeFileSync(file, `${lines.join('\n')}\n{"torn`);
    const { calls, warnings } = queryCalls(folder);
    expect(calls.map((call) => call.call)).toEqual([3]);
    expect(warnings).toEqual([
      `Line 2 of 2026-11/${FIRST}.jsonl was skipped: it is not JSON.`,
      `Line 4 of 2026-11/${FIRST}.jsonl is of another session and was skipped.`,
      `Line 11 of 2026-11/${FIRST}.jsonl is torn (no line end) and was skipped.`,
      `1 records of 2026-11/${FIRST}.jsonl belong to calls without a readable decision.`,
    ]);
  });

  it('takes no value of a wrong kind for what it should be', () => {
    const file = wholeSession(folder, FIRST);
    const wrong = readFileSync(file, 'utf8')
      .replaceAll('"tool":"write_file"', '"tool":{"toString":1}')
      .replaceAll('"by":{"name":"os-user"', '"by":{"name":["x"]')
      .replaceAll('"waitMs":12000', '"waitMs":"<script>"')
      .replaceAll('"caller":{"as":"ci"}', '"caller":7');
    writeFileSync(file, wrong);
    const { calls } = queryCalls(folder);
    expect(calls[2]).toMatchObject({ tool: '', verdict: 'approve', caller: null });
    expect(calls[2]).not.toHaveProperty('by');
    expect(calls[2]).not.toHaveProperty('waitMs');
  });

  it('of a folder that is a file fails in one sentence', () => {
    writeFileSync(folder, '');
    expect(() => queryCalls(folder)).toThrow(PlainError);
    expect(() => queryCalls(folder)).toThrow(/cannot be read: ENOTDIR\. Check --home/);
  });
});

describe('the address of a call', () => {
  beforeEach(() => {
    wholeSession(folder, FIRST);
    session([start(), decision(1), decision(9)], SECOND);
  });

  it.for([
    [`${FIRST}/1`, `${FIRST}/1`],
    ['aaaaa/1', `${FIRST}/1`],
    ['abcde', `${FIRST}/3`],
    ['9', `${SECOND}/9`],
    ['3', `${FIRST}/3`],
  ] as const)('%s finds %s', ([address, found]) => {
    expect(addressOf(findCall(folder, address).call)).toBe(found);
  });

  it('gives every record of the call, and the start of its session', () => {
    const detail = findCall(folder, 'abcde');
    expect(detail.records.map((record) => record.type)).toEqual([
      'decision',
      'hold',
      'verdict',
      'forward',
      'outcome',
    ]);
    expect(detail.sessionStart?.fields['kind']).toBe('run');
  });

  it('that two calls answer to is refused with the candidates', () => {
    expect(() => findCall(folder, '1')).toThrow(
      new PlainError(`2 calls answer to 1: ${FIRST}/1, ${SECOND}/1. Name one of them.`),
    );
  });

  it('that no call answers to is refused in one sentence', () => {
    expect(() => findCall(folder, 'zz\u001b[2J')).toThrow(
      /^No call zz\\u\{001b\}\[2J is in the audit log in .*\.$/,
    );
  });
});

describe('the export', () => {
  const text = (warnings: string[] = []): string =>
    [...exportJson(folder, (warning) => warnings.push(warning))].join('');

  it('is one JSON array of every record, each the very text of its line', () => {
    const file = wholeSession(folder, FIRST);
    wholeSession(folder, SECOND);
    const all = text();
    expect(JSON.parse(all)).toHaveLength(20);
    for (const line of linesOf(file)) expect(all).toContain(line);
    expect(all).toContain('"size":9007199254740993');
  });

  it('of nothing is an empty array', () => {
    expect(JSON.parse(text())).toEqual([]);
  });

  it('comes in pieces, not as one text', () => {
    session(Array.from({ length: 1000 }, (_, call) => decision(call)));
    const pieces = [...exportJson(folder, () => {})];
    expect(pieces.length).toBeGreaterThan(5);
    expect(JSON.parse(pieces.join(''))).toHaveLength(1000);
  });

  it('leaves out damaged lines with a warning, and escapes what somebody smuggled in', () => {
    const file = wholeSession(folder, FIRST);
    const smuggled = linesOf(file)[0]!.replace('claude-code', 'claude\u202e\u009b31m');
    appendFileSync(file, `garbage\n${smuggled}\n`);
    const warnings: string[] = [];
    const all = text(warnings);
    expect(JSON.parse(all)).toHaveLength(11);
    expect(all).toContain('claude\\u202e\\u009b31m');
    expect(warnings).toHaveLength(1);
  });
});

describe('objectJson', () => {
  it('writes hidden characters as escapes and leaves out what is undefined', () => {
    expect(objectJson({ a: '\u202e', b: undefined, c: rawJson('1.0'), d: Number.NaN })).toBe(
      '{"a":"\\u202e","c":1.0,"d":null}',
    );
  });
});
