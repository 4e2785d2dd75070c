import { shownHold } from '../../approvals/answering/masked-view.ts';
import { gather, nobody } from '../../approvals/channel/ask-proxies.ts';
import type { HoldView } from '../../approvals/channel/messages.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';

/**
 * `holdpoint pending`: what waits, oldest first. With --json a list of
 * {id, session, server, tool, arguments, digest, callDigest, rule, reason, caller, openedAt, expiresAt, state,
 * obligations}; `arguments`, and `task` and `inputResponses` where the call has them, are its own source text, with
 * secrets masked unless --reveal is given. Exit 4 when no proxy runs, 1 when none that runs
 * could be asked.
 */
export interface PendingOptions {
  json?: boolean;
  home?: string;
  reveal?: boolean;
}

export async function pending(options: PendingOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const { attached, silent } = await gather(home.run);
  for (const proxy of attached) proxy.close();
  const unknown = silent.length === 0 ? EXIT.nothingToAttachTo : EXIT.error;
  // Where nobody answered one sentence says all of it.
  const told = attached.length === 0 && options.json !== true ? [] : silent;
  for (const one of told) process.stderr.write(`holdpoint: ${visible(one)}.\n`);
  const waiting = attached
    .flatMap(({ session, holds }) =>
      holds.map((hold) => ({
        session: session.session,
        hold: shownHold(hold, session, options.reveal === true).hold,
      })),
    )
    .sort((a, b) => a.hold.openedAt.localeCompare(b.hold.openedAt));
  if (options.json === true) {
    if (attached.length === 0) process.exitCode = unknown;
    process.stdout.write(`[${waiting.map((one) => asJson(one.session, one.hold)).join(',\n ')}]\n`);
    return;
  }
  if (attached.length === 0) {
    throw new PlainError(nobody(silent), unknown);
  }
  if (waiting.length === 0) process.stdout.write('Nothing waits for you.\n');
  for (const { hold } of waiting) process.stdout.write(`${line(hold)}\n`);
}

function asJson(session: string, hold: HoldView): string {
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
    ...rest
  } = hold;
  const head = JSON.stringify({ id, session, server, tool }).slice(0, -1);
  const who = caller === null ? (client === null ? null : { client, claimed: true }) : { as: caller };
  const tail = JSON.stringify({ digest, callDigest, rule, reason, caller: who, ...rest }).slice(1);
  const wanted = task === undefined ? '' : `"task":${task},`;
  const answers = input === undefined ? '' : `"inputResponses":${input.answers},`;
  return `${head},"arguments":${argumentsText},${wanted}${answers}${tail}`;
}

function line(hold: HoldView): string {
  const waited = Math.round((Date.now() - Date.parse(hold.openedAt)) / 1000);
  const answers =
    hold.input === undefined ? '' : `\n       answers ${visible(hold.input.answers).slice(0, 200)}`;
  const state = hold.state === 'detached' ? ', its client was told to ask again' : '';
  const shown = visible(hold.argumentsText);
  const cut =
    shown.length > 200
      ? `${shown.slice(0, 200)}… (${hold.argumentsText.length} characters; all of it: holdpoint watch)`
      : shown;
  return `${visible(hold.id)}  ${visible(hold.server)}/${visible(hold.tool)}  waits ${waited} s${state}\n       ${cut}${answers}\n       ${visible(hold.rule)}: ${visible(hold.reason)}`;
}
