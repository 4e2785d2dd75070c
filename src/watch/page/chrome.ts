import { column } from '../../approvals/answering/wrap.ts';
import { label } from '../../text/visible.ts';
import { demandsOf } from '../state/demands.ts';
import { type Message, type Mode, type Screen, selectedEntry } from '../state/screen.ts';
import { cut, EMPTY, ends, fill, type Line, line, type Part, quiet, strong, widthOf } from './line.ts';
import { countsOf } from './list.ts';
import { storyOf } from './story.ts';
import { riskPart, signerOf } from './words.ts';

/** The top line: how many wait, for which servers this terminal answers, who signs, and the time. */
export function header(screen: Screen, columns: number, now: number): Line {
  const count = screen.entries.length;
  const servers = screen.sessions.map(({ server, machine }) =>
    label(machine === undefined ? server : `${server}@${machine}`),
  );
  const attached =
    servers.length === 0
      ? 'no server attached'
      : `${servers.length} attached: ${[...new Set(servers)].join(', ')}`;
  const marked = screen.marks.size === 0 ? '' : `${screen.marks.size} marked   `;
  const waits = count === 0 ? 'nothing waits' : `${count} waiting`;
  const kinds = count > 1 && columns >= 100 ? `   ${countsOf(screen.entries)}` : '';
  const signer = signerOf(screen);
  const time = ` ${signer}${signer === '' ? '' : '   '}${new Date(now).toTimeString().slice(0, 5)} `;
  const name = columns < 60 ? ' ' : ' holdpoint   ';
  const left: Part[] = [{ text: name }, { text: `${marked}${waits}` }, { text: `   ${attached}${kinds}` }];
  const right = columns < 60 && signer === '' ? [] : [{ text: time }];
  return { parts: ends(left, right, columns).map((part) => ({ ...part, strong: true })), inverse: true };
}

/** That no call runs, as long as it is so. */
export function stoppedLine({ stopped }: Screen, columns: number): Line | undefined {
  if (stopped === undefined) return undefined;
  // What ends it first: a narrow line keeps that.
  const text = ` ■ No call runs until "holdpoint resume". ${label(stopped)}`;
  return { parts: fill(cut([{ text, look: 'bad', strong: true }], columns), columns) };
}

/** Long enough to read one. */
const NOTICE_MS = 6_000;

/** A sentence that a person should act on, such as a changed policy file; one at a time, in turn. */
export function notice({ sessions, team }: Screen, columns: number, now: number): Line | undefined {
  const told = sessions.flatMap((session) => session.notices);
  const notices = [...new Set(team === undefined ? told : [team, ...told])];
  const one = notices[Math.floor(now / NOTICE_MS) % notices.length];
  if (one === undefined) return undefined;
  return { parts: cut([{ text: `▲ ${label(one)}`, look: 'warn' }], columns) };
}

type Hint = readonly [string, string];

/** The most needed first: what a narrow line has no room for is left out from its end. */
const HINTS: Readonly<Record<Mode, readonly Hint[]>> = {
  list: [
    ...hints(
      'a approve|x reject|↑↓ select|? help|enter details|space more|g permit alike|v plain|/ search|m mark|h history|l record|q quit',
    ),
  ],
  detail: hints(
    'a approve|x reject|space more|enter back|g permit alike|v plain|n p other calls|G end|q quit',
  ),
  help: hints('any key goes back'),
  tools: hints('space shows more|any other key goes back'),
  history: hints('Esc back|↑↓ space scroll'),
  record: hints('enter opens|/ search|d the day in numbers|p permissions|↑↓ space|Esc back'),
  rule: hints('Enter sign it|Esc write nothing|space more'),
  sign: hints('Enter write it into the policy|Esc back'),
  typing: hints('Tab approve|Esc back'),
  reason: hints('Enter reject|Esc back'),
  stop: hints('Enter stop everything|Esc back'),
  search: hints('Enter keep|Esc clear'),
  unlock: hints('Enter unlock|Esc watch without signing'),
  passphrase: hints('Tab approve|Esc back'),
  ignoring: hints('Enter or Esc: back to the keys'),
};

function hints(text: string): Hint[] {
  return text.split('|').map((one): Hint => {
    const [key = '', ...words] = one.split(' ');
    return [key, words.join(' ')];
  });
}

