import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Column } from '../../../src/audit/limits/column.ts';
import {
  type IndexedFile,
  type IndexedSession,
  type LimitsIndex,
  readIndex,
  writeIndex,
} from '../../../src/audit/limits/index-file.ts';
import { UsageLog } from '../../../src/audit/limits/usage.ts';
import type { VerifyReport } from '../../../src/audit/verify/verify-report.ts';
import { redactionKey } from '../../../src/audit/writing/redaction-key.ts';
import { type Home, resolveHome } from '../../../src/platform/home.ts';
import { decimalText } from '../../../src/policy/decide/decimal.ts';
import { besideLog } from '../../../src/session/beside-log.ts';
import { limitsIndex } from '../../../src/session/limits-index.ts';
import { verifyAudit } from '../../support/audit.ts';
import { newHome } from '../../support/home.ts';
import { LogWriter } from '../limits/log-writer.ts';
import { oneCallIn } from '../limits/one-limit.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const LIMIT = oneCallIn(HOUR);

let home: Home;
let key: Uint8Array;
let ended: LogWriter;
let killed: LogWriter;
let old: LogWriter;

const open = (at: number): UsageLog =>
  new UsageLog({
    folder: home.audit,
    session: 'own',
    now: () => at,
    wall: Date.now,
    longestMs: HOUR,
    index: { file: limitsIndex(home), key },
  });

/** What a session is told; it leaves its index behind. */
function told(at = NOW): string {
  const log = open(at);
  try {
    return decimalText(log.spent(LIMIT));
  } finally {
    log.end();
  }
}

const verify = (): VerifyReport => verifyAudit(home.audit, { beside: besideLog(home) });
/** What it finds of the index. */
const found = (): string[] =>
  verify()
    .problems.filter(({ file }) => file === 'state/limits.index')
    .map(({ what }) => what);
const place = () => ({ file: limitsIndex(home), key });
const read = (): LimitsIndex => readIndex(place())!;

/** An index made by somebody who has the key. */
function forge(change: (index: LimitsIndex) => unknown): void {
  const index = read();
  change(index);
  writeIndex(place(), index);
}

const sessionOf = (index: LimitsIndex, writer: LogWriter): IndexedSession =>
  index.sessions.find(({ files }) => files.some(({ name }) => name === writer.name))!;
const fileOf = (index: LimitsIndex, writer: LogWriter): IndexedFile =>
  sessionOf(index, writer).files.find(({ name }) => name === writer.name)!;

beforeEach(() => {
  home = resolveHome(newHome(), {});
  key = redactionKey(home);
  const writer = (name: string) => new LogWriter(home.audit, '2026-11', name);
  old = writer('20261125-080000-000000.jsonl');
  old
    .write(NOW - 4 * HOUR, 'session', { kind: 'run', event: 'start' })
    .counted(NOW - 4 * HOUR, 1, '7')
    .stop(NOW - 4 * HOUR);
  ended = writer('20261125-103000-aaaaaa.jsonl');
  ended
    .counted(NOW - 1.4 * HOUR, 1, '3')
    .counted(NOW - 50_000, 2, '10')
    .write(NOW - 45_000, 'verdict', { call: 2, verdict: 'reject' })
    .counted(NOW - 40_000, 3, '0.25')
    .write(NOW - 35_000, 'outcome', { call: 3, outcome: 'ok' })
    .counted(NOW - 30_000, 4, '123456789012345678901.5')
    .stop(NOW - 10_000);
  killed = writer('20261125-114000-bbbbbb.jsonl');
  killed.counted(NOW - 15_000, 1, '1').counted(NOW - 14_000, 2, '5', 'other');
});

