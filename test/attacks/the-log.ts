import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIndex, writeIndex } from '../../src/audit/limits/index-file.ts';
import { redactionKey } from '../../src/audit/writing/redaction-key.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { limitsIndex } from '../../src/session/limits-index.ts';
import { auditFiles } from '../support/home.ts';
import { type Arena, type Attack, atEnd, type Outcome } from './arena.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Puts another end of the newest session into the count beside the log. */
function counts(arena: Arena, tip: { seq: number; digest: string }): void {
  const name = arena.log().split('/').slice(-2).join('/');
  const file = join(arena.home, 'state/sessions.json');
  const count = JSON.parse(readFileSync(file, 'utf8'));
  for (const one of count.sessions) if (one.file === name) one.tip = tip;
  writeFileSync(file, JSON.stringify(count));
}

/** A session whose log ends with a call that its person approved. */
async function approvedSession(arena: Arena): Promise<void> {
  arena.policy({
    audit: { checkpoint: join(arena.home, '../', `${arena.home.split('/').pop()}.checkpoints`) },
  });
  atEnd(() => rmSync(`${arena.home}.checkpoints`, { force: true }));
  const server = await arena.server();
  server.proxy.call(1, 'echo', { path: '/a' });
  await arena.approves();
  await server.proxy.answer(1);
  await server.proxy.end();
}

const forgetsLimit: Attack = {
  title: 'deletes the log of a session so that a limit begins anew',
  async run(arena) {
    arena.policy({ deny: [{ tool: 'srv/echo', over: '1/day' }], allow: ['*'] });
    for (let round = 0; round < 3; round += 1) {
      const { proxy } = await arena.server();
      proxy.call(1, 'slow', { ms: 1 });
      if (round === 0) proxy.call(2, 'echo', {});
      await proxy.answer(round === 0 ? 2 : 1);
      await proxy.end();
    }
    const [first] = auditFiles(arena.home).filter((file) => readFileSync(file, 'utf8').includes('"counted"'));
    rmSync(first ?? '');
    return once(arena);
  },
};

/** One call a day, used up by the newest session. */
async function usedUp(arena: Arena): Promise<void> {
  arena.policy({ deny: [{ tool: 'srv/echo', over: '1/day' }], allow: ['*'] });
  const { proxy } = await arena.server();
  proxy.call(1, 'echo', {});
  await proxy.answer(1);
  await proxy.end();
}

async function usedUpAndRemoved(arena: Arena): Promise<void> {
  await usedUp(arena);
  rmSync(arena.log());
}

/** The newest session was never counted. */
function uncounts(arena: Arena): void {
  const file = join(arena.home, 'state/sessions.json');
  const before = JSON.parse(readFileSync(file, 'utf8'));
  const sessions = before.sessions.slice(0, -1);
  writeFileSync(file, JSON.stringify({ ...before, begun: before.begun - 1, sessions }));
}

/** `cleans`: what is done before anybody verifies. */
async function once(arena: Arena, cleans = (): void => {}): Promise<Outcome> {
  const { proxy, executed } = await arena.server();
  proxy.call(1, 'echo', {});
  await sleep(1_000);
  await proxy.end();
  if (executed().length === 0) return 'prevented';
  cleans();
  return arena.verify() === 0 ? 'not covered' : 'detected';
}

const forgetsNewest: Attack = {
  title: 'the same with the newest session, which no later one names yet',
  async run(arena) {
    await usedUpAndRemoved(arena);
    return once(arena);
  },
};

const forgetsCount: Attack = {
  title: 'the same, and removes the count of sessions beside the log',
  async run(arena) {
    await usedUpAndRemoved(arena);
    uncounts(arena);
    return once(arena);
  },
};

const forgetsIndex: Attack = {
  title: 'the same, and removes what was read of the log for limits (`state/limits.index`)',
  async run(arena) {
    await usedUpAndRemoved(arena);
    uncounts(arena);
    rmSync(limitsIndex(resolveHome(arena.home, {})));
    return once(arena);
  },
};

