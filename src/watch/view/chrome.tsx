import { Box, Text } from 'ink';
import { column, fit } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import { type Message, type Screen, waiting } from '../state/screen.ts';

/** The top line: how many wait, for which servers this terminal answers, and the time. */
export function Header({ screen, columns, now }: { screen: Screen; columns: number; now: number }) {
  const count = waiting(screen);
  const servers = screen.sessions.map((session) => label(session.server));
  const attached =
    servers.length === 0 ? 'no server attached' : `${servers.length} attached: ${servers.join(', ')}`;
  const text = ` holdpoint   ${count === 0 ? 'nothing waits' : `${count} waiting`}   ${attached}`;
  const { state, name } = screen.signing;
  const signs = { none: '', locked: `${name}: key locked`, unlocked: `signs as ${name}` }[state];
  const time = `${signs}${signs === '' ? '' : '   '}${new Date(now).toTimeString().slice(0, 8)} `;
  return (
    <Text inverse bold wrap="truncate">
      {column(text, columns - time.length - 1)} {time}
    </Text>
  );
}

/** Long enough to read one. */
const NOTICE_MS = 6_000;

/** A sentence that a person should act on, such as a changed policy file; one at a time, in turn. */
export function Notice({ screen, columns, now }: { screen: Screen; columns: number; now: number }) {
  const notices = [...new Set(screen.sessions.flatMap((session) => session.notices))];
  const notice = notices[Math.floor(now / NOTICE_MS) % notices.length];
  if (notice === undefined) return null;
  return (
    <Text color="yellow" wrap="truncate">
      {fit(`▲ ${label(notice)}`, columns)}
    </Text>
  );
}

const HINTS: Record<Screen['mode'], string> = {
  list: 'a approve   x reject   ↑↓ select   enter details   / search   ? help   q quit',
  detail: 'a approve   x reject   ↑↓ space scroll   n p other calls   enter back   q quit',
  help: 'any key to go back',
  typing: 'Tab approve   Esc back',
  reason: 'Enter reject   Esc back',
  search: 'Enter keep   Esc clear',
  unlock: 'Enter unlock   Esc watch without signing',
  passphrase: 'Tab approve   Esc back',
  ignoring: 'Enter or Esc: back to the keys',
};

const QUESTIONS: Partial<Record<Screen['mode'], (about: { tool: string; name: string }) => string>> = {
  typing: ({ tool }) => `Type ${tool} to approve: `,
  reason: () => 'Reject. Reason for the agent (may be empty): ',
  search: () => 'Search: ',
  unlock: ({ name }) => `Passphrase of ${name}, to sign: `,
  passphrase: ({ name, tool }) => `Passphrase of ${name}, to approve ${tool}: `,
};

/** The last two lines: what is being typed or a message, and the keys (or, while one types, the message). */
export function Footer({
  screen,
  columns,
  tool,
}: {
  screen: Screen;
  columns: number;
  tool: string | undefined;
}) {
  const typing = QUESTIONS[screen.mode] !== undefined;
  const message = screen.message === undefined ? null : <Said message={screen.message} columns={columns} />;
  const keys = (
    <Text dimColor wrap="truncate">
      {fit(` ${HINTS[screen.mode]}`, columns)}
    </Text>
  );
  return (
    <Box flexDirection="column">
      {typing ? <Question screen={screen} tool={tool} /> : (message ?? <Text> </Text>)}
      {typing ? (message ?? keys) : keys}
    </Box>
  );
}

function Said({ message, columns }: { message: Message; columns: number }) {
  const mark = { good: '✓', bad: '✗', plain: '·' }[message.tone];
  const colour = { good: 'green', bad: 'red', plain: 'yellow' }[message.tone];
  return (
    <Text color={colour} bold={message.tone !== 'plain'} wrap="truncate">
      {fit(` ${mark} ${label(message.text)}`, columns)}
    </Text>
  );
}

function Question({ screen, tool }: { screen: Screen; tool: string | undefined }) {
  const { mode, typed, signing } = screen;
  const asked = QUESTIONS[mode]?.({ tool: label(tool ?? ''), name: signing.name });
  const secret = mode === 'unlock' || mode === 'passphrase';
  return (
    <Text wrap="truncate-start">
      {` ${asked}`}
      <Text bold>{secret ? '•'.repeat([...typed].length) : label(typed)}</Text>
      <Text inverse> </Text>
    </Text>
  );
}

const HELP = [
  ['a', 'approve the selected call: it runs once, exactly as shown'],
  ['x', 'reject it; you may give the agent a reason'],
  ['↑ ↓ j k', 'select another call (in the details: scroll)'],
  ['n p', 'next, previous call'],
  ['enter', 'all of its arguments; enter never approves'],
  ['space', 'scroll the arguments (PgUp, PgDn too)'],
  ['r', 'show or hide the secrets that are masked in the selected call'],
  ['u', 'unlock your approver key: answers are then signed'],
  ['/', 'search by id, server or tool'],
  ['q', 'quit: calls go on waiting, and another terminal may answer'],
];

export function Help({ height }: { height: number }) {
  return (
    <Box flexDirection="column" height={height} paddingLeft={2}>
      <Text> </Text>
      {HELP.map(([key, meaning]) => (
        <Text key={key} wrap="truncate">
          <Text bold>{(key ?? '').padEnd(10)}</Text>
          {meaning}
        </Text>
      ))}
      <Text> </Text>
      <Text dimColor wrap="truncate">
        A call can be approved after a moment on the screen with a quiet keyboard.
      </Text>
      <Text dimColor wrap="truncate">
        Pasted text never approves. Pink \u{'{…}'} is a character that would hide or mislead.
      </Text>
    </Box>
  );
}

/** What a person sees while nothing waits. */
export function Idle({ screen, height }: { screen: Screen; height: number }) {
  const text =
    screen.sessions.length === 0
      ? 'No MCP server runs behind holdpoint yet. Start a client whose servers are wrapped (holdpoint wrap).'
      : 'Nothing waits for you. Calls that need a person appear here.';
  return (
    <Box height={height} justifyContent="center" alignItems="center">
      <Text dimColor>{text}</Text>
    </Box>
  );
}
