// How long `audit verify` takes over 100,000 records in one file, against only reading and splitting the file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rawJson } from '../dist/audit/log/raw-json.js';
import { verifyAudit } from '../dist/audit/verify/verify.js';
import { openJournal } from '../dist/audit/writing/journal.js';
import { SIGNATURES } from '../dist/session/signatures.js';

const CALLS = 50_000;
const folder = mkdtempSync('/tmp/hp-bench-');
const clock = { wall: Date.now, mono: () => performance.now() };
const journal = openJournal({ folder, session: '20261125-100000-aaaaaa', clock, durability: 'process' });
const hex = 'a'.repeat(64);
journal.stage({ type: 'session', kind: 'run', event: 'start', server: 'fs', tier: 0 });
for (let call = 1; call <= CALLS; call += 1) {
  const args = rawJson(`{"path":"/home/ada/project/file-${call}.txt","text":"${'x'.repeat(200)}"}`);
  const caller = { client: 'bench', claimed: true };
  const more = { effect: 'allow', rule: 'allow[0]', reason: 'Matches fs/*', caller, bytes: 300 };
  journal.stage({
    type: 'decision',
    call,
    server: 'fs',
    tool: 'write_file',
    arguments: args,
    digest: hex,
    callDigest: hex,
    ...more,
  });
  journal.stage({ type: 'outcome', call, outcome: 'ok', durationMs: 3 });
  if (call % 500 === 0) journal.commit();
}
journal.stage({ type: 'session', kind: 'run', event: 'stop' });
journal.close();
const file = journal.file;
const timed = (act) => {
  const from = performance.now();
  act();
  return performance.now() - from;
};
const rounds = Array.from({ length: 5 }, () => ({
  read: timed(() =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line && JSON.parse(line)),
  ),
  verify: timed(() => {
    const { result, records } = verifyAudit(folder, { signatures: SIGNATURES });
    if (result !== 'ok' || records !== 2 * CALLS + 2) throw new Error(`${result} ${records}`);
  }),
}));
const median = (of) => rounds.map(of).sort((a, b) => a - b)[2];
const [read, verify] = [median((round) => round.read), median((round) => round.verify)];
console.log(
  `${2 * CALLS} records: verify ${Math.round(verify)} ms, ${(verify / read).toFixed(2)} of reading and parsing them (${Math.round(read)} ms)`,
);
rmSync(folder, { recursive: true });
