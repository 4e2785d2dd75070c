import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { renderedOf, shownHold } from '../../approvals/answering/masked-view.ts';
import { callLines } from '../../approvals/answering/rendered.ts';
import { gather } from '../../approvals/channel/ask-proxies.ts';
import { queryCalls } from '../../audit/reading/query.ts';
import { callTable } from '../../audit/telling/call-table.ts';
import { verifyAudit } from '../../audit/verify/verify.ts';
import { Agent, type Answer } from '../../demo/agent.ts';
import { DEMO_POLICY, STORY, type Step } from '../../demo/story.ts';
import { showsColours } from '../../platform/colours.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { ensurePrivateFolder, type Home, resolveHome } from '../../platform/home.ts';
import { needsText } from '../../policy/decide/ladder.ts';
import { SIGNATURES } from '../../session/signatures.ts';
import { visible } from '../../text/visible.ts';
import { tableWidth } from '../terminal/table-width.ts';

const POLL_MS = 50;
const ASKED_WITHIN_MS = 10_000;
const WIDTH = 100;

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** Prints words folded to the terminal's width, later lines as far in as the first. */
function tellStory(text: string): void {
  const width = Math.min(WIDTH, process.stdout.columns ?? WIDTH);
  const indent = /^ */.exec(text)?.[0] ?? '';
  let line = '';
  for (const word of text.trim().split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      print(indent + line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  print(indent + line);
}
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Stage {
  home: Home;
  ledger: string;
  command: string[];
}

/** Sets the stage in a temporary home: the policy, and the server behind `holdpoint run`. */
function setStage(): Stage {
  const home = resolveHome(mkdtempSync(join(tmpdir(), 'holdpoint-demo-')), {});
  ensurePrivateFolder(home.root);
  writeFileSync(join(home.root, 'policy.jsonc'), DEMO_POLICY, { mode: 0o600 });
  const ledger = join(home.root, 'what-the-shop-did.txt');
  writeFileSync(ledger, '', { mode: 0o600 });
  const bin = resolve(import.meta.dirname, '../../../bin/holdpoint.js');
  const shop = resolve(import.meta.dirname, '../../demo/shop-server.js');
  const command = [
    process.execPath,
    bin,
    'run',
    '--server',
    'shop',
    '--home',
    home.root,
    '--',
    process.execPath,
    shop,
    ledger,
  ];
  return { home, ledger, command };
}

/** Plays the story; a person answers on their terminal, else the script does. Ends by itself; exit 1 if it went wrong. */
export async function runDemo(withPerson: boolean): Promise<void> {
  const stage = setStage();
  tellStory('holdpoint demo: an agent works in a shop’s back office, behind a policy.');
  tellStory('Reads run unasked, deleting is denied, and what costs, mails or deploys waits for a person.');
  print();
  const answers = withPerson ? await withTerminal(stage) : await byScript(stage);
  if (withPerson) for (const answer of answers) tell(answer);
  // A person may leave in the middle of the story; the script may not.
  epilogue(stage, withPerson || answers.length === STORY.length);
}

async function withTerminal(stage: Stage): Promise<Answer[]> {
  tellStory('You are that person. The approval terminal opens next: a approves, x rejects, q leaves.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question('Press Enter to begin. ');
  terminal.close();
  ensurePrivateFolder(stage.home.run);
  const answers: Answer[] = [];
  const agent = new Agent();
  await agent.connect(stage.command);
  const played = (async () => {
    for (const step of STORY) answers.push(await agent.take(step));
  })();
  const { watchTerminal } = await import('../../watch/terminal.ts');
  await watchTerminal(stage.home.run, { until: played, coloured: showsColours(process.stdout) });
  await agent.close();
  return answers;
}

async function byScript(stage: Stage): Promise<Answer[]> {
  const agent = new Agent();
  await agent.connect(stage.command);
  const answers: Answer[] = [];
  for (const step of STORY) {
    const answer = agent.take(step);
    if (step.scripted !== undefined) await answerFor(stage.home, step);
    answers.push(await answer);
    tell(await answer);
  }
  await agent.close();
  return answers;
}

/** The script in the person's place: waits until the call is held, then says what the story says. */
async function answerFor(home: Home, { tool, scripted }: Step): Promise<void> {
  if (scripted === undefined) return;
  const until = Date.now() + ASKED_WITHIN_MS;
  while (Date.now() < until) {
    const { attached } = await gather(home.run);
    const found = attached
      .flatMap((proxy) => proxy.holds.map((hold) => ({ proxy, hold })))
      .find(({ hold }) => hold.tool === tool);
    if (found !== undefined) {
      const { id, digest, callDigest, obligations } = found.hold;
      const view = shownHold(found.hold, found.proxy.session, false);
      print(`   held as ${id}; the script's person reads it and says ${scripted.verdict}:`);
      for (const line of callLines(view.hold)) print(`     ${line}`);
      await found.proxy.decide({
        hold: id,
        verdict: scripted.verdict,
        digest,
        callDigest,
        method: 'cli',
        chain: ['holdpoint demo'],
        rendered: renderedOf(view, 'printed'),
        ...(scripted.reason === undefined ? {} : { reason: scripted.reason }),
        ...(needsText(obligations.confirm) ? { confirmation: obligations.expected } : {}),
      });
    }
    for (const proxy of attached) proxy.close();
    if (found !== undefined) return;
    await pause(POLL_MS);
  }
}

function tell({ step, ok, text }: Answer): void {
  tellStory(`${ok ? '✓' : '✗'} The agent wants to ${step.wish}: ${step.tool}`);
  tellStory(`   ${visible(text.split('\n')[0] ?? '')}`);
}

function epilogue({ home, ledger }: Stage, told: boolean): void {
  const { calls } = queryCalls(home.audit);
  print('\nThe audit log of what just happened:\n');
  for (const line of callTable(calls, tableWidth())) print(line);
  const did = readFileSync(ledger, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  print('\nWhat the shop really did, by its own ledger:');
  for (const line of did.length === 0 ? ['nothing'] : did) print(`  ${visible(line)}`);
  const verified = verifyAudit(home.audit, { signatures: SIGNATURES });
  print(
    `\nThe log's chain: ${verified.exitCode === 0 ? 'unbroken' : 'NOT in order'} (${calls.length} calls).`,
  );
  print('\nLook for yourself:');
  print(`  ${self()} audit list --home ${home.root}`);
  print(`  ${self()} audit verify --home ${home.root}`);
  print(`\nNext: "${self()} wrap" puts it in front of your own MCP servers.`);
  const forwarded = calls.filter((call) => call.forwarded && !/^(?:list|get)_/.test(call.tool)).length;
  if (!told || verified.exitCode !== 0 || forwarded !== did.length) process.exitCode = EXIT.error;
}

/** How this holdpoint was called, so that the lines above can be copied as they stand. */
function self(): string {
  const script = process.argv[1] ?? '';
  if (!script.endsWith('.js')) return 'holdpoint';
  const near = relative(process.cwd(), script);
  return `node ${near.startsWith('..') ? script : near}`;
}
