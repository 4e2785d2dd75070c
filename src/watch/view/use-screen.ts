import { useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Size } from '../page/frame.ts';
import { type Entry, isUrgent, type Screen } from '../state/screen.ts';
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

/** The wall clock, by seconds while one of them counts, else by minutes; also lets old messages go. */
export function useClock(store: Store): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      store.tick();
      const wall = Date.now();
      const urgent = isUrgent(store.snapshot(), wall);
      setNow((before) =>
        urgent || Math.floor(before / MINUTE_MS) < Math.floor(wall / MINUTE_MS) ? wall : before,
      );
    }, 1000);
    return () => clearInterval(timer);
  }, [store]);
  return now;
}

const MINUTE_MS = 60_000;

/** What is looked up for the selected call, once it is there; `undefined` until then, and where there is none. */
export function useLooked<Found>(
  entry: Entry | undefined,
  look: (entry: Entry) => Promise<Found | undefined>,
): Found | undefined {
  const [read, setRead] = useState<{ hold: Entry['hold']; found: Found }>();
  const hold = entry?.hold;
  useEffect(() => {
    if (entry === undefined) return;
    let current = true;
    look(entry).then((found) => {
      if (current && found !== undefined) setRead({ hold: entry.hold, found });
    });
    return () => {
      current = false;
    };
  }, [look, entry]);
  return read !== undefined && read.hold === hold ? read.found : undefined;
}
