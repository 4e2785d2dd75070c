import { describe, expect, it } from 'vitest';
import type { ReadRecord } from '../../../src/audit/log/read-record.ts';
import { CompiledTracker } from '../../../src/audit/verify/verify-compiled.ts';
import { VERSION } from '../../../src/platform/this-machine.ts';

const KNOWN = new Map([
  ['user aa', ['1:11', '1:12']],
  ['project bb', ['1:21']],
]);

function started(policy: object, holdpoint = VERSION): ReadRecord {
  const fields = { event: 'start', kind: 'run', policy, versions: { holdpoint, node: 'v20' } };
  return { type: 'session', seq: 0, fields } as unknown as ReadRecord;
}

/** What is found of one session: forged, compared, or neither. */
function found(policy: object, holdpoint?: string): 'forged' | 'compared' | 'unknown' | 'nothing' {
  const tracker = new CompiledTracker();
  tracker.add(started(policy, holdpoint), '2026-11/a.jsonl');
  const { problems, unknown, compared } = tracker.compare(KNOWN);
  if (problems.length > 0) {
    expect(problems).toMatchObject([{ kind: 'tampered', file: '2026-11/a.jsonl', line: 1 }]);
    return 'forged';
  }
  return unknown.length > 0 ? 'unknown' : compared > 0 ? 'compared' : 'nothing';
}

const layers = [
  { layer: 'user', digest: 'aa' },
  { layer: 'project', digest: 'bb' },
];

describe('a session that ran by a kept policy', () => {
  it('is compared with what its texts compile to, each of its layers', () => {
    expect(found({ digest: 'aa', compiled: ['1:11'] })).toBe('compared');
    expect(found({ digest: 'aa', compiled: ['1:12'] })).toBe('compared');
    expect(found({ digest: 'xx', layers, compiled: ['1:11', '1:21'] })).toBe('compared');
    expect(found({ digest: 'aa', compiled: ['1:13'] })).toBe('forged');
    expect(found({ digest: 'xx', layers, compiled: ['1:11', '1:11'] })).toBe('forged');
    expect(found({ digest: 'xx', layers, compiled: ['1:21', '1:21'] })).toBe('forged');
  });

  it('has one digest for each layer', () => {
    for (const compiled of [[], ['1:11', '1:11'], 'x', null, {}])
      expect(found({ digest: 'aa', compiled })).toBe('forged');
    expect(found({ digest: 'xx', layers, compiled: ['1:11'] })).toBe('forged');
  });

  it('is forged by one layer also where of another nobody can tell', () => {
    const other = [...layers, { layer: 'project', digest: 'gone' }];
    expect(found({ digest: 'xx', layers: other, compiled: ['1:11', '1:21', '1:9'] })).toBe('unknown');
    expect(found({ digest: 'xx', layers: other, compiled: ['1:11', '1:22', '1:9'] })).toBe('forged');
  });

  it('is not compared where another version compiled it, or its text is not here any more', () => {
    expect(found({ digest: 'aa', compiled: ['1:13'] }, '0.0.9')).toBe('unknown');
    expect(found({ digest: 'aa', compiled: ['2:13'] })).toBe('unknown');
    expect(found({ digest: 'zz', compiled: ['1:13'] })).toBe('unknown');
  });

  it('is named by its record alone: without the field it was compiled by the session itself', () => {
    expect(found({ digest: 'aa' })).toBe('nothing');
  });
});