describe('verify and what was read of the log for limits agree', () => {
  it('after a session, and say what was compared', () => {
    expect(told()).toBe('123456789012345678902.75');
    const report = verify();
    expect(report.problems.filter(({ kind }) => kind === 'tampered')).toEqual([]);
    expect(report.checked.join('\n')).toContain('What state/limits.index says of 2 files');
  });

  it('when the index is older than the log, and when sessions went on from it', () => {
    told();
    killed.counted(NOW - 1000, 3, '4').write(NOW - 900, 'verdict', { call: 1, verdict: 'reject' });
    expect(found()).toEqual([]);
    expect(told()).toBe('123456789012345678905.75');
    expect(found()).toEqual([]);
    killed.counted(NOW + 1000, 4, '1').stop(NOW + 2000);
    expect(told(NOW + 3000)).toBe('123456789012345678906.75');
    expect(found()).toEqual([]);
  });

  it('of a session in two files', () => {
    const second = new LogWriter(home.audit, '2026-11', '20261125-114000-bbbbbb.2.jsonl');
    second.write(NOW - 9000, 'refusal', { call: 1 }).counted(NOW - 8000, 3, '2');
    expect(told()).toBe('123456789012345678903.75');
    expect(found()).toEqual([]);
  });

  it('when all that it knew has become too old', () => {
    told();
    told(NOW + 1.1 * HOUR);
    expect(told(NOW + 3 * HOUR)).toBe('0');
    expect(Object.keys(read().closed['2026-11'] ?? {})).toContain(ended.name.split('/')[1]);
    expect(found()).toEqual([]);
  });

  it('when a line is torn behind what was read', () => {
    writeFileSync(killed.path, `${readFileSync(killed.path, 'utf8')}{"v":1,"se`);
    utimesSync(killed.path, (NOW - 14_000) / 1000, (NOW - 14_000) / 1000);
    told();
    expect(found()).toEqual([]);
  });

  it('where there is no index', () => {
    expect(found()).toEqual([]);
    expect(verify().checked.join('\n')).not.toContain('limits.index');
    expect(verify().unchecked.join('\n')).not.toContain('limits.index');
  });
});

/** Each lets more run than the limit, or would later. */
const FORGERIES: Record<string, [(index: LimitsIndex) => unknown, RegExp]> = {
  'says that nothing was used up': [
    (index) => fileOf(index, ended).columns.clear(),
    /says of 2026-11\/20261125-103000-aaaaaa.jsonl that its calls used up 0 of k, where its records say 123456789012345678901.75: .* remove it: it is made again/,
  ],
  'says that less was used up': [
    ({ sessions }) => {
      for (const { files } of sessions) for (const { columns } of files) columns.get('k')?.digits.fill(0);
    },
    /used up 0 of k, where its records say/,
  ],
  'gives back what was not given back': [
    (index) => fileOf(index, killed).columns.get('other')!.insert({ time: NOW, digits: -5, exponent: 0 }),
    /used up 0 of other, where its records say 5/,
  ],
  'gives it back at the end of all time': [
    (index) =>
      fileOf(index, killed)
        .columns.get('other')!
        .insert({ time: Number.POSITIVE_INFINITY, digits: -5, exponent: 0 }),
    /used up 0 of other, where its records say 5/,
  ],
  'says that it was used up earlier': [
    (index) =>
      fileOf(index, killed)
        .columns.get('k')!
        .times.fill(NOW - 1.1 * HOUR),
    /used up 1 of k at other times/,
  ],
  'says amounts that are no numbers': [
    (index) => fileOf(index, killed).columns.get('k')!.digits.fill(Number.NaN),
    /used up no number of k/,
  ],
  'names what was used up by another item': [
    (index) => {
      const { columns } = fileOf(index, killed);
      columns.set('nobody', columns.get('k') ?? new Column());
      columns.delete('k');
    },
    /of k, where its records say 1|of nobody, where its records say 0/,
  ],
  'says that more was read': [
    (index) => {
      fileOf(index, killed).offset += 10_000;
    },
    /says of \S+bbbbbb.jsonl more than stands in it/,
  ],
  'says that it was read up to the middle of a record': [
    (index) => {
      fileOf(index, killed).offset -= 10;
    },
    /another record ends at byte/,
  ],
  'says that nothing was read and counts that as its end': [
    (index) => Object.assign(fileOf(index, killed), { offset: 0, last: undefined, ended: true }),
    /bbbbbb.jsonl that it has ended/,
  ],
  'says that a session has ended that goes on': [
    (index) => {
      fileOf(index, killed).ended = true;
    },
    /that it has ended/,
  ],
  'names another last record': [
    (index) => {
      fileOf(index, killed).last = { from: 0, digest: 'f'.repeat(64) };
    },
    /another record ends at byte/,
  ],
  'lets a call be given back that cannot be': [
    (index) => sessionOf(index, killed).open.set('9', [{ item: 'k', time: NOW, digits: 1000, exponent: 0 }]),
    /that what other calls used up may be given back/,
  ],
  'lets more of a call be given back than it used up': [
    (index) => sessionOf(index, killed).open.set('1', [{ item: 'k', time: NOW, digits: 1000, exponent: 0 }]),
    /that what other calls used up may be given back/,
  ],
  'says that a file was last written long ago': [
    (index) => {
      fileOf(index, ended).identity[2] = 0;
    },
    /last written 1970-01-01T00:00:00.000Z, where it counts a call of 2026-11-25T11:59:30.000Z/,
  ],
  'says that a file was closed long ago': [
    (index) => {
      index.sessions = [];
      index.closed = { '2026-11': { [killed.name.split('/')[1] ?? '']: 0 } };
    },
    /says of \S+bbbbbb.jsonl that it was last written 1970/,
  ],
  'has one file in two sessions': [
    ({ sessions }) => {
      sessions.push(structuredClone(sessions[0]!));
    },
    /that it is of two sessions/,
  ],
  'has two sessions in one': [
    (index) => {
      const { files } = sessionOf(index, killed);
      sessionOf(index, ended).files.push(...files.splice(0));
    },
    /that it is of two sessions, or of another one/,
  ],
};

