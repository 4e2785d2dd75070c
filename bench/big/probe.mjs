// Loaded into the proxy: measures the longest time that its loop did not turn, and the most that was computed in one, from SIGUSR2 to its end.
import { readFileSync, writeFileSync } from 'node:fs';

/** What the main thread has computed so far, in ms: unlike the time on the wall no neighbour makes it longer. */
const computed = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;

let longest = 0;
let busiest = 0;
let last = performance.now();
let before = computed();
setInterval(() => {
  const now = performance.now();
  const cpu = computed();
  longest = Math.max(longest, now - last);
  busiest = Math.max(busiest, cpu - before);
  last = now;
  before = cpu;
}, 1).unref();
process.on('SIGUSR2', () => {
  longest = busiest = 0;
  last = performance.now();
  before = computed();
});
process.on('exit', () => {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  writeFileSync(process.env.BIG_PROBE, JSON.stringify({ longest, busiest, peak }));
});
