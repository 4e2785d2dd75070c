import { shownHold } from '../../approvals/answering/masked-view.ts';
import { type Attached, gather, nobody } from '../../approvals/channel/ask-proxies.ts';
import type { HoldView, SessionView } from '../../approvals/channel/messages.ts';
import { confirmNow } from '../../approvals/holding/brake.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { needsPassphrase, needsText } from '../../policy/decide/ladder.ts';
import { visible } from '../../text/visible.ts';
import { stoppedWords } from '../stop/stopped-words.ts';
import { machineOf } from './decide-hold.ts';
import { type Gathered, gatherTeam } from './gather-team.ts';

/**
 * `holdpoint pending`: what waits, oldest first. With --json a list of
 * {id, session, server, tool, arguments, digest, callDigest, rule, reason, caller, openedAt, expiresAt, answerBy, state, …,
 * obligations}; `arguments`, and `task` and `inputResponses` where the call has them, are its own source text, with
 * secrets masked unless --reveal is given. Exit 4 when no proxy runs, 1 when none that runs
 * could be asked.
 */
export interface PendingOptions {
  json?: boolean;
  home?: string;
  reveal?: boolean;
  /** What waits on other machines is read too: asks for the passphrase. */
  team?: boolean;
  as?: string;
}

export async function pending(options: PendingOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const stopped = stoppedWords(home);
  if (stopped !== undefined) process.stderr.write(`holdpoint: ${stopped}\n`);
  const { attached, silent } = await gather(home.run);
  const team = await elsewhere(home, options);
  attached.push(...(team?.attached ?? []));
  for (const proxy of attached) proxy.close();
  const unknown = silent.length === 0 ? EXIT.nothingToAttachTo : EXIT.error;
  // Where nobody answered one sentence says all of it.
  const told = attached.length === 0 && options.json !== true ? [] : silent;
  for (const one of told) process.stderr.write(`holdpoint: ${visible(one)}.\n`);
  for (const { session } of attached)
    if (session.keeps !== undefined) process.stderr.write(`holdpoint: ${visible(session.keeps)}\n`);
  if (options.json === true) {
    if (attached.length === 0) process.exitCode = unknown;
    process.stdout.write(`${waitingAsJson(attached, options.reveal === true)}\n`);
    return;
  }
  if (attached.length === 0) {
    throw new PlainError(nobody(silent), unknown);
  }
  const waiting = waitingAt(attached, options.reveal === true);
  if (waiting.length === 0) process.stdout.write('Nothing waits for you.\n');
  for (const { session, hold } of waiting) process.stdout.write(`${line(hold, session)}\n`);
}

/** What waits on other machines of the team: read with --team, else only counted. */
async function elsewhere(home: Home, { team: reads, as }: PendingOptions): Promise<Gathered | undefined> {
  try {
    const team = await gatherTeam(home, reads === true ? as : false);
    await team?.close();
    if (reads !== true && team !== undefined && team.unread > 0) {
      const calls = team.unread === 1 ? '1 call waits' : `${team.unread} calls wait`;
      process.stderr.write(`holdpoint: ${calls} on other machines of the team: holdpoint pending --team\n`);
    }
    return team;
  } catch (error) {
    if (reads === true) throw error;
    process.stderr.write(`holdpoint: what waits elsewhere is not known. ${(error as Error).message}\n`);
    return undefined;
  }
}

/** What `pending --json` prints of what these proxies hold: a list, oldest first. */
export function waitingAsJson(attached: readonly Attached[], reveal: boolean): string {
  return `[${waitingAt(attached, reveal)
    .map(({ session, hold }) => asJson(session, hold))
    .join(',\n ')}]`;
}

/** Oldest first. */
function waitingAt(
  attached: readonly Attached[],
  reveal: boolean,
): { session: SessionView; hold: HoldView }[] {
  return attached
    .flatMap(({ session, holds }) =>
      holds.map((hold) => ({ session, hold: shownHold(hold, session, reveal).hold })),
    )
    .sort((a, b) => a.hold.openedAt.localeCompare(b.hold.openedAt));
}

function asJson(of: SessionView, hold: HoldView): string {
  const {
    argumentsText,
    id,
    server,
    tool,
    digest,
    callDigest,
    rule,
    reason,
    caller,
    client,
    task,
    input,
    nonce: _,
    keyed: __,
    before,
    edited,
    keyedAs: ___,
    ...rest
  } = hold;
  const { session, machine } = of;
  const head = JSON.stringify({ id, session, machine, server, tool }).slice(0, -1);
  const who = caller === null ? (client === null ? null : { client, claimed: true }) : { as: caller };
  // Its arguments may hold secrets, and are no part of what waits.
  const told = before && { approved: before.approved, at: before.at, by: before.by };
  const changed = edited && { call: edited.call, hold: edited.hold, by: edited.by };
  const more = { ...rest, edited: changed, before: told };
  const tail = JSON.stringify({ digest, callDigest, rule, reason, caller: who, ...more }).slice(1);
  const wanted = task === undefined ? '' : `"task":${task},`;
  const answers = input === undefined ? '' : `"inputResponses":${input.answers},`;
  return `${head},"arguments":${argumentsText},${wanted}${answers}${tail}`;
}

/** What an approval takes besides a key. */
function takes({ obligations }: HoldView, session: SessionView): string {
  const { expected, seen } = obligations;
  const confirm = confirmNow(obligations.confirm, session);
  const parts = [
    needsText(confirm) ? `type ${JSON.stringify(visible(expected))}` : '',
    needsPassphrase(confirm) ? 'your passphrase' : '',
    seen === 'all' ? 'all of it shown' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `\n       to approve: ${parts.join(', ')}`;
}

/** `?` behind a class that is a guess. */
function classOf({ risk, unsure }: HoldView): string {
  return `${visible(risk ?? 'unknown')}${unsure ? '?' : ''}`;
}

function line(hold: HoldView, session: SessionView): string {
  const waited = Math.round((Date.now() - Date.parse(hold.openedAt)) / 1000);
  const answers =
    hold.input === undefined ? '' : `\n       answers ${visible(hold.input.answers).slice(0, 200)}`;
  const left = hold.answerBy === null ? 0 : Math.round((Date.parse(hold.answerBy) - Date.now()) / 1000);
  const answered =
    hold.answerBy === null ? '' : `, its client is told to ask again in ${Math.max(0, left)} s`;
  const state = hold.state === 'detached' ? ', its client was told to ask again' : answered;
  const shown = visible(hold.argumentsText);
  const cut =
    shown.length > 200
      ? `${shown.slice(0, 200)}… (${hold.argumentsText.length} characters; all of it: holdpoint watch)`
      : shown;
  const changed = hold.edited === undefined ? '' : `, changed by ${visible(hold.edited.by)}`;
  return `${visible(hold.id)}  ${visible(hold.server)}/${visible(hold.tool)}${machineOf(session)}  ${classOf(hold)}  waits ${waited} s${state}${changed}\n       ${cut}${answers}\n       ${visible(hold.rule)}: ${visible(hold.reason)}${takes(hold, session)}`;
}
