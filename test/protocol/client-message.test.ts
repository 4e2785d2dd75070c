import { describe, expect, it } from 'vitest';
import { errorLine, keepAliveLine, refusalLine } from '../../src/protocol/answers.ts';
import { readClientLine } from '../../src/protocol/client-message.ts';
import type { CallMessage } from '../../src/protocol/gated/tools-call.ts';
import { LineSplitter } from '../../src/protocol/line-splitter.ts';
import * as refusals from '../../src/protocol/refusals.ts';

const read = (text: string | Uint8Array) =>
  readClientLine(typeof text === 'string' ? Buffer.from(text) : text);
const call = (params: string, id = '1'): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;

describe("a client's line", () => {
  it.for([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', { kind: 'request', method: 'ping' }],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', { kind: 'notification' }],
    ['{"jsonrpc":"2.0","id":"a","result":{}}', { kind: 'response', id: { key: 's:a' } }],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}', { kind: 'response' }],
    [' \t\r', { kind: 'blank' }],
    ['', { kind: 'blank' }],
    [call('{"name":"t"}'), { kind: 'call', tool: 't', arguments: undefined, modern: false }],
    [call('{"name":"t","arguments":null}'), { kind: 'call', arguments: { text: 'null' } }],
    [
      call('{"name":"t","arguments":{"n":1.0 }}', '""'),
      { kind: 'call', arguments: { text: '{"n":1.0 }' }, id: { key: 's:' } },
    ],
    [call('{"name":"t","_meta":{"progressToken":0}}'), { kind: 'call', progressToken: '0' }],
    [call('{"name":"t","_meta":{"progressToken":{"a":1}}}'), { kind: 'call', progressToken: undefined }],
    [
      call('{"name":"t","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}'),
      { kind: 'call', modern: true },
    ],
    [
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"r"}}',
      { cancels: { id: { key: 'n:7' }, reason: 'r' } },
    ],
    [
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
      { kind: 'notification', cancels: undefined },
    ],
    [
      '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"clientInfo":{"name":"n","version":"v"}}}',
      { kind: 'request', client: { name: 'n', version: 'v' } },
    ],
  ] as const)('%s is read as what it is', ([text, wanted]) => {
    expect(read(text)).toMatchObject(wanted);
  });

  it.for([
    ['[]', 'batch'],
    ['"x"', 'not-an-object'],
    ['{"id":1,"method":"ping"}', 'bad-version'],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 'bad-id'],
    ['{"jsonrpc":"2.0","id":1.0,"method":"ping"}', 'bad-id'],
    ['{"jsonrpc":"2.0","id":1e400,"method":"ping"}', 'bad-id'],
    [`{"jsonrpc":"2.0","id":"${'x'.repeat(2000)}","method":"ping"}`, 'bad-id'],
    ['{"jsonrpc":"2.0","id":1,"method":5}', 'bad-method'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', 'hybrid'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', 'not-a-message'],
    ['{"jsonrpc":"2.0","result":{}}', 'not-a-message'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}', 'unknown-key'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","Method":"x"}', 'look-alike-key'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","method\\u0000":"x"}', 'look-alike-key'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}', 'look-alike-key'],
    ['{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{"name":"t"}}', 'look-alike-method'],
    ['{"jsonrpc":"2.0","id":1,"method":"tools\\\\call","params":{"name":"t"}}', 'look-alike-method'],
    ['{"jsonrpc":"2.0","id":1,"method":"\uff54ools/call","params":{"name":"t"}}', 'look-alike-method'],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/\u200bcall","params":{"name":"t"}}', 'look-alike-method'],
    ['{"jsonrpc":"2.0","method":"tools/call","params":{"name":"t"}}', 'call-without-id'],
    [call('[]'), 'bad-params'],
    [call('{"name":["t"]}'), 'bad-tool-name'],
    [call('{}'), 'bad-tool-name'],
    [call('{"name":"t","arguments":[]}'), 'bad-arguments'],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call\\u0000x","params":{"name":"t"}}', 'look-alike-method'],
    ['{"jsonrpc":"2.0","id":1,"method":"tools%2fcall","params":{"name":"t"}}', 'look-alike-method'],
    [call('{"name":"t","Name":"u"}'), 'look-alike-key'],
    [call('{"name":"t","name\\u0000x":"u"}'), 'look-alike-key'],
    [call('{"name":"t","input_responses":{}}'), 'look-alike-key'],
    [call('{"name":"t","\u0130nputResponses":{}}'), 'look-alike-key'],
    [call('{"name":"t","meta":{}}'), 'look-alike-key'],
    [call('{"name":"t","_meta":{"ProgressToken":1}}'), 'look-alike-key'],
    [call('{"name":"t","task":{"TTL":1}}'), 'look-alike-key'],
    [call('{"name":"t","arguments":{"a":1,"a":2}}'), 'duplicate-key'],
    ['{"jsonrpc":"2.0",\r"id":1,"method":"ping"}', 'bare-cr'],
  ] as const)('%s is refused: %s', ([text, cause]) => {
    expect(read(text)).toMatchObject({ kind: 'refused', cause });
  });

  it.for([
    [call('{"name":"t","arguments":{"a":1,"a":2}}', '7'), '7'],
    [call('{"name":"t"', '"\\u0061"'), '"\\u0061"'],
    [`${call('{"name":"t"}', '7')} x`, '7'],
    [call('[]', '-0'), '-0'],
    ['{"jsonrpc":"2.0","id":7,"method":5}', '7'],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","id":8}', undefined],
    ['{"jsonrpc":"2.0","id":[7],"method":"ping"}', undefined],
    ['{"params":{"id":7},', undefined],
    ['junk', undefined],
  ] as const)('%s is refused by its id %s', ([text, id]) => {
    const refused = read(text) as { kind: string; id?: { text: string } };
    expect([refused.kind, refused.id?.text]).toEqual(['refused', id]);
  });

  it('that begins with a byte order mark is refused by that name, whatever follows it', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const utf8 = 'it begins with a byte order mark (BOM), which JSON must not (at byte 1).';
    for (const line of [`\ufeff${text}`, '\ufeff', `\ufeff ${text}`])
      expect(read(line)).toMatchObject({
        kind: 'refused',
        cause: 'not-json',
        message: `The line is not one clean JSON value: ${utf8}`,
      });
    const utf16 = {
      kind: 'refused',
      cause: 'invalid-utf8',
      message: expect.stringContaining('BOM') as string,
    };
    expect(read(Buffer.from(`\ufeff${text}`, 'utf16le'))).toMatchObject(utf16);
    expect(read(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toMatchObject(utf16);
  });

  it('that is not valid UTF-8 is refused', () => {
    expect(read(Buffer.from([0x22, 0xc0, 0xaf, 0x22]))).toMatchObject({
      kind: 'refused',
      cause: 'invalid-utf8',
    });
  });

  it('may have any keys and case variants in the arguments: they are data there', () => {
    expect(
      read(call('{"name":"t","arguments":{"a":1,"A":2,"method":"x","Arguments":{},"__proto__":1}}')).kind,
    ).toBe('call');
  });

  it('is answered only where somebody awaits an answer', () => {
    const answered = (text: string) => (read(text) as { answered?: boolean }).answered;
    expect(answered('{"jsonrpc":"2.0","method":"tools/call","params":{}}')).toBe(false);
    expect(answered('{"jsonrpc":"2.0","id":1,"method":5}')).toBe(true);
    expect(answered('junk')).toBe(true);
  });
});

