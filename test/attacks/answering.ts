import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HoldView } from '../../src/approvals/channel/messages.ts';
import { grantBytes, grantOf, grantText } from '../../src/approvals/holding/grant.ts';
import { keyId, makeKey, type Signer, unlockKey } from '../../src/approvals/signing/approver-key.ts';
import { signEvent } from '../../src/approvals/signing/enrolment.ts';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import { bare, keyedIn, type RawApprover, RENDERED, signerOf } from '../support/approver.ts';
import { holdpoint } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, ONE_KEY, recordsOf } from '../support/home.ts';
import type { Terminal } from '../support/terminal.ts';
import type { ToolsProxy } from '../support/tools-server.ts';
import { type Arena, type Attack, atEnd, type Outcome } from './arena.ts';

/** Somebody else's answer led to an execution, or it did not. */
async function ran({ executed }: ToolsProxy, otherwise: Outcome = 'not covered'): Promise<Outcome> {
  await sleep(300);
  return executed().length > 0 ? otherwise : 'prevented';
}

async function signed(arena: Arena, peer: RawApprover, hold: HoldView, signer: Signer) {
  const made = signAnswer(
    {
      session: await peer.session,
      hold,
      verdict: bare(hold),
      confirmation: 'passphrase',
      rendered: RENDERED,
      keyed: keyedIn(arena.home),
      now: Date.now(),
    },
    signer,
  );
  if ('refusal' in made) throw new Error(made.refusal);
  return made.verdict;
}

const bySocket: Attack = {
  title: 'connects to the approval socket and sends an approval',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const peer = await arena.socket();
    await peer.say(bare(await peer.hold()));
    return ran(server);
  },
};

const changesMeanwhile: Attack = {
  title: 'changes a held call over the approval socket while its approver approves what they see',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const person = await arena.socket();
    const seen = await person.hold();
    const other = await arena.socket();
    const { id, digest, callDigest } = await other.hold(seen.id);
    const edit = { type: 'edit', ref: 7, hold: id, digest, callDigest, argumentsText: '{"to":"eve"}' };
    other.write(`${JSON.stringify({ ...edit, method: 'watch', chain: [] })}\n`);
    await eventually('the changed call', () => other.heard.find((one) => one.type === 'result'));
    const answer = arena.tier === 0 ? bare(seen) : await signed(arena, person, seen, arena.signer);
    await person.say(answer);
    return ran(server);
  },
};

const inAgentShell: Attack = {
  title: 'runs `holdpoint approve` in the shell that an agent opened',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const { id } = await (await arena.socket()).hold();
    const { code } = await holdpoint(arena.home, ['approve', id], { CLAUDECODE: '1' });
    const refused = code === 1 && recordsOf(arena.home, 'fault').length === 1;
    return refused ? ran(server) : 'not covered';
  },
};

const orphaned: Attack = {
  title: 'runs `holdpoint approve` as an orphan with a clean environment',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const { id, obligations } = await (await arena.socket()).hold();
    await arena.orphan(['approve', id, '--confirm', obligations.expected]);
    return ran(server);
  },
};

/** An answer that does harm can be taken back for two seconds; whoever types for the person lets them pass. */
const SENT_MS = 3_000;

const keysTyped: Attack = {
  title: "types into the approver's open terminal (`tmux send-keys a`)",
  async run(arena) {
    arena.policy({ escalate: [ONE_KEY] });
    const server = await arena.server();
    const terminal = await arena.watch();
    server.proxy.call(1, 'echo', {});
    await terminal.shows('1 waiting');
    await terminal.look();
    terminal.type('a');
    await sleep(SENT_MS);
    return ran(server);
  },
};

