import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type BypassCase, bypassCases, caseBytes, laxServer } from '../support/bypass-corpus.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { ProxyProcess } from '../support/proxy-process.ts';

const cases = bypassCases();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const SERVERS: [string, string[], boolean][] = [
  ['a plain Node server', [process.execPath, laxServer('node-server.mjs')], true],
  ['a plain Python server', ['python3', laxServer('python-server.py')], hasPython],
  ['the laxest server', ['python3', laxServer('lax-server.py')], hasPython],
];
const AT_ONCE = 4;

interface Result {
  executed: string[];
  decided: string[];
}

const AFTER =
  '{"jsonrpc":"2.0","id":"after","method":"tools/call","params":{"name":"echo","arguments":{"after":1}}}';

/** Sends a case and then a plain call: whatever the case did, that call is still decided and answered. */
async function send(one: BypassCase, server: string[], policy: object): Promise<Result> {
  const home = newHome(policy);
  const log = join(newFolder(), 'exec');
  const proxy = new ProxyProcess({ home, server: ['env', `EXEC_LOG=${log}`, ...server], readStderr: false });
  proxy.write(caseBytes(one));
  await sleep(30);
  proxy.write(`\n${AFTER}\n`);
  await proxy.answer('after', 20_000);
  proxy.child.stdin?.end();
  await proxy.exit;
  const executed = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) : [];
  return {
    executed: executed
      .filter((line) => !line.includes('"after"'))
      .map((line) => (JSON.parse(line) as { name: string }).name),
    decided: recordsOf(home, 'decision').map((record) => String(record['tool'])),
  };
}

/** Every case, some at a time; gives back what `judge` objects to. */
async function all(
  server: string[],
  policy: object,
  judge: (one: BypassCase, result: Result) => string | undefined,
) {
  const left = [...cases];
  const objections: string[] = [];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const objection = judge(one, await send(one, server, policy));
      if (objection !== undefined) objections.push(`${one.id} ${one.name}: ${objection}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return objections;
}

describe.skipIf(cases.length === 0).each(SERVERS)(
  'the bypass corpus in front of %s',
  (_, server, available) => {
    it.skipIf(!available)(
      'makes it execute nothing under a policy that denies everything',
      async () => {
        const objections = await all(server, { deny: ['*'] }, (_case, { executed }) =>
          executed.length > 0 ? `executed ${executed}` : undefined,
        );
        expect(objections).toEqual([]);
      },
      180_000,
    );

    it.skipIf(!available)(
      'makes it execute only what was decided, and all that should be',
      async () => {
        const objections = await all(server, { allow: ['*'] }, (one, { executed, decided }) => {
          const undecided = executed.filter((name) => !decided.includes(name));
          if (undecided.length > 0) return `executed ${undecided} undecided`;
          const { outcome, also_ok = [], calls } = one.expected;
          const mustRun = outcome === 'gate' && !also_ok.includes('reject') && !also_ok.includes('drop');
          const wanted = calls.map((call) => call.name);
          return mustRun && executed.join() !== wanted.join()
            ? `executed ${executed}, not ${wanted}`
            : undefined;
        });
        expect(objections).toEqual([]);
      },
      180_000,
    );
  },
);