/** What was read of the log, as if nothing had been used up: under the home's own key, of files that nobody touched. */
async function forgesIndex(arena: Arena): Promise<void> {
  await usedUp(arena);
  if (arena.verify() !== 0) throw new Error('There was something to find before the forgery.');
  const home = resolveHome(arena.home, {});
  const place = { file: limitsIndex(home), key: redactionKey(home) };
  const index = readIndex(place);
  const files = index?.sessions.flatMap((session) => session.files) ?? [];
  // A forgery of nothing would prove nothing.
  if (index === undefined || !files.some(({ columns }) => columns.size > 0))
    throw new Error('The index knows of no use.');
  for (const { columns } of files) columns.clear();
  writeIndex(place, index);
}

const forgedIndex: Attack = {
  title: 'forges what was read of the log for limits under the key of its masks, so that a limit begins anew',
  async run(arena) {
    await forgesIndex(arena);
    return once(arena);
  },
};

const forgedAndRemoved: Attack = {
  title: 'the same, and removes the forgery once its call ran',
  async run(arena) {
    await forgesIndex(arena);
    return once(arena, () => rmSync(limitsIndex(resolveHome(arena.home, {}))));
  },
};

const editsLog: Attack = {
  title: 'changes a record of the audit log',
  async run(arena) {
    await approvedSession(arena);
    const file = arena.log();
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"tool":"echo"', '"tool":"ecco"'));
    return arena.verify() === 5 ? 'detected' : 'not covered';
  },
};

/** Another tool in the newest session, and a chain that is sound. */
async function rewritten(arena: Arena): Promise<{ seq: number; digest: string }> {
  await approvedSession(arena);
  const file = arena.log();
  let prev = '0'.repeat(64);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const chained = lines.map((line) => {
    const again = line.replace('"tool":"echo"', '"tool":"ecco"').replace(/"prev":"\w+"/, `"prev":"${prev}"`);
    prev = createHash('sha256').update(again).digest('hex');
    return again;
  });
  writeFileSync(file, `${chained.join('\n')}\n`);
  return { seq: chained.length - 1, digest: prev };
}

const rewritesLog: Attack = {
  title: 'rewrites the newest session with a sound chain, so that another call was approved',
  async run(arena) {
    await rewritten(arena);
    return arena.verify() === 5 ? 'detected' : 'not covered';
  },
};

const rewritesBoth: Attack = {
  title: 'the same, and its end in the count of sessions beside the log',
  async run(arena) {
    const tip = await rewritten(arena);
    counts(arena, tip);
    return arena.verify() === 5 ? 'detected' : 'not covered';
  },
};

async function cut(arena: Arena, checkpoints: string[]): Promise<Outcome> {
  await approvedSession(arena);
  const file = arena.log();
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const kept = lines.slice(
    0,
    lines.findIndex((line) => line.includes('"type":"decision"')),
  );
  writeFileSync(
    file,
    `${kept.join('\n')}\n${lines
      .at(-1)!
      .replace(/"seq":\d+/, `"seq":${kept.length}`)
      .replace(/"prev":"\w+"/, `"prev":"${createHash('sha256').update(kept.at(-1)!).digest('hex')}"`)}\n`,
  );
  counts(arena, { seq: kept.length, digest: sha256(readFileSync(file, 'utf8').split('\n').at(-2)!) });
  return arena.verify(checkpoints) === 5 ? 'detected' : 'not covered';
}

const cutsLog: Attack = {
  title: 'cuts the newest records out of the log, and puts the new end into the count',
  run: (arena) => cut(arena, []),
};

const cutsCheckedLog: Attack = {
  title: 'the same, with `audit.checkpoint` in a file that it cannot rewrite',
  run: (arena) => cut(arena, [`${arena.home}.checkpoints`]),
};

export const THE_LOG: Attack[] = [
  forgetsLimit,
  forgetsNewest,
  forgetsCount,
  forgetsIndex,
  forgedIndex,
  forgedAndRemoved,
  editsLog,
  rewritesLog,
  rewritesBoth,
  cutsLog,
  cutsCheckedLog,
];
