import { KeyRing } from './state/key-ring.ts';
import { Store, type StoreOptions } from './state/store.ts';

/** Auto-wrap off: a row that a terminal draws longer than we reckon is cut, and moves no other. */
const ENTER = '\u001b[?1049h\u001b[?2004h\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?2004l\u001b[?1049l\u001b[?25h';
/** With one of these set Ink takes the terminal for a CI log and draws nothing; here a person sits. */
const CI_MARKS = ['CI', 'CONTINUOUS_INTEGRATION'];
const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * The approval terminal on the alternate screen, until the person quits, a signal comes, or `until` settles. Whatever ends it, the
 * terminal is given back as it was. Needs a terminal on stdin and stdout.
 */
export async function watchTerminal(
  runFolder: string,
  {
    until,
    keys = new KeyRing(undefined, undefined, (digest) => digest),
    refused = () => {},
  }: { until?: Promise<unknown>; keys?: KeyRing; refused?: StoreOptions['refused'] } = {},
): Promise<void> {
  for (const mark of CI_MARKS) delete process.env[mark];
  // React's other build keeps a measurement of every frame for good: 0.2 MB each (measured with React 19.2).
  process.env['NODE_ENV'] = 'production';
  const { render } = await import('ink');
  const { createElement } = await import('react');
  const { App } = await import('./view/app.tsx');
  const ring = (): void => void process.stdout.write('\u0007');
  const store = new Store({ runFolder, keys, env: process.env, ring, refused });
  let left = false;
  const leave = (): void => {
    if (left) return;
    left = true;
    process.stdin.setRawMode(false);
    process.stdout.write(LEAVE);
  };
  process.on('exit', leave);
  // Before anything is asked: Ink switches only after its first frame, and until then a passphrase would be echoed.
  process.stdin.setRawMode(true);
  process.stdout.write(ENTER);
  // incrementalRendering leaves torn frames behind (tried with Ink 6.8), so it stays off.
  const app = render(createElement(App, { store }), { exitOnCtrlC: false, patchConsole: false, maxFps: 20 });
  for (const signal of SIGNALS) process.on(signal, () => app.unmount());
  store.start();
  const stop = (): void => app.unmount();
  until?.then(stop, stop);
  try {
    await app.waitUntilExit();
  } finally {
    store.stop();
    leave();
  }
}
