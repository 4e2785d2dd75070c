import fs, { utimesSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { UsageLog } from '../../../src/audit/limits/usage.ts';
import { decimalText } from '../../../src/policy/decide/decimal.ts';
import { eventually } from '../../support/eventually.ts';
import { newFolder } from '../../support/home.ts';
import { LogWriter } from './log-writer.ts';
import { oneCallIn } from './one-limit.ts';

const DAY = 86_400_000;
const LIMIT = oneCallIn(DAY);

const calls = { stats: 0, listings: 0, opens: 0, bytes: 0 };

/** The real file system, whose calls are counted. */
function count(): void {
  const real = { ...fs };
  const counted = <K extends 'lstatSync' | 'statSync' | 'readdirSync' | 'openSync'>(
    name: K,
    as: keyof typeof calls,
  ) =>
    vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      calls[as] += 1;
      return (real[name] as (...all: unknown[]) => unknown)(...args);
    }) as never);
  counted('lstatSync', 'stats');
  counted('statSync', 'stats');
  counted('readdirSync', 'listings');
  counted('openSync', 'opens');
  vi.spyOn(fs, 'readSync').mockImplementation((...args: unknown[]) => {
    const bytes = (real.readSync as (...all: unknown[]) => number)(...args);
    calls.bytes += bytes;
    return bytes;
  });
  syncBuiltinESMExports();
}

beforeAll(count);
afterAll(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** A home with so many ended sessions, the last change of each so long ago, and what is left of its uses. */
function homeOf(files: number, ago: number): { open(): UsageLog; audit: string; index: string } {
  const folder = newFolder();
  const audit = join(folder, 'audit');
  new LogWriter(audit, '2026-11', '20261101-000000-aaaaaa.jsonl')
    .counted(Date.now() - 5000, 1, '1')
    .stop(Date.now());
  for (let n = 0; n < files; n += 1) {
    const at = Date.now() - ago;
    const base = `20261102-${String(n).padStart(6, '0')}-aaaaaa.jsonl`;
    const writer = new LogWriter(audit, '2026-11', base);
    writer.counted(at, 1, '1').write(at, 'outcome', { call: 1, outcome: 'ok' }).stop(at);
    utimesSync(writer.path, at / 1000, at / 1000);
  }
  const index = { file: join(folder, 'limits.index'), key: Buffer.alloc(32, 5) };
  const parts = { folder: audit, session: 'own', now: Date.now, wall: Date.now, longestMs: DAY, index };
  return { audit, index: index.file, open: () => new UsageLog(parts) };
}

/** The calls to the file system that something makes. */
function cost(what: () => void): typeof calls {
  const before = { ...calls };
  what();
  const of = (name: keyof typeof calls): number => calls[name] - before[name];
  return { stats: of('stats'), listings: of('listings'), opens: of('opens'), bytes: of('bytes') };
}

/** Longer than a tick of the file system: a folder that just changed is listed again. */
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 150));

async function costs(files: number, ago: number, spent: string) {
  const { open, index } = homeOf(files, ago);
  const maker = open();
  maker.prepare();
  expect(decimalText(maker.spent(LIMIT))).toBe(spent);
  // Sorting out the old ones goes on beside the calls.
  await eventually('no file is looked at any more', () => cost(() => maker.spent(LIMIT)).stats === 2);
  maker.end();
  await settled();
  const log = open();
  const first = cost(() => expect(decimalText(log.spent(LIMIT))).toBe(spent));
  const later = cost(() => expect(decimalText(log.spent(LIMIT))).toBe(spent));
  // Nothing but the index is read.
  expect(first).toMatchObject({ opens: 1, bytes: fs.statSync(index).size });
  log.end();
  return { first, later };
}

it.for([
  ['which all count', 1000, '1001'],
  ['which are all too old', 2 * DAY, '1'],
] as const)('a thousand files beside it, %s, cost a call what none do', async ([, ago, spent]) => {
  const alone = await costs(0, 0, '1');
  const beside = await costs(1000, ago, spent);
  expect(beside.later).toEqual(alone.later);
  expect(beside.later).toEqual({ stats: 2, listings: 0, opens: 0, bytes: 0 });
  // The first one holds those that count against the index: one look at each, and nothing is read.
  expect(beside.first).toEqual({
    ...alone.first,
    stats: alone.first.stats + (spent === '1' ? 0 : 1000),
    bytes: beside.first.bytes,
  });
});

it('a file that is still written costs a look at each call, and its new lines alone are read', async () => {
  const { open, audit } = homeOf(10, 0);
  const live = new LogWriter(audit, '2026-11', '20261103-000000-bbbbbb.jsonl').counted(Date.now(), 1, '1');
  await settled();
  const log = open();
  log.spent(LIMIT);
  expect(cost(() => log.spent(LIMIT))).toEqual({ stats: 3, listings: 0, opens: 0, bytes: 0 });
  const before = fs.statSync(live.path).size;
  live.counted(Date.now(), 2, '1');
  expect(cost(() => log.spent(LIMIT))).toMatchObject({
    opens: 1,
    bytes: fs.statSync(live.path).size - before,
  });
});

it('a new file is found by the next call, however soon', () => {
  const { open, audit } = homeOf(3, 1000);
  const log = open();
  for (let n = 1; n <= 200; n += 1) {
    const base = `20261104-${String(n).padStart(6, '0')}-bbbbbb.jsonl`;
    new LogWriter(audit, '2026-11', base).counted(Date.now(), 1, '1');
    expect(decimalText(log.spent(LIMIT))).toBe(String(4 + n));
  }
});

it('what was read without an index is kept off the calls’ way, before the session ends', async () => {
  const { open } = homeOf(40, 1000);
  open().prepare();
  await eventually('the index', () => {
    const log = open();
    const { opens } = cost(() => log.spent(LIMIT));
    return opens === 1;
  });
});
