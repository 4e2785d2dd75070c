import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { previousTip } from '../../../src/audit/log/previous-tip.ts';
import { rawJson } from '../../../src/audit/log/raw-json.ts';
import { registerAudit } from '../../../src/cli/audit/audit.ts';
import { cells } from '../../../src/text/cells.ts';
import { zonedTime } from '../../../src/text/time.ts';
import { decision, journalIn, linesOf, newHome, start, stop, wholeSession } from '../../audit/samples.ts';

const FIRST = '20261122-104301-aaaaa';
/** When its calls were sent: in this machine's time, and how far that is from UTC. */
const SENT = zonedTime('2026-11-22T10:43:01.000Z').replace('+', '\\+');
const HOSTILE = '\u001b[2J\u202etxt.exe\u009b31m\r\nrm -rf';
const DRIVES = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u;

let home: string;
let folder: string;
beforeEach(() => {
  home = newHome();
  folder = join(home, 'audit');
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

interface Output {
  out: string;
  err: string;
  exitCode: typeof process.exitCode;
}

async function audit(...args: string[]): Promise<Output> {
  const output: Output = { out: '', err: '', exitCode: undefined };
  const take = (key: 'out' | 'err') => (text: string | Uint8Array) => {
    output[key] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(take('err'));
  const program = new Command('holdpoint').exitOverride();
  registerAudit(program);
  process.exitCode = 0;
  await program.parseAsync(['node', 'holdpoint', 'audit', ...args, '--home', home]);
  output.exitCode = process.exitCode;
  vi.restoreAllMocks();
  return output;
}

/** What `work` prints to a terminal of so many columns. */
async function atTerminal<T>(columns: number, work: () => Promise<T>): Promise<T> {
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  Object.assign(process.stdout, { isTTY: true, columns });
  try {
    return await work();
  } finally {
    Object.assign(process.stdout, before);
  }
}

function hostileSession(): void {
  const journal = journalIn(folder, { session: FIRST });
  const hold = 'abcde';
  const by = { name: HOSTILE, method: HOSTILE, tier: 0, chain: [HOSTILE] };
  journal.stage(start({ server: HOSTILE, policy: { file: HOSTILE, digest: HOSTILE, mode: HOSTILE } }));
  const text = {
    server: HOSTILE,
    tool: HOSTILE,
    rule: HOSTILE,
    reason: HOSTILE,
    diagnostics: [HOSTILE],
    arguments: rawJson(JSON.stringify({ [HOSTILE]: HOSTILE })),
  };
  journal.stage(
    decision(1, {
      ...text,
      caller: { client: HOSTILE, claimed: true },
      effect: 'escalate',
      about: { risk: HOSTILE as never },
    }),
  );
  journal.stage({ type: 'hold', call: 1, hold, event: 'opened' });
  journal.stage({
    type: 'verdict',
    call: 1,
    hold,
    verdict: 'approve',
    by,
    reason: HOSTILE,
    rendered: HOSTILE,
  });
  journal.stage({ type: 'forward', call: 1, hold });
  journal.stage({ type: 'refusal', cause: HOSTILE, digest: 'd', bytes: 1 });
  journal.stage({ type: 'fault', cause: HOSTILE, what: HOSTILE });
  journal.stage({ type: 'pin', event: HOSTILE });
  journal.close();
}

describe('audit stats', () => {
  it('says that nothing was counted where nothing is recorded, and has its JSON all the same', async () => {
    expect((await audit('stats')).out).toMatch(/^No call to count is recorded in /);
    expect(JSON.parse((await audit('stats', '--json')).out)).toMatchObject({ calls: 0, medianWaitMs: null });
  });

  it('counts the denials of a flood, as far as the filter can know them', async () => {
    const journal = journalIn(folder, { session: FIRST });
    const flood = {
      type: 'refusal',
      cause: 'denied:deny[0]',
      digest: 'd'.repeat(64),
      bytes: 9,
      count: 80,
    } as const;
    for (const entry of [start({ server: 'files' }), decision(1, { effect: 'deny' }), flood, stop])
      journal.stage(entry);
    journal.close();
    const denials = async (...args: string[]): Promise<number> =>
      JSON.parse((await audit('stats', '--json', ...args)).out).effects.deny;
    expect(await denials()).toBe(81);
    expect(await denials('--server', 'files', '--effect', 'deny')).toBe(81);
    expect(await denials('--server', 'other')).toBe(0);
    expect(await denials('--tool', 'write_*')).toBe(1);
    expect(await denials('--effect', 'allow')).toBe(0);
  });
});

describe('audit list', () => {
  it('says in one sentence that nothing is recorded yet, exit 0', async () => {
    expect(await audit('list')).toEqual({
      out: `No call is recorded in ${folder} yet.\n`,
      err: '',
      exitCode: 0,
    });
    expect((await audit('list', '--json')).out).toBe('[\n]\n');
  });

  it('shows who did what in aligned columns, each call in a line of its own where a program reads', async () => {
    wholeSession(folder, FIRST);
    const lines = (await audit('list')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^TIME +CALL +SERVER\/TOOL +WHAT HAPPENED +OUTCOME +RULE$/);
    expect(lines[1]).toMatch(/aaaaa\/1 +files\/write\S* +allowed +ok +allow\[0\]$/);
    expect(lines[2]).toMatch(/denied +- +deny\[0\]$/);
    expect(lines[3]).toMatch(/approved by os-user .* ok +escalate/);
    const column = lines[0]!.indexOf('WHAT');
    expect(lines.slice(1).every((line) => line[column - 1] === ' ' && line[column] !== ' ')).toBe(true);
  });

  it('shows the same on a terminal in as many cells as it has, and cuts nothing', async () => {
    wholeSession(folder, FIRST);
    const whole = (await audit('list')).out;
    for (const columns of [80, 60]) {
      const lines = (await atTerminal(columns, () => audit('list'))).out.trimEnd().split('\n');
      expect(lines.filter((line) => cells(line) > columns)).toEqual([]);
      const letters = (text: string): string => [...text.replace(/\s/g, '')].sort().join('');
      expect(letters(lines.join(''))).toBe(letters(whole));
    }
  });

  it('shows the newest -n calls and says how many there are', async () => {
    wholeSession(folder, FIRST);
    const { out } = await audit('list', '-n', '1');
    expect(out).toContain('aaaaa/3');
    expect(out).not.toContain('aaaaa/2');
    expect(out).toContain('(the newest 1 of 3; more with -n)');
  });

  it('prints calls as JSON with numbers as their source text', async () => {
    wholeSession(folder, FIRST);
    const { out } = await audit('list', '--json', '--verdict', 'approve');
    expect(out).toContain('"size":9007199254740993');
    const [call] = JSON.parse(out);
    expect(Object.keys(call)).toEqual(
      'session call time server tool arguments caller effect rule reason digest callDigest forwarded hold verdict by waitMs outcome durationMs'.split(
        ' ',
      ),
    );
  });

  it('filters, and says so when nothing is left', async () => {
    wholeSession(folder, FIRST);
    expect((await audit('list', '--tool', 'drop_*', '--since', '2020-01-01')).out).toContain('drop_table');
    expect((await audit('list', '--server', 'nobody')).out).toBe(
      `No such call is recorded in ${folder} yet.\n`,
    );
    expect((await audit('list', '--since', '2999-01-01')).out).toMatch(/^No such call/);
  });

  it.for([
    [['--since', 'yesterday'], /^--since cannot be read: "yesterday"\. Give a time like .*15m, 2h, 7d\.$/],
    [['--since', ''], /--since cannot be read/],
    [['--effect', 'permit'], /^--effect is "permit"\. Give one of allow, deny, escalate\.$/],
    [['--verdict', 'deny'], /^--verdict is "deny"/],
    [['-n', '0'], /^-n is "0"\. Give a whole number from 1\.$/],
    [['-n', '1e3'], /^-n is "1e3"/],
  ] as const)('refuses %j in one sentence, exit 2', async ([args, message]) => {
    await expect(audit('list', ...args)).rejects.toMatchObject({
      name: 'PlainError',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('warns of damaged lines on stderr and shows the rest', async () => {
    appendFileSync(wholeSession(folder, FIRST), 'garbage\n'.repeat(8));
    const { out, err } = await audit('list');
    expect(out).toContain('aaaaa/3');
    expect(err.trimEnd().split('\n')).toHaveLength(6);
    expect(err).toContain('3 more like these');
  });
});

describe('audit show', () => {
  it('answers who authorised it, when, by which rule, what ran, and whether that is proven', async () => {
    wholeSession(folder, FIRST);
    const { out } = await audit('show', 'abcde');
    for (const line of [
      /^Call +20261122-104301-aaaaa\/3$/m,
      /^Tool +files\/write_file$/m,
      /^What happened +approved by os-user after 12s$/m,
      /^Authorised by +os-user \(unverified\), by watch$/m,
      /^Proven +no: tier 0, any program of the same OS user could have done it$/m,
      /^Asked by +ci$/m,
      /^Effect +escalate by escalate\[0\]$/m,
      new RegExp(`^Verdict +approve at ${SENT}, hold abcde$`, 'm'),
      new RegExp(`^Sent to server +${SENT}$`, 'm'),
      /^Outcome +ok after 12ms$/m,
      /^Arguments +path: "\/tmp\/a"\n +size: 9007199254740993$/m,
      /^Call digest +e{64}$/m,
      /^Policy +built in, mode enforce, digest e3b0c442/m,
    ]) {
      expect(out).toMatch(line);
    }
  });

  it('says that nobody authorised what was denied, and that a policy allowed what it allowed', async () => {
    wholeSession(folder, FIRST);
    expect((await audit('show', '2')).out).toMatch(/^Authorised by +nobody: it was not sent to the server$/m);
    expect((await audit('show', '1')).out).toMatch(/^Authorised by +no person: the policy allowed it$/m);
  });

  it('prints the call and its records, unchanged, as JSON', async () => {
    const file = wholeSession(folder, FIRST);
    const { out } = await audit('show', '3', '--json');
    const value = JSON.parse(out);
    expect(value.call.verdict).toBe('approve');
    expect(value.records).toHaveLength(5);
    expect(out).toContain(linesOf(file)[4]!);
  });

  it('refuses an unknown call in one sentence', async () => {
    await expect(audit('show', 'nope')).rejects.toThrow(/^No call nope is in the audit log/);
  });
});

describe('text from outside', () => {
  it.for([['list'], ['show', '1'], ['tail', '--no-follow'], ['verify']])(
    'never drives the terminal in the human output of audit %s',
    async (args) => {
      hostileSession();
      const { out, err } = await audit(...args);
      expect(`${out}${err}`).not.toMatch(DRIVES);
      if (args[0] !== 'verify') expect(out).toContain('\\u{001b}[2J');
    },
  );

  it.for([['list'], ['show', '1'], ['tail', '--no-follow']])(
    'never drives the terminal in the JSON output of audit %s',
    async (args) => {
      hostileSession();
      const { out } = await audit(...args, '--json');
      expect(out).not.toMatch(DRIVES);
      expect(out).toContain('\\u001b[2J\\u202e');
    },
  );

  it('cannot hide in the name of a file', async () => {
    wholeSession(folder, FIRST);
    mkdirSync(join(folder, 'x\u001b[2J'));
    symlinkSync('/dev/null', join(folder, '2026-11', 'y\u202e.jsonl'));
    for (const args of [['verify'], ['verify', '--json']])
      expect((await audit(...args)).out).not.toMatch(DRIVES);
  });
});

describe('audit verify', () => {
  it('says that there was nothing to check, exit 0', async () => {
    const { out, exitCode } = await audit('verify');
    expect([out, exitCode]).toEqual([
      `Nothing is recorded in ${folder} yet, so there was nothing to check.\n`,
      0,
    ]);
  });

  it('of a whole log exits 0, and says what it checked and what it did not', async () => {
    wholeSession(folder, FIRST);
    wholeSession(folder, '20261122-104302-bbbbb', previousTip(folder, '20261122-104302-bbbbb'));
    const { out, exitCode } = await audit('verify');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^OK, as far as it can be checked/);
    expect(out).toMatch(/\nChecked:\n {2}Every line \(files: 2, records: 20\)/);
    expect(out).toMatch(/\nNot checked:\n {2}Whether somebody rewrote whole files/);
  });

  it('of an incomplete log exits 1, naming the call', async () => {
    const journal = journalIn(folder, { session: FIRST });
    for (const entry of [start(), decision(1), stop]) journal.stage(entry);
    journal.close();
    const { out, exitCode } = await audit('verify');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^INCOMPLETE/);
    expect(out).toContain(`${FIRST}/1`);
  });

  it('of a tampered log exits 5, naming file and line', async () => {
    const file = wholeSession(folder, FIRST);
    writeFileSync(file, `${linesOf(file).toSpliced(3, 1).join('\n')}\n`);
    const { out, exitCode } = await audit('verify');
    expect(exitCode).toBe(5);
    expect(out).toContain(`tampered: 2026-11/${FIRST}.jsonl, line 4: Its seq is 4 and should be 3`);
    expect(JSON.parse((await audit('verify', '--json')).out)).toMatchObject({
      result: 'tampered',
      exitCode: 5,
    });
  });

  it('of an unreadable log exits 3', async () => {
    writeFileSync(folder, '');
    const { out, exitCode } = await audit('verify');
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^UNREADABLE/);
  });
});

describe('audit export', () => {
  it('prints one JSON array with numbers as their source text', async () => {
    wholeSession(folder, FIRST);
    const { out, exitCode } = await audit('export', '--format', 'json');
    expect(JSON.parse(out)).toHaveLength(10);
    expect(out).toContain('9007199254740993');
    expect(exitCode).toBe(0);
  });

  it('that had to leave something out says so and exits 1', async () => {
    appendFileSync(wholeSession(folder, FIRST), 'garbage\n');
    const { err, exitCode } = await audit('export');
    expect(err).toMatch(/Line 11 of .* was skipped: it is not JSON\./);
    expect(exitCode).toBe(1);
  });

  it('refuses a format that it does not know, exit 2', async () => {
    await expect(audit('export', '--format', 'csv')).rejects.toMatchObject({
      name: 'PlainError',
      exitCode: 2,
    });
  });
});

describe('audit tail', () => {
  it('says that nothing is recorded yet, exit 0', async () => {
    expect((await audit('tail', '--no-follow')).out).toBe(`Nothing is recorded in ${folder} yet.\n`);
  });

  it('prints the last ten events in words', async () => {
    wholeSession(folder, FIRST);
    const lines = (await audit('tail', '--no-follow')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[1]).toMatch(
      /aaaaa\/1 +files\/write_file +allowed by allow\[0\]: files\/write_file is allowed$/,
    );
    expect(lines[6]).toMatch(/approved by os-user after 12s$/);
    expect(lines[9]).toMatch(/run stopped: client closed$/);
  });
});

describe('the command line', () => {
  it('has --home on every command and refuses unknown options as usage', async () => {
    for (const args of [['list'], ['tail', '--no-follow'], ['verify'], ['export']]) await audit(...args);
    await expect(audit('list', '--nope')).rejects.toBeInstanceOf(CommanderError);
  });
});