function hintLine(screen: Screen, columns: number): Line {
  const marked = screen.marks.size;
  if (screen.mode === 'record' && screen.record.text !== undefined)
    return keyLine(hints('any key goes back|↑↓ space scroll'), columns);
  if (screen.mode === 'rule' && screen.drafts[0]?.over === true)
    return keyLine(hints('Enter goes back|↑↓ space scroll'), columns);
  const all = screen.mode !== 'list' || marked === 0 ? HINTS[screen.mode] : markedHints(marked);
  const shown =
    screen.entries.length === 0 && screen.mode === 'list'
      ? hints('? help|l record|h history|u unlock|q quit')
      : all;
  return keyLine(shown, columns);
}

function keyLine(shown: readonly Hint[], columns: number): Line {
  const parts: Part[] = [];
  const gap = columns < 60 ? '  ' : '   ';
  for (const [key, meaning] of shown) {
    const next = [{ text: parts.length === 0 ? ' ' : gap }, strong(key), quiet(` ${meaning}`)];
    if (widthOf(parts) + widthOf(next) > columns) break;
    parts.push(...next);
  }
  return { parts };
}

const markedHints = (count: number): Hint[] =>
  hints(`a approve ${count} marked|x reject ${count} marked|m mark|Esc unmark all|? help`);

const QUESTIONS: Partial<
  Record<Mode, (about: { tool: string; expected: string; name: string; calls: number }) => string>
> = {
  typing: ({ expected }) => `Type ${expected} to approve: `,
  reason: ({ calls }) =>
    calls > 1
      ? `Reject ${calls} calls. Reason for the agent (may be empty): `
      : 'Reject. Reason for the agent (may be empty): ',
  search: () => 'Search: ',
  stop: () => 'Refuse every call until holdpoint resume? Reason: ',
  unlock: ({ name }) => `Passphrase of ${name}, to sign: `,
  sign: ({ name }) => `Passphrase of ${name}, to write this rule: `,
  passphrase: ({ name, tool }) => `Passphrase of ${name}, to approve ${tool}: `,
};

/** The last two lines: what is being typed or a message, and the keys (or, while one types, the message). */
export function footer(screen: Screen, columns: number): Line[] {
  const typing = QUESTIONS[screen.mode] !== undefined;
  const message = screen.message === undefined ? undefined : said(screen.message, columns);
  const keys = hintLine(screen, columns);
  return typing ? [question(screen, columns), message ?? keys] : [message ?? EMPTY, keys];
}

function said({ tone, text }: Message, columns: number): Line {
  const mark = { good: '✓', bad: '✗', plain: '·' }[tone];
  const look = { good: 'good', bad: 'bad', plain: 'warn' }[tone] as Part['look'];
  return { parts: cut([{ text: ` ${mark} ${label(text)}`, look, strong: tone !== 'plain' }], columns) };
}

function question(screen: Screen, columns: number): Line {
  const { mode, typed, signing, about } = screen;
  const entry = selectedEntry(screen);
  const asked =
    QUESTIONS[mode]?.({
      tool: label(entry?.hold.tool ?? ''),
      expected: entry === undefined ? '' : label(demandsOf(entry).expected),
      name: label(signing.name),
      calls: about.length,
    }) ?? '';
  const secret = mode === 'unlock' || mode === 'passphrase' || mode === 'sign';
  const text = secret ? '•'.repeat([...typed].length) : label(typed);
  // The end of what is typed is what one looks at.
  const room = Math.max(4, columns - asked.length - 3);
  const tail = [...text].length > room ? `…${[...text].slice(1 - room).join('')}` : text;
  return { parts: cut([{ text: ` ${asked}` }, strong(tail), { text: ' ', filled: true }], columns) };
}

