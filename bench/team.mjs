// A team over a nats-server of its own on this machine (from the PATH, or the one that the tests fetched):
// node bench/team.mjs [ROUNDS] [HOLDS,…] [RECORDS]
// A hold on its way to an approver and an answer on its way back in multiples of the broker's own round trip of the same
// minute; what sealing takes of a proxy's loop; the copy of a log; how an approver's terminal grows with what waits.
import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from './targets.mjs';

const ROOT = resolve(process.env.HP_ROOT ?? join(import.meta.dirname, '..'));
const from = (path) => import(join(ROOT, 'dist', path));
const { keyId } = await from('approvals/signing/approver-key.js');
const { encryptionOf, eventDigest, replay, signEvent } = await from('approvals/signing/enrolment.js');
const { checkAnswer, signAnswer } = await from('approvals/signing/signed-answer.js');
const { readClientLine } = await from('protocol/client-message.js');
const { CallDigester } = await from('proxy/call-digest.js');
const { holdEnvelope, keyOf } = await from('team/holds/envelopes.js');
const { Recipients } = await from('team/holds/recipients.js');
const { TeamChannel } = await from('team/holds/team-channel.js');
const { TeamDirectory } = await from('team/holds/team-directory.js');
const { FileCopier } = await from('team/log/file-copier.js');
const { makeSpace } = await from('team/relay/make-space.js');
const { auditSubject } = await from('team/relay/names.js');
const { NatsLog } = await from('team/relay/nats-log.js');
const { connectRelay } = await from('team/relay/nats-relay.js');
const { encryptionKeyOf } = await from('team/sealing/encryption-key.js');
const { machineOf } = await from('team/trust/machine.js');
const { newSecret } = await from('team/trust/membership.js');
const { TeamTrust } = await from('team/trust/team-trust.js');

const rounds = Number(process.argv[2] ?? 400);
const sizes = (process.argv[3] ?? '100,1000,10000').split(',').map(Number);
const records = Number(process.argv[4] ?? 200_000);
const APPROVERS = Number(process.env.APPROVERS ?? 50);
const SESSIONS = Number(process.env.SESSIONS ?? 1_000);
const SPACE = 'bench';
const COMMAND = 'c'.repeat(64);
const HOUR_MS = 3_600_000;
const folder = mkdtempSync('/tmp/hp-team-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function natsServer() {
  const cache = join(homedir(), '.cache/holdpoint-tests/nats-server-2.15.1/bin');
  const found = [...process.env.PATH.split(delimiter), cache].map((one) => join(one, 'nats-server'));
  const file = found.find((one) => existsSync(one));
  if (file !== undefined) return file;
  console.error('There is no nats-server on the PATH, and "npm run test:team" has fetched none yet.');
  process.exit(1);
}

const port = await new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const at = server.address().port;
    server.close(() => done(at));
  });
});
const broker = spawn(
  natsServer(),
  ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', join(folder, 'js')],
  {
    stdio: 'ignore',
  },
);
process.on('exit', () => broker.kill());
await sleep(1_000);

const team = { url: [`nats://127.0.0.1:${port}`], space: SPACE, auditors: [], freshMs: 24 * HOUR_MS };
const connected = (machine) => connectRelay(team, { machine, name: 'bench', patient: false });

function person(name) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const signed = (bytes) => sign(null, bytes, privateKey).toString('base64url');
  return { name, publicKey: raw, key: keyId(raw), encryption: encryptionKeyOf(seed), sign: signed };
}

const people = Array.from({ length: APPROVERS }, (_, n) => person(`approver-${n}`));
const [first] = people;
const events = [];
for (const one of people) {
  const prev = events.length === 0 ? null : eventDigest(events.at(-1));
  const keys = { name: one.name, publicKey: one.publicKey, encryption: encryptionOf(one) };
  const said = { event: 'enrolled', ...keys, at: new Date().toISOString(), by: first.key, prev };
  events.push(signEvent(said, first));
}
const enrolment = replay(events);
const secret = Buffer.from(newSecret(), 'base64url');

const seeds = new Map();
/** A machine has one key for as long as its space lasts. */
function machineCalled(name) {
  if (!seeds.has(name)) seeds.set(name, newSecret());
  return machineOf(name, seeds.get(name));
}

function trustAt(relay, machine) {
  return new TeamTrust({
    ...{ relay, space: SPACE, root: first.key, secret, machine, freshMs: team.freshMs },
    ...{ events: () => events, adopt: () => {}, isKnown: () => true, now: Date.now, say: console.error },
  });
}

