import { fit } from '../../approvals/answering/wrap.ts';
import { spell } from '../../text/duration.ts';
import { inWords } from '../../text/in-words.ts';
import { clock } from '../../text/time.ts';
import { label } from '../../text/visible.ts';
import { type Demands, demandsOf } from '../state/demands.ts';
import { type Entry, type Screen, URGENT_MS } from '../state/screen.ts';
import type { Look, Part } from './line.ts';

export const SIGNS: Readonly<Record<Demands['level'], string>> = { low: '·', high: '▲', critical: '◆' };

type Risk = NonNullable<Entry['hold']['risk']>;

/** What a tool of a class does, and whether that can be undone, as far as the class tells. */
const DEEDS: Readonly<Record<Risk, string>> = {
  read: 'Reads, and changes nothing.',
  write: 'Changes data; most of that can be changed back.',
  destructive: 'Deletes or overwrites: it may not come back.',
  execute: 'Runs a command or code: whatever that does, it may not be undone.',
  financial: 'Moves money, or orders: hard to undo.',
  outbound: 'Sends something out: it cannot be called back.',
  production: 'Acts on what people use right now: it may not be undone.',
  unknown: 'Nothing tells what it does, nor whether it can be undone.',
};

export function riskOf({ hold }: Entry): Risk {
  return hold.risk ?? 'unknown';
}

/** What cannot simply be taken back is said beside the class. */
const BACK: Readonly<Record<Entry['hold']['reversibility'], string>> = {
  irreversible: ', irreversible',
  hard: ', hard to undo',
  reversible: '',
  unknown: '',
};

/** `▲ destructive, irreversible`: for a card, which has room for it. */
export function harmPart(entry: Entry): Part & { look: Look } {
  const part = riskPart(entry);
  // Of a guessed class the sentence below says more.
  const back = entry.hold.risk === 'read' ? '' : (BACK[entry.hold.reversibility] ?? '');
  return { ...part, text: `${part.text}${back}` };
}

/** `▲ destructive`; with a question mark where the class is a guess. */
export function riskPart(entry: Entry): Part & { look: Look } {
  const { level } = demandsOf(entry);
  const guess = entry.hold.unsure ? '?' : '';
  return { text: `${SIGNS[level]} ${riskOf(entry)}${guess}`, look: level };
}

/** What the call would do, and how sure that is. `grave`, `changes`: its own text says that it does harm, or changes something. */
export function deedOf(
  entry: Entry,
  { grave, changes }: { grave: boolean; changes: boolean } = { grave: false, changes: false },
): string {
  const { listing, unsure } = entry.hold;
  if (listing === 'absent') return 'Its server does not list this tool: what it does is unknown.';
  const risk = riskOf(entry);
  if (grave && (risk === 'read' || risk === 'write'))
    return `By its name it would ${risk === 'read' ? 'read' : 'write'}; its own text says more: see above.`;
  if (changes && risk === 'read') return 'By its name it would read; its own text changes data.';
  if (listing === 'never' && risk === 'unknown')
    return "No list of its server's tools was seen: what it does is unknown.";
  if (!unsure) return DEEDS[risk];
  return `A guess, by its name and parameters: ${DEEDS[risk].replace(/^./, (one) => one.toLowerCase())}`;
}

/** What names of clients are made of; anything else could be read as words of ours. */
const NAME = /^[\w.@/+-]+(?: [\w.@/+-]+){0,3}$/;
const MOST_NAME = 40;

/** A tool's or a server's name; in quotes where it is none by its letters, so that it cannot speak in our words. */
export function named(name: string): string {
  const shown = label(name);
  return /^[\p{L}\p{N}_.:/@+-]+$/u.test(shown) ? shown : `"${shown.replaceAll('"', "'")}"`;
}

/** Who asks; what a client says of itself is no more than a claim. */
export function askerOf({ hold: { caller, client } }: Entry): string {
  if (caller !== null) return label(caller);
  if (client === null) return 'an unnamed client (claimed)';
  const plain = client.length <= MOST_NAME && NAME.test(client);
  return `${plain ? client : `"${fit(inWords(client, MOST_NAME), MOST_NAME).replaceAll('"', "'")}"`} (claimed)`;
}

/** To the second where seconds matter, else in minutes: a clock that nobody watches is not drawn each second. */
function time(ms: number): string {
  if (ms < URGENT_MS) return clock(ms);
  const minutes = Math.floor(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** The clock that matters first: when the client is answered, then when the hold ends. */
export function clockPart({ hold }: Entry, now: number, wide: boolean): Part {
  const client = hold.answerBy === null ? undefined : Date.parse(hold.answerBy) - now;
  const left = Date.parse(hold.expiresAt) - now;
  if (client !== undefined) {
    const look = client < 15_000 ? 'danger' : client < 60_000 ? 'warn' : undefined;
    return { text: wide ? `${time(client)} to answer` : time(client), look, strong: client < 60_000 };
  }
  const word = hold.state === 'detached' ? 'to repeat' : 'left';
  return { text: wide ? `${time(left)} ${word}` : time(left), look: 'quiet' };
}

/** Both clocks, in words. */
export function clocksOf({ hold }: Entry, now: number): string {
  const waits = time(now - Date.parse(hold.openedAt));
  const ends = `the hold ends in ${time(Date.parse(hold.expiresAt) - now)}`;
  if (hold.state === 'detached')
    return `waits ${waits}; its client was told to repeat the call: approving lets the next one run; ${ends}`;
  const answered =
    hold.answerBy === null
      ? 'its client waits too'
      : `its client is answered in ${time(Date.parse(hold.answerBy) - now)}`;
  return `waits ${waits}; ${answered}, ${ends}`;
}

/** What an approval of it takes, beyond one key. */
export function needsOf(entry: Entry): string {
  const { text, passphrase, expected, level, never } = demandsOf(entry);
  const { obligations, approvedBy } = entry.hold;
  const { sign, approvals, approvers, next = [] } = obligations;
  const later = next.map(
    (stage) => `, after ${spell(stage.afterMs)} of ${label(stage.approvers.join(', '))}`,
  );
  const whose = approvers === null ? '' : ` of ${label(approvers.join(', ')) || 'nobody'}${later.join('')}`;
  const so = approvedBy.length === 0 ? '' : `; ${label(approvedBy.join(', '))} approved`;
  const parts = [
    never === undefined ? '' : 'cannot be approved: too long',
    approvals > 1 ? `${approvals} signatures${whose}${so}` : '',
    approvals === 1 && sign ? `a signature${whose}` : '',
    text ? `"${label(expected)}" typed` : '',
    passphrase ? 'your passphrase' : '',
    entry.session.brake && level !== 'critical' ? 'one step more, after three quick approvals' : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** How often the tool was approved, and when last. */
export function timesOf({ hold: { before } }: Entry, earlier: Entry['hold']['before'], now: number): string {
  const last = before ?? earlier;
  if (last === null) return 'not approved before, as far as is known here';
  const by = last.by === '' ? '' : ` by ${label(last.by)}`;
  const when = `${ago(now - Date.parse(last.at))}${by}`;
  if (before === null) return `approved in an earlier session, last ${when}`;
  const times = before.approved === 1 ? 'approved once' : `approved ${before.approved} times`;
  return `${times} in this session, last ${when}`;
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

export function signerOf({ signing: { state, name } }: Screen): string {
  return { none: '', locked: `${label(name)}: key locked`, unlocked: `signs as ${label(name)}` }[state];
}
