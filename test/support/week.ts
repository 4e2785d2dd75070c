import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decide } from '../../src/policy/decide/decide.ts';
import type { Offer } from '../../src/policy/offers/offers.ts';
import { type Answered, Suggester } from '../../src/policy/offers/suggester.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import type { RiskClass } from '../../src/risk/classes/risk-class.ts';
import { covers, factsAt } from './covers.ts';
import { compiled } from './policy.ts';

const DATA = resolve(import.meta.dirname, '../../../shared/data');

interface Line {
  at: string;
  server: string;
  tool: string;
  risk: RiskClass;
  arguments: unknown;
  verdict: 'approve' | 'reject';
}

export interface WeekCall extends Answered {
  at: number;
}

/** A week of calls that were questions, from `shared/data`: the one that lies there, or one of another seed. */
export async function weekOf(seed?: number): Promise<WeekCall[]> {
  const text =
    seed === undefined
      ? readFileSync(resolve(DATA, 'week.jsonl'), 'utf8')
      : execFileSync(process.execPath, [resolve(DATA, 'make-week.mjs'), String(seed)], { encoding: 'utf8' });
  const asking = await compiled({});
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { at, server, tool, risk, arguments: args, verdict } = JSON.parse(line) as Line;
      const source = JsonSource.of(JSON.stringify(args));
      const call = { server, tool, arguments: source, caller: undefined, client: undefined };
      const { obligations } = decide(call, asking, factsAt(risk, Date.parse(at)));
      return {
        at: Date.parse(at),
        call: { server, tool, arguments: source, risk, obligations: obligations! },
        approved: verdict === 'approve',
      };
    });
}

export interface Week {
  calls: number;
  asked: number;
  rules: Offer[];
  /** Calls that were rejected and that a rule let run. */
  letThrough: string[];
}

const HOUR = 3_600_000;

/** The week, where each rule is accepted as soon as it is offered. */
export async function lived(week: readonly WeekCall[]): Promise<Week> {
  const suggester = new Suggester(covers);
  const rules: Offer[] = [];
  const sent = new Map<Offer, number[]>();
  const result: Week = { calls: week.length, asked: 0, rules, letThrough: [] };
  for (const { at, call, approved } of week) {
    let runs = false;
    for (const rule of rules) {
      if (!(await covers(rule, call))) continue;
      const past = (sent.get(rule) ?? []).filter((time) => time > at - HOUR);
      sent.set(rule, [...past, at]);
      const most = Number(rule.limit?.over.split('/')[0] ?? Number.POSITIVE_INFINITY);
      runs ||= past.length < most;
    }
    if (runs && !approved) result.letThrough.push(`${call.server}/${call.tool} ${call.arguments.text}`);
    if (runs) continue;
    result.asked += 1;
    const offer = await suggester.take({ call, approved });
    if (offer !== undefined) rules.push(offer);
  }
  return result;
}