const OBLIGATIONS = {
  ...{ timeoutMs: HOUR_MS, confirm: 'key', expected: 'write_file', level: 'low', seen: 'told', large: false },
  ...{ show: [], approvals: 1, approvers: null, sign: true, remember: true },
};
const digester = new CallDigester('srv', COMMAND);
let calls = 0;

/** A call of about 1 kB that waits, for these approvers (null: all). */
function holdView(approvers = null) {
  calls += 1;
  const args = { path: `/tmp/${calls}`, content: 'a line of some text\n'.repeat(45) };
  const params = { name: 'write_file', arguments: args };
  const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: calls, method: 'tools/call', params }));
  const now = Date.now();
  return {
    ...{
      id: `H${calls}`,
      call: calls,
      server: 'srv',
      tool: 'write_file',
      keyed: false,
      nonce: `${calls}`.padStart(32, 'n'),
    },
    ...{ argumentsText: JSON.stringify(args), digest: createHash('sha256').update(line).digest('hex') },
    ...{
      callDigest: digester.of(readClientLine(line)),
      rule: 'r',
      reason: 'why',
      matched: ['r'],
      definition: null,
    },
    ...{
      risk: 'write',
      accepts: null,
      caller: null,
      client: 'bench',
      approvedBy: [],
      state: 'live',
      lines: 48,
    },
    ...{ before: null, offers: null, unsure: false, listing: 'listed', answerBy: null },
    openedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + HOUR_MS).toISOString(),
    obligations: { ...OBLIGATIONS, approvers },
  };
}

const sessionView = (session) => ({
  ...{
    session,
    server: 'srv',
    pid: 1,
    ancestors: [],
    terminal: null,
    client: null,
    folder: null,
    cli: 'person',
  },
  ...{ startedAt: new Date().toISOString(), command: COMMAND, policy: 'p0', redact: [], grants: [] },
  ...{ brake: false, enrolled: true, notices: [] },
});

const fixed = (value) => value.toFixed(value < 10 ? 2 : 1);
const spread = (values) =>
  `median ${fixed(median(values))}, p99 ${fixed(quantile(values, 0.99))} (${fixed(Math.min(...values))} to ${fixed(Math.max(...values))})`;
const mib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** A plain round trip over two connections: published, received, and answered on the same way back. */
async function plainTrip(near, far) {
  const inbox = 'bench.back';
  let back;
  far.connection.subscribe('bench.there', {
    callback: (_, message) => far.connection.publish(inbox, message.data),
  });
  near.connection.subscribe(inbox, { callback: () => back() });
  await Promise.all([near.connection.flush(), far.connection.flush()]);
  const payload = Buffer.alloc(2_048);
  return () =>
    new Promise((done) => {
      const since = performance.now();
      back = () => done(performance.now() - since);
      near.connection.publish('bench.there', payload);
    });
}

/** The same through a bucket: put by one, seen by the other. */
async function storedTrip(near, far) {
  let seen;
  await far.watch('policy', '>', () => seen?.());
  const payload = Buffer.alloc(2_048);
  return () =>
    new Promise((done) => {
      const since = performance.now();
      seen = () => done(performance.now() - since);
      near.put('policy', 'bench', payload).catch(console.error);
    });
}

/** A proxy's end that forwards what a signed answer approves. */
async function proxyEnd(relay, forwarded) {
  const machine = machineCalled('server');
  const trust = trustAt(relay, machine);
  const holds = new Map();
  const session = sessionView('s0');
  const desk = {
    greeting: () => [{ type: 'hello', v: 1, ...session }],
    verdict: (message, reply) => {
      const hold = holds.get(message.hold);
      const context = { session, enrolment, keyed: (one) => one, now: Date.now(), elsewhere: true };
      const found = checkAnswer(message, hold, context);
      if ('fault' in found) throw new Error(found.fault);
      forwarded(message.hold);
      reply(true, 'forwarded');
    },
  };
  const ports = { relay, space: SPACE, secret, machine, session: 's0', trust, now: Date.now };
  const channel = new TeamChannel(
    { ...ports, keyed: (one) => one, say: console.error, enrolment: () => enrolment },
    desk,
  );
  await channel.listen();
  return {
    machine,
    open: (hold) => {
      holds.set(hold.id, hold);
      channel.broadcast({ type: 'hold', hold });
    },
    closed: () => channel.closed(),
    end: (hold) => channel.broadcast({ type: 'closed', hold: hold.id, how: 'approved', by: 'x' }),
  };
}