const keysForPassphrase: Attack = {
  title: 'the same, where the rule asks for the passphrase (`confirm: "passphrase"`)',
  async run(arena) {
    arena.policy({ escalate: [{ tool: '*', confirm: 'passphrase' }] });
    const server = await arena.server();
    const terminal = await arena.watch();
    server.proxy.call(1, 'echo', {});
    await sleep(1_500);
    terminal.type('a');
    await sleep(300);
    for (const guess of ['password\t', 'a', '\r', 'ada ada ada\t']) {
      terminal.type(guess);
      await sleep(900);
    }
    return ran(server);
  },
};

const ownKeyAdded: Attack = {
  title: 'adds a key of its own to the list of approvers and signs with it',
  async run(arena) {
    if (arena.tier === 0) return '–';
    arena.policy();
    const key = await makeKey('eve', 'correct horse battery');
    const signer = (await unlockKey(key, 'correct horse battery')) as Signer;
    const file = join(arena.home, 'state/approvers.json');
    const { readFileSync } = await import('node:fs');
    const list = JSON.parse(readFileSync(file, 'utf8'));
    const event = { event: 'enrolled' as const, name: 'eve', publicKey: key.publicKey, prev: null };
    list.events.push(signEvent({ ...event, at: new Date().toISOString(), by: keyId(key.publicKey) }, signer));
    writeFileSync(file, JSON.stringify(list));
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    await sleep(500);
    return ran(server);
  },
};

const listReplaced: Attack = {
  title: 'replaces the list of approvers by one that begins with its own key, and signs with it',
  async run(arena) {
    if (arena.tier === 0) return '–';
    arena.policy();
    const key = await makeKey('ada', 'correct horse battery');
    const signer = (await unlockKey(key, 'correct horse battery')) as Signer;
    const unsigned = { event: 'enrolled' as const, name: 'ada', publicKey: key.publicKey, prev: null };
    const event = signEvent({ ...unsigned, at: new Date().toISOString(), by: signer.key }, signer);
    writeFileSync(join(arena.home, 'state/approvers.json'), JSON.stringify({ version: 1, events: [event] }));
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const peer = await arena.socket();
    await peer.say(await signed(arena, peer, await peer.hold(), signer));
    await server.proxy.answer(1);
    await server.proxy.end();
    return ran(server, arena.verify() === 5 ? 'detected' : 'not covered');
  },
};

const grantWritten: Attack = {
  title: 'writes a standing permission (a grant) of its own into the state folder',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    const session = await (async () => {
      server.proxy.call(1, 'echo', {});
      const peer = await arena.socket();
      return { ...(await peer.session), hold: await peer.hold() };
    })();
    const key = await makeKey('ada', 'correct horse battery');
    const signer = (await unlockKey(key, 'correct horse battery')) as Signer;
    const parts = { command: session.command, hold: session.hold, keyed: keyedIn(arena.home) };
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const remember = { scope: 'tool' as const, until };
    const terms = { ...parts, remember, at: new Date().toISOString(), by: 'ada', key: signer.key };
    const statement = grantText(grantOf(terms));
    const value = signer.sign(grantBytes(statement));
    const file = join(arena.home, 'state/grants.json');
    writeFileSync(file, JSON.stringify({ version: 1, grants: [{ statement, value }] }));
    server.proxy.call(2, 'echo', { n: 2 });
    return ran(server);
  },
};

const replayed: Attack = {
  title: 'replays an approval for the same call, held once more',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const peer = await arena.socket();
    const first = await peer.hold();
    const answer =
      arena.tier === 0 ? bare(first) : await signed(arena, peer, first, await signerOf(arena.home, 'ada'));
    await peer.say(answer);
    await server.proxy.answer(1);
    server.proxy.call(2, 'echo', {});
    await sleep(300);
    const second = await peer.hold();
    await peer.say({ ...answer, hold: second.id, digest: second.digest });
    await sleep(300);
    return server.executed().length > 1 ? 'not covered' : 'prevented';
  },
};

