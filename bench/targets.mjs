import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** HP_ROOT measures another build. */
const ROOT = resolve(process.env.HP_ROOT ?? join(import.meta.dirname, '..'));
const folder = mkdtempSync('/tmp/hp-bench-');
const home = join(folder, '.holdpoint');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Fifty rules, every fifth of them with a condition, and one that allows what is measured. */
export function writePolicy(root) {
  mkdirSync(root, { mode: 0o700 });
  const rules = (list, count) =>
    Array.from({ length: count }, (_, n) =>
      n % 5 === 0 ? { tool: `*/${list}_${n}_*`, when: `args.n > ${n}` } : `*/${list}_${n}_*`,
    );
  const policy = {
    version: 1,
    deny: rules('deny', 17),
    escalate: rules('ask', 17),
    allow: [...rules('allow', 16), '*'],
  };
  writeFileSync(join(root, 'policy.json'), JSON.stringify(policy), { mode: 0o600 });
}
writePolicy(home);

/** The ways to a server that are compared: directly, through a pipe (the floor), through holdpoint (all is allowed). */
export function targets(server) {
  return {
    direct: server,
    pipe: [process.execPath, join(import.meta.dirname, 'pipe.cjs'), ...server],
    holdpoint: [process.execPath, join(ROOT, 'bin/holdpoint.js'), 'run', '--home', home, '--', ...server],
  };
}

/** All of this run on one processor, where that can be said: what moves between two measures the machine. */
export function pinned() {
  if (process.env.HP_PINNED !== undefined || process.env.HP_UNPINNED !== undefined) return;
  const env = { ...process.env, HP_PINNED: '1' };
  const run = spawnSync('taskset', ['-c', '0', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env,
  });
  if (run.error === undefined) process.exit(run.status ?? 1);
}

/** Starts a target; `ask` writes lines and resolves with the time (ms) until as many have come back. */
export function start([program, ...args]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let awaited;
  child.stdout.on('data', (chunk) => {
    if (awaited === undefined) return;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) awaited.lines -= 1;
    if (awaited.lines > 0) return;
    const { done, since } = awaited;
    awaited = undefined;
    done(performance.now() - since);
  });
  const ask = (text, lines = 1) =>
    new Promise((done) => {
      awaited = { lines, done, since: performance.now() };
      child.stdin.write(text);
    });
  return { child, ask, end: () => child.stdin.end() };
}

const TEXT =
  'const one = "two";\n\tif (one === \'x\') return "three \\ four";\n// some words of a comment: see file.ts\n';
const PLAIN = 'some words of a text without anything that JSON would have to escape, one after the other; ';

/** A text of about so many bytes as JSON: code, with an escape every 20 bytes or so, or plain words. */
export function text(size, kind = 'code') {
  const said = kind === 'code' ? TEXT : PLAIN;
  const inJson = JSON.stringify(said).length - 2;
  const whole = said.repeat(Math.ceil(size / inJson));
  return JSON.stringify(whole.slice(0, Math.floor((size * said.length) / inJson)));
}

/** One call of about this many bytes. */
export function call(id, size, kind) {
  const frame = `{"method":"tools/call","params":{"name":"write_file","arguments":{"content":"","path":"/tmp/x"}},"jsonrpc":"2.0","id":${id}}\n`;
  return frame.replace('""', () => text(Math.max(0, size - frame.length), kind));
}

export function median(values) {
  return quantile(values, 0.5);
}

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))];
}