async function directoryAt(relay, name) {
  const trust = trustAt(relay, machineCalled(name));
  await trust.start();
  await trust.vouch(first);
  const directory = new TeamDirectory({
    ...{ relay, space: SPACE, own: name, trust, presence: undefined, signer: () => first },
    ...{ now: Date.now, say: console.error },
  });
  const links = new Map();
  let heard = () => {};
  const attach = () => {
    for (const place of directory.list())
      if (!links.has(place))
        links.set(
          place,
          directory.connect(place, true, {
            message: (message) => message.type === 'hold' && heard(message.hold, links.get(place)),
            closed: () => links.delete(place),
          }),
        );
  };
  directory.watch(attach);
  return {
    directory,
    onHold: (then) => {
      heard = then;
    },
  };
}

async function trips(approvers) {
  const [near, far] = [await connected('server'), await connected('desk')];
  const [plain, stored] = [await plainTrip(near, far), await storedTrip(near, far)];
  let forwarded = () => {};
  const proxy = await proxyEnd(near, (id) => forwarded(id));
  const { directory, onHold } = await directoryAt(far, 'desk');
  await directory.start();
  const found = { plain: [], stored: [], shown: [], answered: [] };
  for (let n = 0; n < rounds + 50; n += 1) {
    const own = { plain: await plain(), stored: await stored() };
    const hold = holdView(approvers);
    const opened = performance.now();
    const [shown, link] = await new Promise((done) => {
      onHold((view, at) => view.id === hold.id && done([view, at]));
      proxy.open(hold);
    });
    own.shown = performance.now() - opened;
    const { verdict } = signAnswer(
      {
        ...{
          session: sessionView('s0'),
          hold: shown,
          confirmation: 'key',
          keyed: (one) => one,
          now: Date.now(),
        },
        verdict: {
          hold: hold.id,
          verdict: 'approve',
          digest: hold.digest,
          callDigest: hold.callDigest,
          method: 'watch',
          chain: [],
        },
        rendered: { digest: 'e'.repeat(64), masked: 0, revealed: false, seen: 'printed' },
      },
      first,
    );
    const sent = performance.now();
    await new Promise((done) => {
      forwarded = done;
      link.send({ type: 'verdict', ref: n, ...verdict });
    });
    own.answered = performance.now() - sent;
    proxy.end(hold);
    await sleep(40);
    // What is not warm yet is no figure.
    if (n >= 50) for (const [name, ms] of Object.entries(own)) found[name].push(ms);
  }
  directory.stop();
  await proxy.closed();
  await far.close();
  const trip = median(found.plain);
  const times = (values) => values.map((ms) => ms / trip);
  console.log(`for ${approvers === null ? APPROVERS : approvers.length} approver(s), ${rounds} rounds:`);
  console.log(`  plain publish and subscribe, there and back, ms: ${spread(found.plain)}`);
  console.log(`  a value put and seen (stored), in plain trips:   ${spread(times(found.stored))}`);
  console.log(`  hold opened -> on the approver's list, trips:    ${spread(times(found.shown))}`);
  console.log(`  answer -> forwarded, in plain trips:             ${spread(times(found.answered))}`);
}

/** The longest turn of the loop while one hold is sealed, and all that it takes, ms. */
async function sealing() {
  const machine = machineCalled('server');
  const recipients = new Recipients().of(enrolment.approvers.values(), null);
  const found = { whole: [], turn: [] };
  for (let n = 0; n < 120; n += 1) {
    const hold = holdView();
    const text = JSON.stringify({ session: sessionView('s0'), hold });
    const place = { space: SPACE, machine: 'server', session: 's0', hold: hold.id };
    let [running, last, longest] = [true, performance.now(), 0];
    const look = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (running) setImmediate(look);
    };
    setImmediate(look);
    const since = performance.now();
    await holdEnvelope(place, hold, text, { machine, recipients });
    running = false;
    look();
    if (n >= 20) {
      found.whole.push(performance.now() - since);
      found.turn.push(longest);
    }
  }
  console.log(`sealing a hold to ${APPROVERS} approvers, ms: ${spread(found.whole)}`);
  console.log(`  longest turn of the loop meanwhile, ms: ${spread(found.turn)}`);
}

