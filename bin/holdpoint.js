#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A debugger attached by SIGUSR1 could read a held call or answer for its person (measured on Node 20 and 22).
process.on('SIGUSR1', () => {});

// `run` is dispatched before commander is loaded: the proxy must not start later than its server.
// In a few files, as `npm run build` leaves it; each module of a start costs it time.
const BUNDLED = new URL('../dist/run/run.js', import.meta.url);
const [, , command, ...rest] = process.argv;
if (command === 'run') {
  const runs = existsSync(BUNDLED) ? BUNDLED : '../dist/cli/run/run.js';
  const { run } = await import(runs);
  await run(rest);
} else {
  const { main } = await import('../dist/cli/main.js');
  await main(process.argv);
}
