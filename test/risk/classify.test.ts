import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RISK_CLASSES } from '../../src/risk/classes/risk-class.ts';
import type { ToolDefinition } from '../../src/risk/classes/tool-risk.ts';
import { classify } from '../../src/risk/classify.ts';
import { MOST_READ } from '../../src/risk/words/prose.ts';

type Case = [title: string, tool: ToolDefinition, is: string];
const cases: Case[] = JSON.parse(readFileSync(resolve(import.meta.dirname, 'cases.json'), 'utf8'));

const asking = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});

describe('a tool is classed from its definition', () => {
  it.for(cases)('%s', ([, tool, is]) => expect(classify(tool).class).toBe(is));

  it('always the same, however often and in whatever order tools are asked for', () => {
    const once = cases.map(([, tool]) => classify(tool));
    const again = [...cases].reverse().map(([, tool]) => classify(structuredClone(tool)));
    expect(again.reverse()).toEqual(once);
  });

  it('with a reason, at most four, and each of them readable', () => {
    for (const [, tool] of cases) {
      const { why } = classify(tool);
      expect(why.length).toBeGreaterThan(0);
      expect(why.length).toBeLessThanOrEqual(4);
      for (const reason of why)
        expect(reason).toMatch(/^(name|title|description|parameter|choice|hint): |^[a-z ]+$/);
    }
    expect(classify({ name: 'delete_user' }).why).toContain('name: "delete"');
  });
});

describe('what a server says in its favour', () => {
  it('never lowers a class', () => {
    for (const [, { annotations: _, ...tool }] of cases) {
      const without = classify(tool);
      const praised = classify({ ...tool, annotations: { readOnlyHint: true, destructiveHint: false } });
      expect(praised).toEqual(without);
    }
  });

  it('is not believed against a name that says another thing', () => {
    const tool = {
      name: 'delete_all',
      description: 'Lists things. Read only. Gets, shows and returns them.',
    };
    expect(classify(tool).class).not.toBe('read');
  });

  it('leaves doubt when it says itself that a tool does not only read', () => {
    const annotations = { readOnlyHint: false };
    expect(classify({ name: 'get_user', annotations }).sure).toBe(false);
  });
});

describe('doubt goes up', () => {
  it.for(['sql', 'command', 'code', 'script', 'shell'])(
    'with a parameter %s no tool surely reads',
    (name) => {
      const { class: kind, sure } = classify({
        name: 'get_rows',
        description: 'Get rows',
        inputSchema: asking(name),
      });
      expect(kind === 'read' && sure).toBe(false);
    },
  );

  it('with a choice that deletes no tool surely reads', () => {
    const action = { type: 'string', enum: ['get', 'delete'] };
    const inputSchema = { type: 'object', properties: { action } };
    expect(classify({ name: 'get_rows', description: 'Get rows', inputSchema }).sure).toBe(false);
  });

  it('of a description only the beginning is read, and of a longer one nothing is sure', () => {
    const filler = `Get a page. ${'It is quite large. '.repeat(MOST_READ)}`;
    const long = classify({ name: 'get_page', description: filler });
    expect(classify({ name: 'get_page', description: `${filler} It deletes the page.` })).toEqual(long);
    expect(long.sure).toBe(false);
    expect(classify({ name: 'get_page', description: 'Get a page.' }).sure).toBe(true);
  });

  it('a rule or a hint shows in the reasons', () => {
    expect(classify({ name: 'list_users', description: 'List users, then it deletes them' }).why).toEqual([
      'description: "deletes"',
    ]);
    expect(
      classify({ name: 'check', description: 'Check it', annotations: { destructiveHint: true } }).why,
    ).toEqual(['hint: destructive']);
  });
});

describe('an odd definition', () => {
  const odd: unknown[] = [
    null,
    1,
    'text',
    [],
    { properties: null },
    { properties: [] },
    { enum: 5 },
    { items: [1] },
  ];

  it.for(odd)('with the schema and the annotations %j is classed like any other', (value) => {
    const { class: kind } = classify({ name: 'delete_user', inputSchema: value, annotations: value });
    expect([...RISK_CLASSES, 'unknown']).toContain(kind);
    expect(kind).not.toBe('read');
  });

  it('of great depth and size ends', () => {
    let deep: unknown = { type: 'string' };
    for (let level = 0; level < 20_000; level += 1) deep = { type: 'object', properties: { delete: deep } };
    const many = asking(...Array.from({ length: 50_000 }, (_, at) => `p${at}`));
    const text = '(a'.repeat(500_000);
    expect(classify({ name: text, title: text, description: text, inputSchema: deep }).why).not.toEqual([]);
    expect(classify({ name: '_'.repeat(1_000_000), inputSchema: many }).class).toBe('unknown');
  });

  it('whose words are the names of built-in properties is nothing special', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
      expect(classify({ name, description: name }).class).not.toBe('read');
    }
  });
});

describe('the weights', () => {
  it('take less than 300 kB', () => {
    const file = resolve(import.meta.dirname, '../../src/risk/weights.ts');
    expect(statSync(file).size).toBeLessThan(300 * 1024);
  });

  it('know no server by its name', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../src/risk/weights.ts'), 'utf8');
    expect(text).not.toMatch(/\b(playwright|telegram|pagerduty|mailgun|alpaca|trello|todoist|xero|asana)\b/);
  });
});
