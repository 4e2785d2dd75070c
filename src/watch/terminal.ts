import { join } from 'node:path';
import { fileNamed } from '../approvals/showing/file-view.ts';
import { visible } from '../text/visible.ts';
import { AlternateScreen } from './alternate-screen.ts';
import { Attention } from './attention.ts';
import { type BesideFile, readBeside } from './beside/read-beside.ts';
import { Elsewhere } from './elsewhere.ts';
import { KeyRing } from './state/key-ring.ts';
import { type Entry, waiting } from './state/screen.ts';
import { Store, type StoreOptions } from './state/store.ts';

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
    coloured,
    until,
    keys = new KeyRing(
      () => undefined,
      undefined,
      (digest) => digest,
    ),
    refused = () => {},
    earlier,
    trial,
    rules,
    record,
    notify = false,
    brake,
    team,
  }: {
    coloured: boolean;
    until?: Promise<unknown>;
    keys?: KeyRing;
    refused?: StoreOptions['refused'];
    earlier?: NonNullable<StoreOptions['earlier']>;
    trial?: NonNullable<StoreOptions['trial']>;
    rules?: NonNullable<StoreOptions['rules']>;
    record?: NonNullable<StoreOptions['record']>;
    /** Besides the bell: notifications, and the count in the window's title. */
    notify?: boolean;
    brake?: NonNullable<StoreOptions['brake']>;
    team?: NonNullable<StoreOptions['team']>;
  },
): Promise<void> {
  for (const mark of CI_MARKS) delete process.env[mark];
  // React's other build keeps a measurement of every frame for good: 0.2 MB each (measured with React 19.2).
  process.env['NODE_ENV'] = 'production';
  const { render } = await import('ink');
  const { createElement } = await import('react');
  const { App } = await import('./view/app.tsx');
  const write = (text: string): void => void process.stdout.write(text);
  const attention = new Attention(write, { env: process.env, on: notify });
  const ring = (): void => attention.ring();
  const file = async ({ hold, session }: Entry): Promise<BesideFile | undefined> => {
    const path = fileNamed(hold);
    // Of a server that runs elsewhere no file is here: that would be said on every card.
    return path === undefined || session.folder === null ? undefined : readBeside(session.folder, path);
  };
  const store = new Store({
    runFolder,
    keys,
    env: process.env,
    ring,
    refused,
    file,
    ...(earlier && { earlier }),
    ...(trial && { trial }),
    ...(rules && { rules }),
    ...(record && { record }),
    ...(brake && { brake }),
    ...(team && { team }),
  });
  const screen = new AlternateScreen(attention);
  screen.enter();
  store.subscribe(() => attention.waiting(waiting(store.snapshot())));
  const elsewhere = new Elsewhere(store, screen, join(runFolder, 'edit'));
  // incrementalRendering leaves torn frames behind (tried with Ink 6.8), so it stays off.
  const app = render(createElement(App, { store, elsewhere, coloured }), {
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 20,
  });
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (!elsewhere.took(signal)) app.unmount();
    });
  store.start();
  const stop = (): void => app.unmount();
  until?.then(stop, stop);
  let unsent: string | undefined;
  try {
    await app.waitUntilExit();
  } finally {
    unsent = store.stop();
    screen.leave();
  }
  if (unsent !== undefined) process.stderr.write(`holdpoint: ${visible(unsent)}\n`);
}
