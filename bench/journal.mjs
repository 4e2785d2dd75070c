// What one record costs as its file grows from nothing to a million records: staged, chained and written alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { rawJson } from '../dist/audit/log/raw-json.js';
import { openJournal } from '../dist/audit/writing/journal.js';

const MARKS = [0, 1_000, 10_000, 100_000, 999_000];
const BLOCK = 1_000;
const folder = mkdtempSync('/tmp/hp-bench-');
const clock = { wall: Date.now, mono: () => performance.now() };
const journal = openJournal({ folder, session: '20261125-100000-aaaaaa', clock, durability: 'process' });
const hex = 'a'.repeat(64);
const args = rawJson(`{"path":"/home/ada/project/file.txt","text":"${'x'.repeat(150)}"}`);
const record = (call) => ({
  type: 'decision',
  call,
  server: 'fs',
  tool: 'write_file',
  arguments: args,
  digest: hex,
  callDigest: hex,
  bytes: 300,
  caller: { client: 'bench', claimed: true },
  effect: 'allow',
  rule: 'allow[0]',
  reason: 'Matches fs/*',
});
let call = 0;
const stageNext = () => {
  call += 1;
  journal.stage(record(call));
};
const costs = [];
for (const mark of MARKS) {
  // What lies between is written in large pieces: it is there to make the file long.
  while (call < mark) {
    for (let piece = 0; piece < BLOCK && call < mark; piece += 1) stageNext();
    journal.commit();
  }
  const each = [];
  for (let one = 0; one < BLOCK; one += 1) {
    const from = performance.now();
    stageNext();
    journal.commit();
    each.push(performance.now() - from);
  }
  costs.push({ mark, median: each.sort((a, b) => a - b)[BLOCK / 2] * 1_000 });
}
journal.close();
// The first block also pays for the compiler's warming up.
const [, base] = costs;
for (const { mark, median } of costs) {
  console.log(
    `${String(mark).padStart(9)} records before: ${median.toFixed(1)} us a record, ${(median / base.median).toFixed(2)} of that after 1,000`,
  );
}
rmSync(folder, { recursive: true });
