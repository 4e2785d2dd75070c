#!/usr/bin/env node
// A debugger attached by SIGUSR1 could read a held call or answer for its person (measured on Node 20 and 22).
process.on('SIGUSR1', () => {});

// `run` is dispatched before commander is loaded: the proxy must not start later than its server.
const [, , command, ...rest] = process.argv;
if (command === 'run') {
  const { run } = await import('../dist/cli/run/run.js');
  await run(rest);
} else {
  const { main } = await import('../dist/cli/main.js');
  await main(process.argv);
}
