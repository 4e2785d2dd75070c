import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Decimal, decimalOf, minus, plus, ZERO } from '../../../src/policy/decide/decimal.ts';

interface Line {
  type: string;
  time: string;
  call?: number;
  counted?: { item: string; amount: string }[];
  verdict?: string;
  event?: string;
}

/** What a limit has used up behind `since`, said in the plainest words: every record of every file, in order. */
export function spentByAll(folder: string, item: string, since: number): Decimal {
  let total = ZERO;
  for (const month of readdirSync(folder).sort()) {
    const open = new Map<string, { time: number; amount: Decimal }>();
    for (const base of readdirSync(join(folder, month)).sort(inOrder)) {
      const session = base.split('.')[0];
      const text = readFileSync(join(folder, month, base), 'utf8');
      for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
        if (line === '') continue;
        const record = JSON.parse(line) as Line;
        const call = `${session}#${record.call}`;
        const uses = (record.counted ?? []).filter((one) => one.item === item);
        const amount = uses.reduce((sum, one) => plus(sum, decimalOf(one.amount) ?? ZERO), ZERO);
        const time = Date.parse(record.time);
        // A number that comes twice, which no session writes, is the later call's, whatever limit that used up.
        if (record.type === 'decision' && (record.counted ?? []).length > 0) open.delete(call);
        if (record.type === 'decision' && uses.length > 0) open.set(call, { time, amount });
        if (record.type === 'decision' && time > since) total = plus(total, amount);
        if (!givesBack(record) && record.type !== 'outcome') continue;
        const use = open.get(call);
        open.delete(call);
        if (givesBack(record) && use !== undefined && use.time > since) total = minus(total, use.amount);
      }
    }
  }
  return total;
}

function givesBack({ type, verdict, event }: Line): boolean {
  if (type === 'verdict') return verdict !== 'approve';
  return type === 'refusal' || (type === 'hold' && event === 'detached');
}

/** A session's first file, named without a number, comes before its second. */
function inOrder(one: string, other: string): number {
  const [a = '', b = ''] = [one, other].map((base) => {
    const [session, part] = base.split('.');
    return `${session} ${part === 'jsonl' ? '01' : part?.padStart(2, '0')}`;
  });
  return a < b ? -1 : 1;
}