function logOf(count) {
  const file = join(folder, 'log.jsonl');
  let prev = '0'.repeat(64);
  const lines = [];
  for (let seq = 0; seq < count; seq += 1) {
    const call = {
      tool: 'write_file',
      arguments: { path: `/tmp/${seq}`, content: 'some words '.repeat(20) },
    };
    const line = JSON.stringify({ v: 1, seq, type: 'call', time: new Date().toISOString(), prev, ...call });
    prev = createHash('sha256').update(line).digest('hex');
    lines.push(`${line}\n`);
  }
  writeFileSync(file, lines.join(''));
  return file;
}

async function copying() {
  const relay = await connected('server');
  const log = new NatsLog(relay, team);
  const machine = machineCalled('server');
  const path = logOf(records);
  const recipients = new Recipients();
  const mb = statSync(path).size / 1e6;
  for (const auditors of [0, 2]) {
    const rates = [];
    for (let round = 0; round < 5; round += 1) {
      const subject = auditSubject(SPACE, 'server', `s${auditors}-${round}`);
      const to = recipients.of([...enrolment.approvers.values()].slice(0, auditors), null);
      const ports = { relay: log, machine, auditors: () => to };
      const since = performance.now();
      await new FileCopier(ports, path, { file: 'log.jsonl', subject }).copy();
      rates.push(records / ((performance.now() - since) / 1_000));
    }
    const [low, middle, high] = [Math.min(...rates), median(rates), Math.max(...rates)].map(Math.round);
    console.log(
      `copy of a log, ${records} records (${mb.toFixed(0)} MB), ${auditors} auditors: ${middle} records/s (${low} to ${high})`,
    );
  }
  await relay.close();
}

/** As many holds as that lie there, of many sessions, each for all approvers; then a terminal is opened. */
async function growth() {
  const relay = await connected('many');
  const machine = machineCalled('many');
  await trustAt(relay, machine).start();
  const recipients = new Recipients().of(enrolment.approvers.values(), null);
  let there = 0;
  for (const size of sizes) {
    while (there < size) {
      const some = Array.from({ length: Math.min(20, size - there) }, async () => {
        const hold = holdView();
        const session = `s${hold.call % SESSIONS}`;
        const place = { space: SPACE, machine: 'many', session, hold: hold.id };
        const text = JSON.stringify({ session: sessionView(session), hold });
        const value = await holdEnvelope(place, hold, text, { machine, recipients });
        await relay.put('holds', keyOf(place), Buffer.from(JSON.stringify(value)));
      });
      there += some.length;
      await Promise.all(some);
    }
    globalThis.gc?.();
    const before = process.memoryUsage();
    const far = await connected('desk');
    const { directory, onHold } = await directoryAt(far, 'desk');
    const since = performance.now();
    const seen = new Set();
    let [last, longest, running] = [performance.now(), 0, true];
    const look = () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (running) setImmediate(look);
    };
    look();
    await new Promise((done, failed) => {
      onHold((hold) => {
        seen.add(hold.id);
        if (seen.size === there) done();
      });
      directory.start().catch(failed);
    });
    running = false;
    const ms = performance.now() - since;
    globalThis.gc?.();
    const after = process.memoryUsage();
    const grown = (after.heapUsed - before.heapUsed + after.external - before.external) / 1_048_576;
    // One more, beside all those.
    const hold = holdView();
    const place = { space: SPACE, machine: 'many', session: 's0', hold: hold.id };
    const value = await holdEnvelope(place, hold, JSON.stringify({ session: sessionView('s0'), hold }), {
      machine,
      recipients,
    });
    const put = performance.now();
    await new Promise((done) => {
      onHold((view) => view.id === hold.id && done());
      relay.put('holds', keyOf(place), Buffer.from(JSON.stringify(value))).catch(console.error);
    });
    console.log(
      `${there} holds of ${Math.min(there, SESSIONS)} sessions, ${APPROVERS} approvers: all on the list after ${ms.toFixed(0)} ms (longest turn ${longest.toFixed(0)} ms), ${grown.toFixed(1)} MiB; one more after ${(performance.now() - put).toFixed(1)} ms; broker ${mib(broker.pid).toFixed(0)} MiB`,
    );
    await relay.remove('holds', keyOf(place));
    directory.stop();
    await far.close();
  }
  await relay.close();
}

const maker = await connected('maker');
await makeSpace(maker, SPACE, 1);
await maker.close();
await trips([first.name]);
await trips(null);
await sealing();
await copying();
await growth();
process.exit();
