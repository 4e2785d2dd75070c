import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UsageLog } from '../../../src/audit/limits/usage.ts';
import type { CountedSession } from '../../../src/audit/log/session-count.ts';
import { decimalText } from '../../../src/policy/decide/decimal.ts';
import { newFolder } from '../../support/home.ts';
import { LogWriter } from './log-writer.ts';
import { oneCallIn } from './one-limit.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const KEY = Buffer.alloc(32, 5);
const LIMIT = oneCallIn(HOUR);

let home: string;
let ended: LogWriter;
let killed: LogWriter;
const index = (): string => join(home, 'limits.index');

interface Opening {
  key?: Buffer;
  counted?: CountedSession[];
  at?: number;
}

function open({ key = KEY, counted = [], at = NOW }: Opening = {}): UsageLog {
  return new UsageLog({
    folder: join(home, 'audit'),
    session: 'own',
    now: () => at,
    wall: Date.now,
    longestMs: HOUR,
    counted: () => counted,
    index: { file: index(), key },
  });
}

/** What one session is told; it leaves its index behind. */
function told(opening?: Opening): string {
  const log = open(opening);
  try {
    return decimalText(log.spent(LIMIT));
  } catch (error) {
    return (error as Error).message;
  } finally {
    log.end();
  }
}

const asks = (writer: LogWriter, what: string): RegExp =>
  new RegExp(`the log ${writer.name} ${what} .*audit verify`);

function sessions(folder: string, each: string): [LogWriter, LogWriter] {
  const one = new LogWriter(join(folder, 'audit'), '2026-11', '20261125-113000-aaaaaa.jsonl');
  const two = new LogWriter(join(folder, 'audit'), '2026-11', '20261125-114000-bbbbbb.jsonl');
  one
    .counted(NOW - 30_000, 1, each)
    .counted(NOW - 20_000, 2, each)
    .stop(NOW - 10_000);
  two.counted(NOW - 15_000, 1, each);
  return [one, two];
}

beforeEach(() => {
  home = newFolder();
  [ended, killed] = sessions(home, '10');
});

describe('an index of limits gives nothing when', () => {
  it('any part of it was edited', () => {
    expect(told()).toBe('30');
    const bytes = readFileSync(index());
    for (let at = 0; at < bytes.length; at += 1 + (bytes.length >> 6)) {
      const edited = Buffer.from(bytes);
      edited[at] = (edited[at] ?? 0) ^ 1;
      writeFileSync(index(), edited);
      expect(told(), `byte ${at}`).toBe('30');
    }
    for (const length of [0, 10, 60, bytes.length - 1]) {
      writeFileSync(index(), bytes.subarray(0, length));
      expect(told(), `${length} bytes`).toBe('30');
    }
  });

  it('it was made under the key of another home', () => {
    expect(told({ key: Buffer.alloc(32, 6) })).toBe('30');
    expect(told()).toBe('30');
  });

  it('an older one was put back', () => {
    expect(told()).toBe('30');
    copyFileSync(index(), join(home, 'old'));
    killed.counted(NOW - 5000, 2, '5');
    new LogWriter(join(home, 'audit'), '2026-11', '20261125-115000-cccccc.jsonl').counted(NOW, 1, '100');
    expect(told()).toBe('135');
    copyFileSync(join(home, 'old'), index());
    expect(told()).toBe('135');
  });

  it('one of a copy of the home, in which less was used up, was put there', () => {
    const real = home;
    home = newFolder();
    sessions(home, '1');
    expect(told()).toBe('3');
    copyFileSync(index(), join(real, 'limits.index'));
    home = real;
    // The index of that home says less than the log says here: the log is read.
    expect(told()).toMatch(/^30$|was cut or changed/);
  });

  it('it covers a shorter window than is asked for', () => {
    const old = new LogWriter(join(home, 'audit'), '2026-11', '20261125-080000-dddddd.jsonl');
    old.counted(NOW - 3 * HOUR, 1, '7').stop(NOW - 3 * HOUR);
    expect(told()).toBe('30');
    const log = open();
    expect(decimalText(log.spent({ ...LIMIT, windowMs: 4 * HOUR }))).toBe('37');
    log.end();
    expect(told()).toBe('30');
    expect(decimalText(open().spent({ ...LIMIT, windowMs: 4 * HOUR }))).toBe('37');
  });

  it('the clock was set back to before what it covers', () => {
    const old = new LogWriter(join(home, 'audit'), '2026-11', '20261125-103000-dddddd.jsonl');
    old.counted(NOW - 1.5 * HOUR, 1, '7').stop(NOW - 1.5 * HOUR);
    expect(told()).toBe('30');
    expect(told({ at: NOW - HOUR })).toBe('37');
  });

  it('the home was copied: the log is read there', () => {
    expect(told()).toBe('30');
    const copy = newFolder();
    cpSync(home, copy, { recursive: true, preserveTimestamps: true });
    home = copy;
    expect(told()).toBe('30');
  });
});

