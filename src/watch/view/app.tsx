import { Box, type Key as InkKey, Text, useApp, useInput } from 'ink';
import { useEffect, useMemo } from 'react';
import { type Content, contentOf } from '../page/content.ts';
import { frame, LEAST, layoutFor, type Size } from '../page/frame.ts';
import { groupContentOf } from '../page/group-content.ts';
import type { Key } from '../state/intent.ts';
import { selectedGroup } from '../state/list-rows.ts';
import { type Entry, type Screen, selectedEntry } from '../state/screen.ts';
import type { Store } from '../state/store.ts';
import { Painted } from './painted.tsx';
import { useClock, useLooked, useScreen, useSize } from './use-screen.ts';

/** What the selected card shows, made once for each call, width and view. */
function useContent(store: Store, screen: Screen, size: Size): Content | undefined {
  const entry = selectedEntry(screen);
  const file = useLooked(entry, store.fileBeside);
  const earlier = useLooked(entry, store.earlier) ?? null;
  const columns = screen.mode === 'detail' ? size.columns : layoutFor(size).card;
  const revealed = entry !== undefined && screen.revealed === entry.key;
  const plain = entry !== undefined && screen.plain === entry.key;
  const group = selectedGroup(screen);
  const one = useMemo(
    () => (entry === undefined ? undefined : contentOf(entry, { columns, revealed, plain, file, earlier })),
    [entry, columns, revealed, plain, file, earlier],
  );
  const together = useMemo(
    () => (group.length === 0 ? undefined : groupContentOf(group, columns)),
    [group, columns],
  );
  return one ?? together;
}

/** Where the terminal goes for a while. */
export interface Elsewhere {
  suspend(): void;
  edit(entry: Entry): void;
}

export function App({
  store,
  elsewhere,
  coloured,
}: {
  store: Store;
  elsewhere: Elsewhere;
  coloured: boolean;
}) {
  const { exit } = useApp();
  const screen = useScreen(store);
  const size = useSize();
  const now = useClock(store);
  const content = useContent(store, screen, size);
  const small = size.columns < LEAST.columns || size.rows < LEAST.rows;
  const { lines, view, looked } = frame(screen, { size, now, content });
  useEffect(() => {
    if (looked !== undefined && !small) store.look(looked.card, looked.from, looked.to);
  });
  useInput((text, key) => {
    if (small && text !== 'q' && !key.ctrl) return;
    const { quit, suspend, edit } = store.press(keyOf(text, key), view);
    if (quit === true) exit();
    if (suspend === true) elsewhere.suspend();
    if (edit !== undefined) elsewhere.edit(edit);
  });
  if (screen.away) return <Text> </Text>;
  if (small) return <TooSmall size={size} />;
  return <Painted lines={lines} size={size} coloured={coloured} />;
}

function keyOf(text: string, key: InkKey): Key {
  return {
    // Ink has no names for these.
    home: /^\[(?:H|1~|7~)$|^OH$/.test(text),
    end: /^\[(?:F|4~|8~)$|^OF$/.test(text),
    text,
    up: key.upArrow,
    down: key.downArrow,
    left: key.leftArrow,
    right: key.rightArrow,
    pageUp: key.pageUp,
    pageDown: key.pageDown,
    return: key.return,
    escape: key.escape,
    backspace: key.backspace || key.delete,
    tab: key.tab,
    ctrl: key.ctrl,
  };
}

function TooSmall({ size }: { size: Size }) {
  return (
    <Box width={size.columns}>
      <Text wrap="wrap">
        This terminal is {size.columns}x{size.rows}. To see what you decide it must be at least{' '}
        {LEAST.columns}x{LEAST.rows}. Calls go on waiting; q quits.
      </Text>
    </Box>
  );
}