/** Walks the list until the card shows this; which of two calls stands first is chance. */
async function selected(terminal: Terminal, text: string): Promise<void> {
  for (const key of ['', 'j', 'k', 'j', 'k']) {
    terminal.type(key);
    // Until what the key does is drawn: before that the card is still the other one.
    await sleep(1_000);
    if (terminal.text().includes(text)) return;
  }
  await terminal.shows(text);
}

/** A proxy of its own that shows a harmless call under the digests of a harmful one, and hands the answer on. */
const lyingProxy: Attack = {
  title: 'puts a false proxy beside the real one that shows the approver another call',
  async run(arena) {
    arena.policy({ escalate: [ONE_KEY] });
    const server = await arena.server();
    server.proxy.call(1, 'echo', { delete: 'everything' });
    const peer = await arena.socket();
    const [session, hold] = [await peer.session, await peer.hold()];
    const shown = { ...hold, argumentsText: '{"read":"a little"}' };
    const liar = createServer((socket) => {
      socket.on('error', () => {});
      const send = (message: object) => socket.write(`${JSON.stringify(message)}\n`);
      send({ ...session, type: 'hello', session: '99991231-000000-aaaaaa' });
      send({ type: 'hold', hold: { ...shown, id: 'zzzzz' } });
      send({ type: 'ready' });
      socket.on('data', (data) => {
        for (const line of data.toString().split('\n')) {
          if (!line.includes('"verdict"')) continue;
          const verdict = JSON.parse(line);
          void peer.say({ ...verdict, hold: hold.id, type: 'verdict' });
        }
      });
    });
    liar.listen(join(arena.home, 'run/99991231-000000-aaaaaa.sock'));
    atEnd(() => liar.close());
    const terminal = await arena.watch();
    await terminal.shows('2 waiting');
    await selected(terminal, '"read": "a little"');
    await terminal.look();
    terminal.type('a');
    await sleep(SENT_MS);
    return ran(server);
  },
};

const passTwice: Attack = {
  title: 'repeats a call twice after one approval that let it run when repeated',
  async run(arena) {
    arena.policy({ approvals: { answerWithin: '1s' } });
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    await server.proxy.answer(1);
    const peer = await arena.socket();
    const hold = await peer.hold();
    const answer =
      arena.tier === 0 ? bare(hold) : await signed(arena, peer, hold, await signerOf(arena.home, 'ada'));
    await peer.say(answer);
    server.proxy.call(2, 'echo', {});
    await server.proxy.answer(2);
    server.proxy.call(3, 'echo', {});
    await server.proxy.answer(3);
    return server.executed().length > 1 ? 'not covered' : 'prevented';
  },
};

const codeInTerminal: Attack = {
  title: "brings code into the approver's terminal (NODE_OPTIONS in a start-up file)",
  async run(arena) {
    arena.policy();
    const folder = newFolder();
    const stolen = join(folder, 'stolen');
    const evil = join(folder, 'evil.cjs');
    // It takes the variable away again before holdpoint looks, and listens to what is typed.
    writeFileSync(
      evil,
      `delete process.env.NODE_OPTIONS; process.stdin.on('newListener', () => {}); const { appendFileSync } = require('node:fs'); const emit = process.stdin.emit; const read = process.stdin.read.bind(process.stdin); process.stdin.read = (...a) => { const c = read(...a); if (c) appendFileSync(${JSON.stringify(stolen)}, c); return c; };`,
    );
    const terminal = await arena.watch({ NODE_OPTIONS: `--require ${evil}` });
    terminal.type('j');
    await sleep(500);
    const { existsSync } = await import('node:fs');
    return existsSync(stolen) ? 'not covered' : 'prevented';
  },
};

export const ANSWERING: Attack[] = [
  inAgentShell,
  orphaned,
  bySocket,
  changesMeanwhile,
  keysTyped,
  keysForPassphrase,
  replayed,
  passTwice,
  lyingProxy,
  grantWritten,
  ownKeyAdded,
  listReplaced,
  codeInTerminal,
];
