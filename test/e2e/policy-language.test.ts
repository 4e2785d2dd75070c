import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneHold } from '../support/cli.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { ProxyProcess } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

describe('conditions in a running proxy', () => {
  it('decide by the arguments, and record what they could not evaluate', async () => {
    const { proxy, home, executed } = await toolsProxy({
      deny: [{ tool: 'srv/echo', when: 'args.amount > 5000', reason: 'Too much', id: 'much' }],
      allow: [{ tool: 'srv/echo', when: 'has(args.to) && args.to.matches("^[a-z]+@example[.]com$")' }],
    });
    proxy.call(1, 'echo', { amount: 9000, to: 'ada@example.com' });
    expect(await proxy.text(1)).toContain('Too much');
    proxy.call(2, 'echo', { amount: 10, to: 'ada@example.com' });
    expect(await proxy.text(2)).toContain('ada@example.com');
    proxy.call(3, 'echo', { to: 'ada@example.com' });
    await oneHold(home);
    expect(executed()).toEqual(['echo']);
    const [, , third] = recordsOf(home, 'decision');
    expect(third).toMatchObject({
      effect: 'escalate',
      rule: 'much',
      diagnostics: ['much: "when" cannot be evaluated: there is no args.amount'],
    });
  });

  it('work from a YAML policy too', async () => {
    const home = newHome();
    const text = `version: 1\ndeny:\n  - tool: "*/echo"\n    when: 'args.n > 1'\nallow:\n  - "*"\n`;
    writeFileSync(join(home, 'policy.yaml'), text, { mode: 0o600 });
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', { n: 1 });
    proxy.call(2, 'echo', { n: 2 });
    expect(await proxy.text(2)).toContain('Not executed');
    await proxy.answer(1);
    expect(executed()).toEqual(['echo']);
  });
});

describe('a policy with ten mistakes', () => {
  const text = `{
  "version": 2,
  "defualt": "deny",
  "deny": [
    { "tool": "stripe/create_refund", "when": "arg.amount > 5000" },
    { "tool": "stripe/create_refund", "when": "" },
    { "tool": "slack/post_*", "over": "20/fortnight" }
  ],
  "escalate": [
    { "tool": "fs/write_file", "when": "!under(args.path)" },
    { "tool": "a[b", "confirm": "shout" }
  ],
  "allow": [
    { "tool": "x/y", "client": "cursor" },
    { "tool": "x/z", "over": "5/hour" },
    { "tool": "x/q", "when": "args.s.matches('(')" }
  ]
}`;
  const said = [
    '2:14 version: This must be 1.',
    '3:3 defualt: The key "defualt" is not known. Did you mean "default"?',
    '5:48 deny[0].when: "arg" is not known here: known are args, input, server, tool, caller, risk, reversibility, annotations, now, client. Did you mean "args"?',
    '6:47 deny[1].when: An empty condition would be no condition',
    '7:39 deny[2].over: "20/fortnight" is not a limit such as "20/hour"',
    "10:42 escalate[0].when: There is no matching overload for 'under(dyn)'",
    '11:15 escalate[1].tool: The pattern holds "["',
    '11:33 escalate[1].confirm: This must be "key" or "type" or "passphrase".',
    '14:32 allow[0].client: A client names itself, so it cannot be a reason to allow.',
    '15:30 allow[1].over: A limit in allow would allow what goes beyond it.',
    '16:46 allow[2].when: This is no RE2 pattern: missing closing )',
  ];

  it('stops the start with exit 3 and a sentence for each where the client shows it', async () => {
    const home = newHome();
    const file = join(home, 'policy.json');
    writeFileSync(file, text, { mode: 0o600 });
    const log = join(newFolder(), 'log');
    const proxy = new ProxyProcess({
      home,
      server: [process.execPath, '-e', 'setTimeout(() => {}, 1e5)', log],
    });
    proxy.call(1, 'echo');
    expect(await proxy.exit).toBe(3);
    for (const one of said) expect(proxy.stderr).toContain(`${file}:${one}`);
    const answer = await proxy.answer(1);
    expect(answer.result?.content?.[0]?.text ?? answer.error?.message).toContain('11 problems');
  });
});
