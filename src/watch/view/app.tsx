import { Box, Text, useApp, useInput } from 'ink';
import { useEffect, useMemo } from 'react';
import { mustReveal, shownHold } from '../../approvals/answering/masked-view.ts';
import { type Row, wrapLines } from '../../approvals/answering/wrap.ts';
import { prettyCall } from '../../approvals/showing/call-lines.ts';
import { spelledOut } from '../../approvals/showing/lines.ts';
import { type Entry, listed, type Screen, selectedEntry } from '../state/screen.ts';
import type { Store } from '../state/store.ts';
import { argumentRows, Card } from './card.tsx';
import { Footer, Header, Help, Idle, Notice } from './chrome.tsx';
import { List } from './list.tsx';
import { type Size, useClock, useScreen, useSize } from './use-screen.ts';

/** Below this a card cannot be shown whole enough to be judged. */
const LEAST: Size = { columns: 60, rows: 16 };

/** Header, rule between list and card, two lines of footer. */
const FRAME_ROWS = 4;

interface Arguments {
  rows: Row[];
  hidden: number;
  masked: number;
  mustReveal: boolean;
}

interface Layout {
  list: number;
  card: number;
}

/** The list takes what it needs, a third of the screen at most; in the details the card takes all. */
function layout(screen: Screen, size: Size, entries: number, notice: number): Layout {
  const room = size.rows - 1 - FRAME_ROWS - notice;
  if (screen.mode === 'detail') return { list: 0, card: room + 1 };
  const list = Math.min(entries, Math.max(2, Math.floor(room / 3)));
  return { list, card: room - list };
}

const NOTHING: Arguments = { rows: [], hidden: 0, masked: 0, mustReveal: false };

/** The arguments as rows of the screen, computed once for each call and width. */
function useRows(entry: Entry | undefined, columns: number, revealed: boolean): Arguments {
  const { hold, session } = entry ?? {};
  return useMemo(() => {
    if (hold === undefined || session === undefined) return NOTHING;
    const shown = shownHold(hold, session, revealed);
    const lines = prettyCall(shown.hold);
    const { masked } = shown;
    const rows = wrapLines(lines, columns);
    return { rows, hidden: spelledOut(lines), masked, mustReveal: mustReveal(shown) };
  }, [hold, session, columns, revealed]);
}

/** Notes after each frame which of the selected call's rows it shows; how many have been shown from the first on. */
function useLooked(store: Store, rows: Row[], page: number): number {
  const { scroll, looked } = useScreen(store);
  const from = Math.min(scroll, Math.max(0, rows.length - page));
  useEffect(() => {
    if (page > 0) store.look(rows, from, from + page);
  }, [store, rows, from, page]);
  return looked?.rows === rows ? looked.upTo : 0;
}

export function App({ store }: { store: Store }) {
  const { exit } = useApp();
  const screen = useScreen(store);
  const size = useSize();
  const now = useClock(store);
  const entry = selectedEntry(screen);
  const entries = listed(screen);
  const notice = screen.sessions.some((session) => session.notices.length > 0) ? 1 : 0;
  const { list, card } = layout(screen, size, entries.length, notice);
  const revealed = entry !== undefined && screen.revealed === entry.key;
  const shown = useRows(entry, size.columns, revealed);
  const small = size.columns < LEAST.columns || size.rows < LEAST.rows;
  const page = argumentRows({ height: card, columns: size.columns }, entry?.hold);
  const { rows } = shown;
  const onScreen = entry !== undefined && !small && screen.mode !== 'help';
  const looked = useLooked(store, rows, onScreen ? page : 0);
  useInput((text, key) => {
    const pressed = {
      text,
      up: key.upArrow,
      down: key.downArrow,
      pageUp: key.pageUp,
      pageDown: key.pageDown,
      return: key.return,
      escape: key.escape,
      backspace: key.backspace || key.delete,
      tab: key.tab,
      ctrl: key.ctrl,
    };
    if (small && text !== 'q' && !key.ctrl) return;
    if (
      store.press(pressed, {
        page,
        limit: Math.max(0, rows.length - page),
        rows: rows.length,
        unseen: Math.max(0, rows.length - looked),
        masked: shown.masked,
        mustReveal: shown.mustReveal,
      })
    )
      exit();
  });
  if (small) return <TooSmall size={size} />;
  return (
    <Box flexDirection="column" height={size.rows - 1} width={size.columns}>
      <Header screen={screen} columns={size.columns} now={now} />
      <Notice screen={screen} columns={size.columns} now={now} />
      <Body
        screen={screen}
        entry={entry}
        entries={entries}
        shown={shown}
        layout={{ list, card }}
        size={size}
        now={now}
      />
      <Footer screen={screen} columns={size.columns} tool={named(screen, entry)} />
    </Box>
  );
}

/** What the question at the bottom names. */
function named({ mode }: Screen, entry: Entry | undefined): string | undefined {
  return mode === 'typing' ? entry?.hold.obligations.expected : entry?.hold.tool;
}

function TooSmall({ size }: { size: Size }) {
  return (
    <Text wrap="wrap">
      This terminal is {size.columns}x{size.rows}. To see what you decide it must be at least {LEAST.columns}x
      {LEAST.rows}. Calls go on waiting; q quits.
    </Text>
  );
}

interface BodyProps {
  screen: Screen;
  entry: Entry | undefined;
  entries: Entry[];
  shown: Arguments;
  layout: Layout;
  size: Size;
  now: number;
}

function Body({ screen, entry, entries, shown, layout: { list, card }, size, now }: BodyProps) {
  const { columns } = size;
  if (screen.mode === 'help') return <Help height={list + card + 1} />;
  if (entry === undefined && entries.length === 0) return <Idle screen={screen} height={list + card + 1} />;
  return (
    <Box flexDirection="column">
      {list > 0 ? (
        <List entries={entries} selected={screen.selected} rows={list} columns={columns} now={now} />
      ) : null}
      {screen.mode === 'detail' ? null : <Text dimColor>{'─'.repeat(columns)}</Text>}
      {entry === undefined ? (
        <Box height={card} />
      ) : (
        <Card
          entry={entry}
          {...shown}
          revealed={screen.revealed === entry.key}
          scroll={screen.scroll}
          height={card}
          columns={columns}
          now={now}
        />
      )}
    </Box>
  );
}
