// Loaded into the proxy: measures the longest time that its loop did not turn, from SIGUSR2 to its end.
import { readFileSync, writeFileSync } from 'node:fs';

let longest = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
}, 1).unref();
process.on('SIGUSR2', () => {
  longest = 0;
  last = performance.now();
});
process.on('exit', () => {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  writeFileSync(process.env.BIG_PROBE, JSON.stringify({ longest, peak }));
});