const HELP: readonly Hint[] = [
  ...hints('a approve what is selected or marked: it runs once, as shown'),
  ...hints('x reject it; you may give the agent a reason'),
  ...hints('z take an answer back, within 2 seconds: for all but reads and writes'),
  ['↑ ↓ j k', 'select another call (in the details: scroll)'],
  ['n p', 'next, previous call'],
  ['→ ←', 'list the calls of a group one by one, or fold them again'],
  ...hints('m mark the call, to answer several at once'),
  ...hints('enter all of it on the whole screen; enter never approves'),
  ['space', 'scroll (PgUp, PgDn, Home, End, G and the wheel too)'],
  ...hints('g with the next approval permit calls like it: again for a wider rule, Esc for none'),
  ...hints('w how long that is to last: this session, a time where a key signs it, or always'),
  ...hints(
    'e change the arguments in your editor ($EDITOR): the changed call waits anew, on a card of its own',
  ),
  ...hints('v the plain text instead of a diff or another view, and back'),
  ...hints('r show or hide the secrets that are masked in the selected call'),
  ...hints('t the tools that are accepted with the first call to a server'),
  ...hints('h what was decided here, and what became of it'),
  ...hints('l the record: what ran, was denied or rejected, by whom; in it d gives the day in numbers'),
  ...hints('/ search in ids, servers, tools, classes and arguments'),
  ...hints('u unlock your approver key: answers are then signed'),
  ...hints('! stop everything: every call of every server is refused, what waits too'),
  ...hints('q quit: calls wait on, other terminals may answer (Ctrl-Z suspends)'),
];

export function help(columns: number): Line[] {
  return [
    ...HELP.map(([key, meaning]) => ({
      parts: cut([strong(` ${key.padEnd(8)} `), { text: meaning }], columns),
    })),
    EMPTY,
    {
      parts: cut([quiet(' ▲ and ◆ may do harm: they take more than a key, and all of them seen.')], columns),
    },
    {
      parts: cut(
        [quiet(' A call can be approved after a moment on the screen with a quiet keyboard.')],
        columns,
      ),
    },
    {
      parts: cut(
        [quiet(' Pasted text never approves. \\u{…} is a character that would hide or mislead.')],
        columns,
      ),
    },
  ];
}

/** What the proxies are doing, as far as they tell without being asked. */
function runsNow({ sessions }: Screen): string {
  const names = [...new Set(sessions.map(({ server }) => label(server)))];
  const shown = names.slice(0, 4).join(', ');
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return `Guarded now: ${shown}${more}.`;
}

/** What a person sees while nothing waits. */
export function idle(screen: Screen, columns: number, height: number): Line[] {
  const text =
    screen.sessions.length === 0
      ? [
          'No MCP server runs behind holdpoint yet.',
          'Start a client whose servers are wrapped (holdpoint wrap).',
        ]
      : [
          'Nothing waits for you. Calls that need a person appear here.',
          runsNow(screen),
          'What ran, was denied or rejected: l. The last day in numbers: l, then d.',
        ];
  const lines = text.map((one) => {
    const left = Math.max(0, Math.floor((columns - one.length) / 2));
    return line(...fill([{ text: ' '.repeat(left) }, quiet(one)], columns));
  });
  const above = Math.max(0, Math.floor((height - lines.length) / 2));
  return [...Array.from({ length: above }, () => EMPTY), ...lines];
}

/** What was decided, the newest first. */
export function history(screen: Screen, columns: number): Line[] {
  if (screen.history.length === 0)
    return [line(quiet(' Nothing was decided since this terminal was opened.'))];
  return screen.history.map(({ at, entry, how, by }) => {
    const time = new Date(at).toTimeString().slice(0, 8);
    const look = how.startsWith('approved') ? 'good' : how.startsWith('rejected') ? 'bad' : 'quiet';
    const risk = riskPart(entry);
    const name = column(label(`${entry.hold.server}/${entry.hold.tool}`), columns < 90 ? 18 : 28);
    const fate = `${label(how)}${by === null ? '' : ` by ${label(by)}`}`;
    const head: Part[] = [
      quiet(` ${time} `),
      { text: column(fate, columns < 90 ? 22 : 34), look },
      { text: ' ' },
    ];
    const middle: Part[] = [...head, { ...risk, text: column(risk.text, 13) }, { text: ` ${name} ` }];
    const digest = columns >= 100 ? [quiet(` ${entry.hold.id} ${entry.hold.digest.slice(0, 8)}`)] : [];
    const left = columns - widthOf(middle) - widthOf(digest);
    return {
      parts: cut([...middle, { text: column(storyOf(entry, left), Math.max(0, left)) }, ...digest], columns),
    };
  });
}
