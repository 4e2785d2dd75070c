import { createInterface } from 'node:readline';
import { answerFrom, personHere, type RefusedAnswer } from '../approvals/answering/answer.ts';
import { shownHold } from '../approvals/answering/masked-view.ts';
import { socketDirectory } from '../approvals/channel/socket-client.ts';
import { confirmNow } from '../approvals/holding/brake.ts';
import { prettyCall } from '../approvals/showing/call-lines.ts';
import type { Signer } from '../approvals/signing/approver-key.ts';
import type { Keyed } from '../approvals/signing/signed-answer.ts';
import { visible } from '../text/visible.ts';
import { hear, type News } from './state/news.ts';
import { Proxies } from './state/proxies.ts';
import { type Entry, FIRST_SCREEN, type Screen } from './state/screen.ts';

const HELP = 'Commands: list · show ID · reveal ID · approve ID [TEXT] · reject ID [REASON] · quit';

/** What was said of a card before it may be approved: the same as on the screen, as lines. */
function describe({ hold: whole, session }: Entry, revealed: boolean): string[] {
  const { hold, masked } = shownHold(whole, session, revealed);
  const secrets =
    masked === 0 ? [] : [`  ${masked} masked: ${revealed ? 'shown' : `reveal ${hold.id} shows what`}`];
  const { confirm: asked, expected } = hold.obligations;
  const confirm = confirmNow(asked, session);
  const typed = confirm === 'type' || confirm === 'both' ? ` (approve ${hold.id} ${visible(expected)})` : '';
  return [
    `${hold.id} waits: ${visible(hold.tool)} on ${visible(hold.server)}${hold.risk === null ? '' : ` (${visible(hold.risk)})`}${typed}`,
    `  why: ${visible(hold.reason)} (${visible(hold.rule)}); session ${visible(session.session)}`,
    ...secrets,
    ...prettyCall(hold).map(
      (line) =>
        `  ${' '.repeat(line.indent)}${line.block ? '| ' : ''}${line.segments.map((one) => one.text).join('')}`,
    ),
  ];
}

/** Whose terminal it is. */
export interface PlainPerson {
  signer: Signer | undefined;
  keyed: Keyed;
  /** An approval was refused, for no person seems to be here. Throws with a sentence when that cannot be recorded. */
  refused(hold: string, refusal: string): void;
}

/** The approval terminal as a conversation of lines: for screen readers, dumb terminals and scripts. */
class PlainWatch {
  private screen: Screen = FIRST_SCREEN;
  private readonly shown = new Map<string, string>();
  private readonly proxies: Proxies;
  private readonly revealed = new Set<string>();
  private readonly person: PlainPerson;

  constructor(runFolder: string, person: PlainPerson) {
    this.person = person;
    this.proxies = new Proxies(socketDirectory(runFolder), (news) => this.hear(news));
  }

  start(): void {
    this.print([HELP]);
    this.proxies.start();
  }

  stop(): void {
    this.proxies.stop();
  }

  /** False when the person asks to leave. */
  take(line: string): boolean {
    const [, verb = '', id = '', rest = ''] = /^\s*(\S*)\s*(\S*)\s*(.*)$/.exec(line) ?? [];
    if (verb === 'quit' || verb === 'q') return false;
    if (verb === 'list')
      this.print(
        this.waiting().length === 0
          ? ['Nothing waits.']
          : this.waiting().flatMap((entry) => this.describe(entry)),
      );
    else if (verb === 'show' || verb === 'reveal' || verb === 'approve' || verb === 'reject')
      this.about(verb, id, rest.trim());
    else if (verb !== '') this.print([HELP]);
    return true;
  }

  private waiting(): readonly Entry[] {
    return this.screen.entries;
  }

  private about(verb: 'show' | 'reveal' | 'approve' | 'reject', id: string, rest: string): void {
    const found = this.waiting().filter((entry) => entry.hold.id === id || entry.key === id);
    const [entry] = found;
    if (entry === undefined) return this.print([`No call ${visible(id)} waits.`]);
    if (found.length > 1)
      return this.print([
        `Two calls are called ${visible(id)}: name one of ${found.map((one) => one.key).join(', ')}.`,
      ]);
    if (verb === 'reveal') this.revealed.add(entry.key);
    if (verb === 'show' || verb === 'reveal') return this.print(this.describe(entry));
    this.decide(entry, verb, rest);
  }

  private decide({ key, session, hold }: Entry, verdict: 'approve' | 'reject', rest: string): void {
    if (!this.shown.has(key)) return this.print([`Look at ${hold.id} first: show ${hold.id}`]);
    const text = rest === '' ? {} : verdict === 'approve' ? { confirmation: rest } : { reason: rest };
    const isTerminal = process.stdin.isTTY === true;
    const revealed = this.revealed.has(key);
    const here = {
      person: personHere(session, verdict, { env: process.env, isTerminal }),
      passphrase: false,
      revealed,
      seen: 'printed' as const,
      ...this.person,
    };
    const answer = answerFrom(session, hold, { verdict, ...text }, here);
    if ('refusal' in answer) return this.refused(hold.id, answer);
    const sent = this.proxies.send(session.session, answer.verdict);
    if (!sent) this.print(['Its server has ended; nothing was executed.']);
  }

  private refused(hold: string, { refusal, notAPerson }: RefusedAnswer): void {
    this.print([refusal]);
    if (notAPerson !== true) return;
    try {
      this.person.refused(hold, refusal);
    } catch (error) {
      this.print([`It could not be recorded: ${(error as Error).message}`]);
    }
  }

  private hear(news: News): void {
    this.screen = hear(this.screen, news, 0);
    if (news.type === 'hold') this.told(`${news.session}/${news.hold.id}`);
    else if (news.type === 'closed')
      this.print([
        `${news.hold} no longer waits: ${visible(news.how)}${news.by === null ? '' : ` by ${visible(news.by)}`}.`,
      ]);
    else if (news.type === 'result') this.print([visible(news.message)]);
    else if (news.type === 'attached')
      this.print([`Attached to ${visible(news.session.server)}.`, ...news.session.notices.map(visible)]);
  }

  /** Prints a call that is new or whose bytes have changed, and remembers what was shown. */
  private told(key: string): void {
    const entry = this.screen.entries.find((one) => one.key === key);
    if (entry === undefined) return;
    const known = this.shown.has(key);
    this.shown.set(key, entry.hold.digest);
    if (!known) this.print(this.describe(entry));
    else
      this.print([
        `${entry.hold.id}: ${entry.hold.state === 'live' ? 'its client waits again' : 'its client was told to repeat the call'}.`,
      ]);
  }

  private describe(entry: Entry): string[] {
    return describe(entry, this.revealed.has(entry.key));
  }

  private print(lines: readonly string[]): void {
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

/** Runs until `quit`, the end of input or a signal; with a signer every answer is signed. */
export async function watchPlain(runFolder: string, person: PlainPerson): Promise<void> {
  const watch = new PlainWatch(runFolder, person);
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ended = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (!watch.take(line)) resolve();
    });
    lines.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  watch.start();
  await ended;
  lines.close();
  watch.stop();
}