describe('answers of ours', () => {
  it('echo the id as it was spelled', () => {
    const { id } = read(call('{"name":"t"}', '9007199254740993')) as CallMessage;
    expect(refusalLine({ id, modern: false, task: false }, refusals.denied('r', 'x'))).toContain(
      '"id":9007199254740993,',
    );
    expect(errorLine(undefined, { code: -32700, message: 'x' })).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}\n',
    );
  });

  it('carry text from outside escaped, one line each', () => {
    const line = refusalLine(
      { id: { key: 'n:1', text: '1' }, modern: true, task: false },
      refusals.denied('r', 'a\n\u001b[2Jb'),
    );
    expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f]/);
    expect(JSON.parse(line).result.content[0].text).toContain('Reason: a\\n\\u{001b}[2Jb.');
    expect(JSON.parse(line).result).not.toHaveProperty('structuredContent');
  });

  it('say that nothing was executed, whatever the cause', () => {
    const all = [
      refusals.denied('r', ''),
      refusals.rejected('h', undefined),
      refusals.waiting('h', { argumentsText: '{}' }),
      refusals.waiting('h', { argumentsText: '{}', edited: { by: 'ada' } }),
      refusals.expired('h', '5 s'),
      refusals.noApprover(),
      refusals.coolingDown(3, 'no'),
      refusals.flooded(3),
      refusals.auditUnwritable('x'),
      refusals.policyInvalid('x'),
      refusals.serverGone(),
      refusals.sessionEnded(),
      refusals.faulted('x'),
    ];
    for (const { text, detail } of all) {
      expect(text).toMatch(/^Not executed\./);
      expect(detail.executed).toBe(false);
    }
  });

  it('keep a client alive with values that rise from just above -1 and never reach 0', () => {
    const steps = [1, 2, 3, 100, 10_000, 1_000_000, 1_000_001];
    const values = steps.map((n) => JSON.parse(keepAliveLine('0', n, 'm')).params.progress as number);
    expect(values[0]).toBeCloseTo(-0.9999, 6);
    for (const [i, value] of values.entries()) {
      expect(value).toBeGreaterThan(values[i - 1] ?? -1);
      expect(value).toBeLessThan(0);
    }
  });
});

describe('the line splitter', () => {
  it('cuts the same lines however the bytes come', () => {
    const text = 'one\n\ntwo\r\nthrée \u{1f680}\nrest';
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const splitter = new LineSplitter(1000);
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        for (const line of splitter.push(bytes.subarray(at, at + size)))
          lines.push(Buffer.from(line as Uint8Array).toString());
      }
      expect(lines).toEqual(['one\n', '\n', 'two\r\n', 'thrée \u{1f680}\n']);
      expect(splitter.pending).toBe(4);
    }
  });

  it('drops an overlong line whole: its tail is never a line of its own', () => {
    const splitter = new LineSplitter(10);
    expect(splitter.push(Buffer.from('0123456789abc'))).toEqual([]);
    expect(splitter.push(Buffer.from('{"evil":1}'))).toEqual([]);
    expect(splitter.push(Buffer.from('\nok\n'))).toEqual([{ overlong: 24 }, Buffer.from('ok\n')]);
  });
});
