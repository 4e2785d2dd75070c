import { Box, Text } from 'ink';
import { column, fit } from '../../approvals/answering/wrap.ts';
import { clock } from '../../text/time.ts';
import { label } from '../../text/visible.ts';
import type { Entry } from '../state/screen.ts';

export interface ListProps {
  entries: readonly Entry[];
  selected: string | undefined;
  rows: number;
  columns: number;
  now: number;
}

/** The calls that wait, one a row; the window follows the selection, the order never changes. */
export function List({ entries, selected, rows, columns, now }: ListProps) {
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.key === selected),
  );
  const from = Math.max(0, Math.min(at - Math.floor(rows / 2), entries.length - rows));
  const shown = entries.slice(from, from + rows);
  return (
    <Box flexDirection="column" height={rows}>
      {shown.map((entry) => (
        <Row key={entry.key} entry={entry} chosen={entry.key === selected} columns={columns} now={now} />
      ))}
    </Box>
  );
}

function Row({
  entry,
  chosen,
  columns,
  now,
}: {
  entry: Entry;
  chosen: boolean;
  columns: number;
  now: number;
}) {
  const { hold } = entry;
  const name = label(`${hold.server}/${hold.tool}`);
  const waited = clock(now - Date.parse(hold.openedAt));
  const left = `${clock(Date.parse(hold.expiresAt) - now)} left`;
  const state = hold.state === 'detached' ? 'asked to repeat' : '';
  const tail = `${column(state, 16)} ${waited.padStart(7)} ${left.padStart(13)} `;
  const room = Math.max(8, columns - 10 - tail.length);
  const text = `${chosen ? '▸' : ' '} ${label(hold.id)}  ${column(name, room)} ${tail}`;
  return (
    <Text inverse={chosen} wrap="truncate">
      {fit(text, columns)}
    </Text>
  );
}