describe('a limit does not begin anew when, after the index was made, a log', () => {
  const again = (writer: LogWriter, what: string, counted?: CountedSession[]): void => {
    const log = open(counted && { counted });
    // Each call is asked about, not the first alone, and so are those of the next sessions.
    for (const _ of [1, 2]) expect(() => log.spent(LIMIT)).toThrow(asks(writer, what));
    log.end();
    for (const _ of [1, 2]) expect(told(counted && { counted })).toMatch(asks(writer, what));
    expect(told({ at: NOW + 2 * HOUR })).toBe('0');
  };

  it('was removed', () => {
    told();
    rmSync(ended.path);
    again(ended, 'is gone');
  });

  it('was removed and comes back: it counts', () => {
    told();
    const bytes = readFileSync(ended.path);
    rmSync(ended.path);
    const log = open();
    expect(() => log.spent(LIMIT)).toThrow('is gone');
    writeFileSync(ended.path, bytes);
    expect(decimalText(log.spent(LIMIT))).toBe('30');
  });

  it.for([
    ['was cut', (text: string) => `${text.split('\n').slice(0, 1).join('\n')}\n`],
    ['was emptied', () => ''],
    ['says a smaller amount in as many bytes', (text: string) => text.replace('"10"', '"01"')],
    ['lost the time of a use', (text: string) => text.replace('2026-11-25T11:59:30', '2026-11-25T08:59:30')],
    ['was written anew', (text: string) => text.replaceAll('"10"', '"1.00000"')],
  ] as const)('%s', ([, change]) => {
    told();
    writeFileSync(ended.path, change(readFileSync(ended.path, 'utf8')));
    utimesSync(ended.path, (NOW - 10_000) / 1000, (NOW - 10_000) / 1000);
    const log = open();
    for (const _ of [1, 2]) expect(() => log.spent(LIMIT)).toThrow(asks(ended, 'was cut or changed'));
    log.end();
    expect(told()).toMatch(asks(ended, 'was cut or changed'));
  });

  it('was made to look old', () => {
    told();
    for (const { path } of [ended, killed]) utimesSync(path, 0, 0);
    expect(told()).toMatch(/was cut or changed/);
  });

  it('that is still written was removed while a session knows it', () => {
    const log = open();
    expect(decimalText(log.spent(LIMIT))).toBe('30');
    rmSync(killed.path);
    expect(() => log.spent(LIMIT)).toThrow(asks(killed, 'is gone'));
  });

  it('that was killed goes on: what it adds counts', () => {
    expect(told()).toBe('30');
    killed.counted(NOW - 1000, 2, '4');
    expect(told()).toBe('34');
    killed.write(NOW - 500, 'verdict', { call: 1, verdict: 'reject' });
    expect(told()).toBe('24');
  });
});

describe('without an index a limit does not begin anew when', () => {
  const counted = (): CountedSession[] => [
    { file: ended.name, at: new Date(NOW - 10_000).toISOString(), tip: ended.tip },
  ];

  it('a counted log was removed: each call is asked about until the window has passed', () => {
    rmSync(ended.path);
    const log = open({ counted: counted() });
    for (const _ of [1, 2, 3]) expect(() => log.spent(LIMIT)).toThrow(asks(ended, 'is gone'));
    expect(told({ counted: counted(), at: NOW + 2 * HOUR })).toBe('0');
  });

  it('the end of a counted log was cut off or changed', () => {
    expect(told({ counted: counted() })).toBe('30');
    rmSync(index());
    const text = readFileSync(ended.path, 'utf8');
    writeFileSync(ended.path, text.split('\n').slice(1).join('\n').replace('stop', 'stop '));
    expect(told({ counted: counted() })).toMatch(asks(ended, 'was cut or changed'));
  });

  it('a counted log was made to look old', () => {
    utimesSync(ended.path, 0, 0);
    expect(told({ counted: counted() })).toBe('30');
  });

  it('a line has no time: nobody knows whether it still counts', () => {
    appendFileSync(
      killed.path,
      '{"v":1,"type":"decision","time":"never","call":3,"counted":[{"item":"k","amount":"1"}]}\n',
    );
    expect(told()).toMatch(asks(killed, 'is damaged'));
  });
});
