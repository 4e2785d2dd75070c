import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const home = mkdtempSync('/tmp/hp-bench-');
writeFileSync(join(home, 'policy.json'), '{"version":1,"allow":["*"]}', { mode: 0o600 });
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** The ways to a server that are compared: directly, through a pipe (the floor), through holdpoint (allow all). */
export function targets(server) {
  return {
    direct: server,
    pipe: [process.execPath, join(ROOT, 'bench/pipe.cjs'), ...server],
    holdpoint: [process.execPath, join(ROOT, 'bin/holdpoint.js'), 'run', '--home', home, '--', ...server],
  };
}

/** Starts a target; `ask` writes a text and resolves with the time (ms) until `until` has come back. */
export function start([program, ...args]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let awaited;
  let seen = '';
  child.stdout.on('data', (chunk) => {
    seen += chunk;
    if (awaited !== undefined && seen.includes(awaited.until)) {
      const { done, since } = awaited;
      awaited = undefined;
      seen = '';
      done(performance.now() - since);
    }
  });
  const ask = (text, until) =>
    new Promise((done) => {
      awaited = { until, done, since: performance.now() };
      child.stdin.write(text);
    });
  return { child, ask, end: () => child.stdin.end() };
}

/** One call of about this many bytes. */
export function call(id, size) {
  const frame = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"write_file","arguments":{"path":"/tmp/x","content":""}}}\n`;
  return frame.replace('"content":""', `"content":"${'x'.repeat(Math.max(0, size - frame.length))}"`);
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