describe('verify tells, exit 5, that an index made under the key of the home', () => {
  it.for(Object.entries(FORGERIES))('%s', ([, [change, words]]) => {
    told();
    forge(change);
    expect(found().join('\n')).toMatch(words);
    expect(verify().exitCode).toBe(5);
    // It says all there is to do.
    rmSync(limitsIndex(home));
    expect(found()).toEqual([]);
    expect(told()).toBe('123456789012345678902.75');
    expect(found()).toEqual([]);
  });

  it('knows of a log that was removed', () => {
    told();
    rmSync(killed.path);
    expect(found().join('\n')).toMatch(/says of \S+bbbbbb.jsonl what it used up, and it is gone/);
  });

  it('knows more of a log than stands there now', () => {
    told();
    const text = readFileSync(killed.path, 'utf8');
    writeFileSync(killed.path, text.slice(0, text.indexOf('\n') + 1));
    expect(found().join('\n')).toMatch(/more than stands in it/);
  });

  it('knows a log by another text', () => {
    told();
    writeFileSync(killed.path, readFileSync(killed.path, 'utf8').replace('"amount":"5"', '"amount":"1"'));
    expect(found().join('\n')).toMatch(/another record ends at byte/);
  });

  it('passes over a log that was made to look old', async () => {
    for (const { path } of [ended, killed]) utimesSync(path, 0, 0);
    const log = open(NOW);
    log.prepare();
    // Which of the files have ended it finds out between calls.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next));
    expect(decimalText(log.spent(LIMIT))).toBe('0');
    log.end();
    expect(found().join('\n')).toMatch(/aaaaaa.jsonl that it was last written 1970/);
  });

  it('a session believes is the one that it tells', () => {
    told();
    forge(({ sessions }) => {
      for (const { files } of sessions) for (const { columns } of files) columns.clear();
    });
    expect(told()).toBe('0');
    expect(found().length).toBe(2);
  });

  it('says less of a thousand files, in no longer a report than of a hundred', () => {
    told();
    forge(({ sessions }) => {
      for (let n = 0; n < 1000; n += 1) {
        const one = structuredClone(sessions[0]!);
        for (const file of one.files) file.name = `2026-11/20261125-${n}.jsonl`;
        sessions.push(one);
      }
    });
    expect(found().length).toBe(100);
  });
});

describe('an index that does not open is no problem, and verify says so', () => {
  const noted = (): void => {
    expect(found()).toEqual([]);
    expect(verify().unchecked.join('\n')).toContain('state/limits.index says: it does not open');
    expect(verify().checked.join('\n')).not.toContain('limits.index');
    expect(existsSync(limitsIndex(home))).toBe(true);
  };

  it('when it was edited', () => {
    told();
    const bytes = readFileSync(limitsIndex(home));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(limitsIndex(home), bytes);
    noted();
  });

  it('when another version wrote it', () => {
    writeFileSync(limitsIndex(home), 'holdpoint limits 9 LE\n');
    noted();
  });

  it('when the key of the home is another one, or gone', () => {
    told();
    writeFileSync(join(home.state, 'redaction.key'), `${'7'.repeat(64)}\n`);
    noted();
    rmSync(join(home.state, 'redaction.key'));
    noted();
  });

  it.for<[string, (index: Record<string, unknown> & LimitsIndex) => unknown]>([
    ['covers', (index) => Object.assign(index, { covers: 'x' })],
    ['last change', (index) => Object.assign(fileOf(index, killed), { identity: [1, 2, null, 4] })],
    ['closed files', (index) => Object.assign(index, { closed: { '2026-11': { a: 'x' } } })],
  ])('when its %s is none: no session believes it either', ([, change]) => {
    told();
    forge((index) => {
      for (const { files } of index.sessions) for (const { columns } of files) columns.clear();
      change(index as Record<string, unknown> & LimitsIndex);
    });
    noted();
    expect(told()).toBe('123456789012345678902.75');
  });
});
