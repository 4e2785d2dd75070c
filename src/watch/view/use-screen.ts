import { useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Beside } from '../../approvals/showing/view.ts';
import type { Size } from '../page/frame.ts';
import type { Entry, Screen } from '../state/screen.ts';
import type { Store } from '../state/store.ts';

/** The terminal's size, followed as it changes; 80x24 where it does not say. */
export function useSize(): Size {
  const { stdout } = useStdout();
  const read = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const onResize = (): void => setSize(read());
    stdout.on('resize', onResize);
    return () => {
      stdout.off('resize', onResize);
    };
  });
  return size;
}

export function useScreen(store: Store): Screen {
  return useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
}

/** The wall clock, so that ages and countdowns move; also lets old messages go. */
export function useClock(store: Store): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      store.tick();
      setNow(Date.now());
    }, 1000);
    return () => clearInterval(timer);
  }, [store]);
  return now;
}

/** The file that the selected call writes, as it is on this machine, once it was read. */
export function useFile(store: Store, entry: Entry | undefined): Beside['file'] {
  const [read, setRead] = useState<{ hold: Entry['hold']; file: Beside['file'] }>();
  const hold = entry?.hold;
  useEffect(() => {
    if (entry === undefined) return;
    let current = true;
    store.fileBeside(entry).then((file) => {
      if (current && file !== undefined) setRead({ hold: entry.hold, file });
    });
    return () => {
      current = false;
    };
  }, [store, entry]);
  return read?.hold === hold ? read?.file : undefined;
}
