import { Box, Text } from 'ink';
import { fit, type Row, wordRows } from '../../approvals/answering/wrap.ts';
import { clock } from '../../text/time.ts';
import { label } from '../../text/visible.ts';
import type { Entry } from '../state/screen.ts';

export interface CardProps {
  entry: Entry;
  rows: readonly Row[];
  /** Characters in the arguments that are spelled out because they would not be seen. */
  hidden: number;
  /** Secrets in them. */
  masked: number;
  revealed: boolean;
  scroll: number;
  /** Rows for the whole card. */
  height: number;
  columns: number;
  now: number;
}

/** How many rows of arguments a card of this size shows. */
export function argumentRows(
  { height, columns }: { height: number; columns: number },
  hold: Entry['hold'] | undefined,
): number {
  if (hold === undefined) return Math.max(1, height - HEAD_ROWS);
  const needs = demands(hold) === '' ? 0 : 1;
  return Math.max(1, height - HEAD_ROWS - needs - (whyRows(hold, columns).length - 1));
}

/** What the tool may do, where that is known. */
function classOf({ risk }: Entry['hold']): string {
  return risk === null ? '' : `  · ${label(risk)}`;
}

const LABEL = 6;
/** A long reason takes so many rows and no more: the arguments matter too. */
const MOST_WHY_ROWS = 5;

/** Why a person is asked, in rows. */
function whyRows({ reason, rule }: Entry['hold'], columns: number): string[] {
  const texts = wordRows(`${label(reason)} (${label(rule)})`, columns - LABEL);
  if (texts.length <= MOST_WHY_ROWS) return texts;
  const rest = texts.slice(MOST_WHY_ROWS - 1).join(' ');
  return [...texts.slice(0, MOST_WHY_ROWS - 1), fit(rest, columns - LABEL)];
}

const HEAD_ROWS = 6;

/** One call in full: what runs, where, who asks and why it waits, then every argument. */
export function Card(props: CardProps) {
  const { entry, rows, hidden, masked, revealed, scroll, height, columns, now } = props;
  const { hold, session } = entry;
  const room = argumentRows({ height, columns }, hold);
  const from = Math.min(scroll, Math.max(0, rows.length - room));
  const asks = hold.caller ?? `${hold.client ?? 'an unnamed client'} (claimed)`;
  const waits = clock(now - Date.parse(hold.openedAt));
  const needs = demands(hold);
  return (
    <Box flexDirection="column" height={height}>
      <Text bold wrap="truncate">
        {fit(`${label(hold.tool)}  on ${label(hold.server)}${classOf(hold)}`, columns)}
      </Text>
      {whyRows(hold, columns).map((text, index) => (
        <Field key={text} label={index === 0 ? 'why' : ''} text={text} columns={columns} />
      ))}
      <Field label="asks" text={`${label(asks)} · session ${label(session.session)}`} columns={columns} />
      <Field label="state" text={`waits ${waits}, ${stateOf(entry)}`} columns={columns} />
      {needs === '' ? null : <Field label="needs" text={needs} columns={columns} />}
      <Text wrap="truncate" dimColor>
        {rule(
          `── arguments ${place(from, room, rows.length)}${spelled(hidden)}${secrets(masked, revealed)} `,
          columns,
        )}
      </Text>
      {rows.slice(from, from + room).map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <ArgumentRow key={from + index} row={row} />
      ))}
    </Box>
  );
}

/** What an approval of it takes, beyond one key. */
function demands({ tool, obligations, approvedBy }: Entry['hold']): string {
  const { confirm, expected, sign, approvals, approvers } = obligations;
  const named = approvers === null ? '' : ` of ${label(approvers.join(', ')) || 'nobody'}`;
  const so = approvedBy.length === 0 ? '' : `; ${label(approvedBy.join(', '))} approved`;
  const text = expected === tool ? "the tool's name" : `"${label(expected)}"`;
  const parts = [
    approvals > 1 ? `${approvals} signatures${named}${so}` : '',
    approvals === 1 && sign ? `a signature${named}` : '',
    confirm === 'type' || confirm === 'both' ? `${text} typed` : '',
    confirm === 'passphrase' || confirm === 'both' ? 'your passphrase' : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

const secrets = (masked: number, revealed: boolean): string => {
  if (masked === 0) return '';
  const count = masked === 1 ? '1 secret' : `${masked} secrets`;
  return revealed ? ` · ${count} shown, r hides` : ` · ${count} masked, r shows`;
};

const spelled = (hidden: number): string =>
  hidden === 0 ? '' : ` · ${hidden} hidden ${hidden === 1 ? 'character' : 'characters'} spelled out`;

function rule(title: string, columns: number): string {
  return fit(title, columns) + '─'.repeat(Math.max(0, columns - title.length));
}

function stateOf({ hold }: Entry): string {
  return hold.state === 'live'
    ? 'its client waits too'
    : 'its client was told to repeat the call: approving lets the next one run';
}

function place(from: number, room: number, total: number): string {
  if (total <= room) return `(${total} ${total === 1 ? 'line' : 'lines'})`;
  const last = Math.min(total, from + room);
  return `(lines ${from + 1}–${last} of ${total}${last < total ? ', space for more' : ''})`;
}

function Field({ label, text, columns }: { label: string; text: string; columns: number }) {
  return (
    <Text wrap="truncate">
      <Text dimColor>{label.padEnd(LABEL)}</Text>
      {fit(text, columns - LABEL)}
    </Text>
  );
}

function ArgumentRow({ row }: { row: Row }) {
  return (
    <Text wrap="truncate">
      {' '.repeat(row.indent)}
      {row.block ? <Text dimColor>│ </Text> : ''}
      {row.segments.map((segment, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no identity but their place
          key={index}
          {...(segment.escaped ? { color: 'magenta', bold: true } : {})}
        >
          {segment.text}
        </Text>
      ))}
    </Text>
  );
}
