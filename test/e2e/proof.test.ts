import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import { bare, initApprover, keyedIn, RENDERED, rawApprover, signerOf } from '../support/approver.ts';
import { verifyAudit } from '../support/audit.ts';
import { holdpoint, type Ran } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { FlippedBits } from '../support/flipped-bits.ts';
import { auditFiles, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { toolsProxy } from '../support/tools-server.ts';

/** A home whose log holds a real session with a signed approval and a later session that vouches for its end. */
async function provenHome(): Promise<{ home: string; file: string }> {
  const home = await enrolledHome({ approvals: { sign: 'required' } }, 'ada');
  const server = await toolsProxy({}, { home });
  server.proxy.call(1, 'write', { path: `${server.folder}/x.txt`, text: 'hi' });
  const peer = await rawApprover(home);
  const hold = await peer.hold();
  const made = signAnswer(
    {
      session: await peer.session,
      hold,
      verdict: bare(hold, { reason: 'looks right' }),
      keyed: keyedIn(home),
      confirmation: 'key',
      rendered: RENDERED,
      now: Date.now(),
    },
    await signerOf(home, 'ada'),
  );
  if ('refusal' in made) throw new Error(made.refusal);
  expect(await peer.say(made.verdict)).toMatchObject({ ok: true });
  await server.proxy.answer(1);
  await server.proxy.end();
  const file = auditFiles(home).find((name) => readFileSync(name, 'utf8').includes('"kind":"run"'))!;
  return { home, file };
}

/** What somebody does who may write the file and knows how it is chained. */
function rewritten(file: string, change: (line: string) => string | undefined): void {
  let prev = '0'.repeat(64);
  let seq = 0;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => change(line) ?? []);
  const chained = lines.map((line) => {
    const again = line.replace(/"seq":\d+/, `"seq":${seq}`).replace(/"prev":"\w+"/, `"prev":"${prev}"`);
    prev = createHash('sha256').update(again).digest('hex');
    seq += 1;
    return again;
  });
  writeFileSync(file, `${chained.join('\n')}\n`);
}

const whats = (home: string): string =>
  verifyAudit(join(home, 'audit'))
    .problems.map(({ kind, what }) => `${kind}: ${what}`)
    .join('\n');

describe('one command on a call that a person signed for', () => {
  it('says who authorised it, when, by which rule, what ran, and that it is proven', async () => {
    const { home } = await provenHome();
    const { stdout } = await holdpoint(home, ['audit', 'show', '1']);
    expect(stdout).toMatch(/Authorised by {3}ada \(key [0-9a-f]{32}\)/);
    expect(stdout).toMatch(
      /Proven {10}yes: ada signed exactly this call with the key [0-9a-f]{8} \(checked\)/,
    );
    expect(stdout).toMatch(/Effect {10}escalate by default/);
    expect(stdout).toMatch(/text: "hi"/);
    const json = JSON.parse((await holdpoint(home, ['audit', 'show', '1', '--json'])).stdout);
    expect(json.proofs).toEqual([{ name: 'ada', key: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    const verified: Ran = await holdpoint(home, ['audit', 'verify']);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('Every verdict that was signed (1)');
  });
});

describe('audit verify on a real signed session', () => {
  let home: string;
  let file: string;
  let whole: string;

  const fresh = async (): Promise<void> => {
    ({ home, file } = await provenHome());
    whole = readFileSync(file, 'utf8');
  };

  it(LONG ? 'finds every flipped bit' : 'finds a flipped bit in every byte', async () => {
    await fresh();
    // A command of later vouches for the session's end.
    await holdpoint(home, ['approver', 'init'], { CLAUDECODE: '1' });
    expect(verifyAudit(join(home, 'audit')).result).toBe('ok');
    const bytes = Buffer.from(whole);
    const missed: number[] = [];
    // Another one in each byte.
    const bits = LONG
      ? Array.from({ length: bytes.length * 8 }, (_, bit) => bit)
      : Array.from(bytes, (_, byte) => byte * 8 + (byte % 8));
    const flips = new FlippedBits(file);
    for (const bit of bits)
      if (flips.flipped(bit, () => verifyAudit(join(home, 'audit')).exitCode) < 2) missed.push(bit);
    flips.close();
    expect(readFileSync(file, 'utf8')).toBe(whole);
    expect(missed).toEqual([]);
  }, 900_000);

  it('finds a rewritten call, answer or name by the signature, though the chain was made anew', async () => {
    await fresh();
    const changes: [string, (line: string) => string][] = [
      ['another tool', (line) => line.replace('"tool":"write"', '"tool":"read"')],
      ['other bytes', (line) => line.replace(/("type":"decision".*"digest":")./, '$1x')],
      ['another call', (line) => line.replace(/("type":"decision".*"callDigest":")./, '$1x')],
      ['another rule', (line) => line.replace('"rule":"default"', '"rule":"escalate[0]"')],
      ['another policy', (line) => line.replace(/("type":"session".*"policy":\{[^}]*"digest":")./, '$1x')],
      ['another reason', (line) => line.replace('"reason":"looks right"', '"reason":"looks wrong"')],
      ['another person', (line) => line.replace('"by":{"name":"ada"', '"by":{"name":"bob"')],
      ['another view', (line) => line.replace('"rendered":{"digest":"0', '"rendered":{"digest":"1')],
    ];
    for (const [what, change] of changes) {
      writeFileSync(file, whole);
      rewritten(file, change);
      expect(readFileSync(file, 'utf8'), what).not.toBe(whole);
      expect(whats(home), what).toContain('tampered: The signature of this verdict proves nothing');
    }
  });

  it('finds a verdict without its signature, and a forward without its verdict', async () => {
    await fresh();
    rewritten(file, (line) => line.replace(/,"signature":\{.*\}\}$/, '}'));
    expect(whats(home)).toContain('its hold asked for 1 signed and 0 is recorded');
    writeFileSync(file, whole);
    rewritten(file, (line) => (line.includes('"type":"verdict"') ? undefined : line));
    expect(whats(home)).toContain('no approval of it is recorded');
    writeFileSync(file, whole);
    rewritten(file, (line) => line.replace('"verdict":"approve"', '"verdict":"reject"'));
    expect(whats(home)).toContain('was ended without an approval');
  });

  it('finds a list of approvers that was begun anew, or taken away, without a word in the log', async () => {
    await fresh();
    const list = join(home, 'state/approvers.json');
    rmSync(list);
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', {});
    await server.proxy.answer(1);
    await server.proxy.end();
    expect(whats(home)).toContain('tampered: It ran as if nobody were enrolled, though ada was');
    rmSync(join(home, 'keys'), { recursive: true });
    await initApprover(home, 'eve');
    expect(whats(home)).toMatch(/incomplete: eve \(key \w{8}\) began the list of approvers anew/);
  });

  it('finds a signature by a key whose enrolment was taken out of the log', async () => {
    await fresh();
    for (const name of auditFiles(home)) if (name !== file) rmSync(name);
    expect(whats(home)).toContain('it is by a key that this log never enrolled');
    expect(recordsOf(home, 'verdict')).toHaveLength(1);
  });
});
