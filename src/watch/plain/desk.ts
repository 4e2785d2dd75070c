import { answerFrom, personHere, type RefusedAnswer } from '../../approvals/answering/answer.ts';
import { bothDirectories } from '../../approvals/channel/both-directories.ts';
import { socketDirectory } from '../../approvals/channel/socket-client.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import { visible } from '../../text/visible.ts';
import { cardLines } from '../page/card.ts';
import { history } from '../page/chrome.ts';
import { contentOf } from '../page/content.ts';
import { BAR, type Line, type Part } from '../page/line.ts';
import { listLines } from '../page/list.ts';
import { toolsPage } from '../page/tools-page.ts';
import { demandsOf } from '../state/demands.ts';
import { HASTE, hear, type News } from '../state/news.ts';
import { BACK_MS, mayTakeBack } from '../state/outgoing.ts';
import { Proxies } from '../state/proxies.ts';
import { type Entry, FIRST_SCREEN, type Screen } from '../state/screen.ts';
import type { PlainPerson } from './plain.ts';

const HELP = [
  'list                    what waits, a line each',
  'show ID, plain ID       a call with what is known of it; its text as it stands',
  'reveal ID               the same with what is masked',
  'approve ID [TEXT]       TEXT where the call asks for one',
  'reject ID[,ID…] [REASON]  one or several',
  'undo                    takes the last answer back, within 2 seconds',
  'history                 what was decided',
  'tools ID                the tools that an approval of a first question accepts',
  'stop [REASON]           refuses every call of every server, what waits too; asks first',
  'quit',
];
const COLUMNS = 100;
const LOOK_EVERY_MS = 1_000;

export interface PlainDeskOptions {
  runFolder: string;
  person: PlainPerson;
  print(lines: readonly string[]): void;
  isTerminal: boolean;
}

interface Waiting {
  key: string;
  what: string;
  timer: NodeJS.Timeout;
}

/** What a terminal of lines knows, says and does: for screen readers, dumb terminals and scripts. */
export class PlainDesk {
  private screen: Screen = FIRST_SCREEN;
  private readonly shown = new Map<string, string>();
  private readonly proxies: Proxies;
  private readonly revealed = new Set<string>();
  private readonly options: PlainDeskOptions;
  /** Answers that can still be taken back. */
  private outgoing: Waiting[] = [];
  private looking: NodeJS.Timeout | undefined;
  /** That everything is stopped, as it was told. */
  private stopped: string | undefined;
  /** What is to be known of the team's relay, as it was told. */
  private standing: string | undefined;
  /** The reason of a stop that is to be confirmed. */
  private stopping: string | undefined;
  /** What is typed now is a passphrase, which somebody else reads. */
  private asking = false;

  constructor(options: PlainDeskOptions) {
    this.options = options;
    const here = socketDirectory(options.runFolder);
    const { team } = options.person;
    const directory = team === undefined ? here : bothDirectories(here, team.directory);
    this.proxies = new Proxies(directory, (news) => this.hear(news));
  }

