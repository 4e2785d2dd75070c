import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tip } from '../../../src/audit/log/entry.ts';
import { CheckpointSink } from '../../../src/audit/writing/checkpoint-sink.ts';
import type { Sink } from '../../../src/audit/writing/sink.ts';
import { decision, journalIn, newHome, start, stop } from '../samples.ts';

class Kept implements Sink {
  text = '';
  readonly heard: string[] = [];

  committed(lines: Uint8Array, tip: Tip, durable: boolean): void {
    this.text += Buffer.from(lines).toString();
    this.heard.push(`${tip.seq}${durable ? ' durable' : ''}`);
  }

  closed(tip: Tip): void {
    this.heard.push(`closed ${tip.seq}`);
  }
}

describe('a sink', () => {
  it('is given the very lines that stand in the log, and its end', () => {
    const sink = new Kept();
    const journal = journalIn(newHome(), { sinks: [sink] });
    journal.stage(start());
    journal.stage(decision(1));
    journal.commit({ durable: true });
    journal.stage(stop);
    journal.close();
    expect(sink.text).toBe(readFileSync(journal.file, 'utf8'));
    expect(sink.heard).toEqual(['1 durable', '2', 'closed 2']);
  });

  it('is given nothing that the log could not keep', () => {
    const sink = new Kept();
    const folder = newHome();
    const journal = journalIn(folder, { sinks: [sink] });
    mkdirSync(journal.file, { recursive: true });
    journal.stage(start());
    expect(() => journal.commit()).toThrow();
    journal.close();
    expect([sink.text, sink.heard]).toEqual(['', []]);
  });

  it('that has something recorded while it is given lines spoils neither them nor the log', () => {
    const journal = journalIn(newHome(), {
      sinks: [
        {
          committed: () => void (journal.staged === 0 && journal.stage(decision(9))),
          closed: () => {},
        },
      ],
    });
    journal.stage(start());
    journal.commit();
    journal.stage(stop);
    journal.commit();
    const seqs = readFileSync(journal.file, 'utf8').trim().split('\n');
    expect(seqs.map((line) => JSON.parse(line).seq)).toEqual([0, 1, 2]);
  });
});

describe('the copy of the log’s ends', () => {
  it('that cannot be written is told of once, and the log goes on', () => {
    const told: string[] = [];
    const nowhere = join(newHome(), 'no', 'folder');
    const sink = new CheckpointSink(nowhere, (cause) => told.push(cause));
    const journal = journalIn(newHome(), { sinks: [sink] });
    for (const call of [1, 2]) {
      journal.stage(decision(call));
      journal.commit({ durable: true });
    }
    journal.close();
    expect(told).toEqual(['ENOENT']);
    expect(readFileSync(journal.file, 'utf8').trim().split('\n')).toHaveLength(2);
  });
});