  start(): void {
    this.print(['Commands:', ...HELP.map((one) => `  ${one}`)]);
    this.proxies.start();
    this.look();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  private look(): void {
    this.lookAtBrake();
    const standing = this.options.person.team?.standing();
    if (standing === this.standing) return;
    this.standing = standing;
    this.print([visible(standing ?? "The team's relay is reached.")]);
  }

  /** What must still be said. */
  stop(): string | undefined {
    for (const { timer } of this.outgoing) clearTimeout(timer);
    clearInterval(this.looking);
    this.proxies.stop();
    if (this.outgoing.length === 0) return undefined;
    return `Not sent, for you left within 2 seconds: ${this.outgoing.map(({ what }) => what).join(', ')}.`;
  }

  /** False when the person asks to leave. */
  take(line: string): boolean {
    if (this.asking) return true;
    if (this.confirmed(line)) return true;
    const [, verb = '', id = '', rest = ''] = /^\s*(\S*)\s*(\S*)\s*(.*)$/.exec(line) ?? [];
    switch (verb) {
      case '':
        return true;
      case 'quit':
      case 'q':
        return false;
      case 'list':
        this.list();
        return true;
      case 'stop':
        this.askToStop(`${id} ${rest}`.trim());
        return true;
      case 'undo':
        this.undo();
        return true;
      case 'history':
        this.printed(history(this.screen, COLUMNS));
        return true;
      default:
        this.about(verb, id, rest.trim());
        return true;
    }
  }

  private list(): void {
    const lines = listLines(this.screen, COLUMNS, Date.now());
    if (lines.length === 0) this.print(['Nothing waits.']);
    else this.printed(lines);
  }

  private about(verb: string, ids: string, rest: string): void {
    if (!/^(?:show|plain|reveal|approve|reject|tools)$/.test(verb)) return this.print(HELP);
    for (const id of ids.split(',')) {
      const entry = this.named(id);
      if (entry === undefined) continue;
      if (verb === 'reveal') this.revealed.add(entry.key);
      if (verb === 'tools') this.printed(toolsPage(entry, COLUMNS));
      else if (verb === 'approve') void this.approve(entry, rest);
      else if (verb === 'reject') this.answer(entry, { verdict: 'reject', text: rest });
      else this.describe(entry, verb === 'plain');
    }
  }

  private named(id: string): Entry | undefined {
    const found = this.screen.entries.filter((entry) => entry.hold.id === id || entry.key === id);
    if (found.length === 0) this.print([`No call ${visible(id)} waits.`]);
    if (found.length > 1) {
      const keys = found.map((one) => one.key).join(', ');
      this.print([`Two calls are called ${visible(id)}: name one of ${keys}.`]);
    }
    return found.length === 1 ? found[0] : undefined;
  }

  private async approve(entry: Entry, text: string): Promise<void> {
    const { unlock } = this.options.person;
    const { passphrase, never } = demandsOf(entry);
    if (never !== undefined) return this.print([never]);
    const asks = passphrase && unlock !== undefined;
    const signer = asks ? await this.passphrase(unlock) : undefined;
    if (asks && signer === undefined) return this.print(['Nothing was approved.']);
    this.answer(entry, { verdict: 'approve', text, signer });
  }

  private async passphrase(unlock: () => Promise<Signer | undefined>): Promise<Signer | undefined> {
    this.asking = true;
    try {
      return await unlock();
    } catch (error) {
      this.print([(error as Error).message]);
      return undefined;
    } finally {
      this.asking = false;
      process.stdin.resume();
    }
  }

  /** At a terminal an answer that does harm can be taken back; what a script says is meant. */
  private answer(entry: Entry, said: Saying): void {
    const { key, hold } = entry;
    if (!this.shown.has(key)) return this.print([`Look at ${hold.id} first: show ${hold.id}`]);
    this.superseded(key);
    const intent = { entry, verdict: said.verdict, dwellMs: 0, revealed: false, looked: undefined };
    if (!this.options.isTerminal || !mayTakeBack(intent, Date.now())) return this.send(entry, said);
    const what = `${said.verdict} ${hold.id} (${visible(hold.tool)})`;
    const timer = setTimeout(() => {
      this.outgoing = this.outgoing.filter((one) => one.timer !== timer);
      this.send(entry, said);
    }, BACK_MS);
    this.outgoing.push({ key, what, timer });
    this.print([`${what} in 2 seconds: undo takes it back.`]);
  }

  /** An answer that is still on its way does not count beside a later one to the same call. */
  private superseded(key: string): void {
    for (const one of this.outgoing.filter((earlier) => earlier.key === key)) {
      clearTimeout(one.timer);
      this.print([`Taken back: ${one.what}.`]);
    }
    this.outgoing = this.outgoing.filter((one) => one.key !== key);
  }

  private askToStop(reason: string): void {
    if (this.stopped !== undefined) return this.print([`${this.stopped} To go on: holdpoint resume.`]);
    this.stopping = reason;
    this.print(['Every call of every server will be refused until "holdpoint resume". Type yes to stop.']);
  }

  /** Whether the line answers the question of a stop. Whatever is not yes is no. */
  private confirmed(line: string): boolean {
    const { stopping } = this;
    if (stopping === undefined) return false;
    this.stopping = undefined;
    if (line.trim() !== 'yes') this.print(['Nothing was stopped.']);
    else
      this.options.person.brake
        .pull(stopping)
        .catch((error: Error) => error.message)
        .then((told) => {
          this.print([visible(told)]);
          this.lookAtBrake();
        });
    return true;
  }

  private lookAtBrake(): void {
    const stopped = this.options.person.brake.look();
    if (stopped === this.stopped) return;
    this.stopped = stopped;
    const resumed = 'Resumed: calls are decided by the policy again.';
    this.print([stopped === undefined ? resumed : `${stopped} To go on: holdpoint resume.`]);
  }

  private undo(): void {
    const last = this.outgoing.pop();
    if (last === undefined) return this.print(['There is no answer to take back: it was sent.']);
    clearTimeout(last.timer);
    this.print([`Taken back: ${last.what}.`]);
  }

  private send({ key, session, hold }: Entry, { verdict, text, signer }: Saying): void {
    const { person, isTerminal } = this.options;
    const said = text === '' ? {} : verdict === 'approve' ? { confirmation: text } : { reason: text };
    const here = {
      ...person,
      person: personHere(session, verdict, { env: process.env, isTerminal }),
      passphrase: signer !== undefined,
      revealed: this.revealed.has(key),
      seen: 'printed' as const,
      signer: signer ?? person.signer,
    };
    const answer = answerFrom(session, hold, { verdict, ...said }, here);
    if ('refusal' in answer) return this.refused(hold.id, answer);
    const sent = this.proxies.send(session.session, answer.verdict);
    if (!sent) this.print(['Its server has ended; nothing was executed.']);
  }

  private refused(hold: string, { refusal, notAPerson }: RefusedAnswer): void {
    this.print([refusal]);
    if (notAPerson !== true) return;
    try {
      this.options.person.refused(hold, refusal);
    } catch (error) {
      this.print([`It could not be recorded: ${(error as Error).message}`]);
    }
  }

  private hear(news: News): void {
    this.screen = hear(this.screen, news, 0);
    if (news.type === 'hold') this.told(`${news.session}/${news.hold.id}`);
    else if (news.type === 'closed') this.over(news);
    else if (news.type === 'result') this.print([visible(news.message)]);
    else if (news.type === 'attached')
      this.print([`Attached to ${visible(news.session.server)}.`, ...news.session.notices.map(visible)]);
    else if (news.type === 'session') {
      if (news.said !== '') this.print([visible(news.said)]);
    } else if (news.type === 'brake' && news.on) this.print([HASTE]);
  }

  private over({ session, hold, how, by }: Extract<News, { type: 'closed' }>): void {
    const key = `${session}/${hold}`;
    const lost = this.outgoing.filter((one) => one.key === key);
    for (const { timer } of lost) clearTimeout(timer);
    this.outgoing = this.outgoing.filter((one) => one.key !== key);
    const who = by === null ? '' : ` by ${visible(by)}`;
    const mine = lost.length === 0 ? '' : ' Your answer was not sent.';
    this.print([`${hold} no longer waits: ${visible(how)}${who}.${mine}`]);
  }

  /** Prints a call that is new or whose bytes have changed, and remembers what was shown. */
  private told(key: string): void {
    const entry = this.screen.entries.find((one) => one.key === key);
    if (entry === undefined) return;
    const known = this.shown.get(key) === entry.hold.digest;
    this.shown.set(key, entry.hold.digest);
    if (!known) return this.describe(entry, false);
    const { id, state } = entry.hold;
    this.print([
      `${id}: ${state === 'live' ? 'its client waits again' : 'its client was told to repeat the call'}.`,
    ]);
  }

  private describe(entry: Entry, plain: boolean): void {
    const revealed = this.revealed.has(entry.key);
    const { id, tool, server } = entry.hold;
    const content = contentOf(entry, {
      columns: COLUMNS - 2,
      revealed,
      plain,
      file: undefined,
      earlier: null,
    });
    this.print([`${id} waits: ${visible(tool)} on ${visible(server)}`]);
    this.printed(cardLines(entry, content, COLUMNS, Date.now()));
    const ways = [
      content.masked > 0 && !revealed ? `reveal ${id} shows what is masked` : '',
      `approve ${id}${textOf(entry)}, or reject ${id} REASON`,
    ];
    this.print([`  ${ways.filter((one) => one !== '').join('; ')}`]);
  }

  private printed(lines: readonly Line[]): void {
    // A bar that every voice reads.
    const said = ({ text }: Part): string => (text === BAR ? '| ' : text);
    this.print(lines.map(({ parts }) => `  ${parts.map(said).join('')}`.trimEnd()));
  }

  private print(lines: readonly string[]): void {
    this.options.print(lines);
  }
}

interface Saying {
  verdict: 'approve' | 'reject';
  text: string;
  signer?: Signer | undefined;
}

function textOf(entry: Entry): string {
  const { text, expected } = demandsOf(entry);
  return text ? ` ${visible(expected)}` : '';
}
