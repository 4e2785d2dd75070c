import { decide } from '../../policy/decide/decide.ts';
import { ZERO } from '../../policy/decide/decimal.ts';
import type { Policy } from '../../policy/decide/types.ts';
import type { Offer, Offering } from '../../policy/offers/offers.ts';
import { type Covers, Suggester } from '../../policy/offers/suggester.ts';
import type { OwnPlaces } from '../../policy/paths/own-places.ts';
import type { CallRecord } from './call-record.ts';
import { areKindsOnly, isWhole } from './lost-values.ts';
import { callOf, toolOf } from './recorded-call.ts';

/** A rule that the record speaks for, and what it would have done to the newest questions. */
export interface Suggested {
  offer: Offer;
  /** Approved questions that it would have let run, of the newest `of`. */
  spared: number;
  /** Of those that it would have let run, how many were rejected: never any that `suggest` knew of. */
  rejected: number;
}

/** What was asked and answered, and what no rule can be made of. */
export interface Suggestions {
  rules: Suggested[];
  questions: number;
  /** The newest so many questions that each rule was tried on. */
  of: number;
  /** Approved questions of which the record does not hold all arguments. */
  masked: number;
  /** By the item that asked: an allow item cannot take such questions back. */
  byItem: Map<string, number>;
}

export const TRIED_ON = 200;

/** A question of the past, and its answer. */
export interface Question {
  offering: Offering;
  approved: boolean;
}

/** Answered by a person, for this call alone. */
function isQuestion({ effect, verdict, pass, grant, refused }: CallRecord): boolean {
  const free = [pass, grant, refused].some((one) => one !== undefined);
  return effect === 'escalate' && !free && (verdict === 'approve' || verdict === 'reject');
}

function isComplete({ arguments: { text } }: CallRecord): boolean {
  const value: unknown = JSON.parse(text);
  return value !== null && isWhole(value) && (text === '{}' || !areKindsOnly(value));
}

/** The rules that a policy's record speaks for. `places` and `policy` are those in force. Pure but for `covers`. */
export async function suggested(
  calls: readonly CallRecord[],
  { policy, places }: { policy: Policy; places: OwnPlaces },
  covers: Covers,
): Promise<Suggestions> {
  const past = new Past(policy, places, new Suggester(covers));
  for (const record of calls.filter(isQuestion)) await past.take(record);
  return past.suggestions(covers);
}

/** What one rule would have done to the newest questions of the record. */
export async function ruleTried(
  calls: readonly CallRecord[],
  { offer, ...context }: { policy: Policy; places: OwnPlaces; offer: Offer },
  covers: Covers,
): Promise<Suggested & { of: number }> {
  const past = new Past(context.policy, context.places, new Suggester(covers));
  for (const record of calls.filter(isQuestion)) past.note(record);
  const newest = past.questions.slice(-TRIED_ON);
  return { ...(await triedOn(offer, newest, covers)), of: newest.length };
}

class Past {
  private readonly policy: Policy;
  private readonly places: OwnPlaces;
  private readonly suggester: Suggester;
  private readonly offers: Offer[] = [];
  readonly questions: Question[] = [];
  private readonly byItem = new Map<string, number>();
  /** Tools of which something was rejected that the record does not hold: a rule might let it run. */
  private readonly unknown = new Set<string>();
  private taken = 0;
  private masked = 0;

  constructor(policy: Policy, places: OwnPlaces, suggester: Suggester) {
    this.policy = policy;
    this.places = places;
    this.suggester = suggester;
  }

  async take(record: CallRecord): Promise<void> {
    const question = this.note(record);
    if (question === undefined) return;
    const { offering: call, approved } = question;
    const offer = await this.suggester.take({ call, approved });
    if (offer !== undefined) this.offers.push(offer);
  }

  /** What can be said of a rule by it; undefined where the record does not hold the call, or it asks no more. */
  note(record: CallRecord): Question | undefined {
    this.taken += 1;
    const approved = record.verdict === 'approve';
    if (!isComplete(record)) {
      this.masked += 1;
      if (!approved) this.unknown.add(`${record.server}/${record.tool}`);
      return undefined;
    }
    const offering = this.asked(record);
    if (offering === undefined) return undefined;
    const question = { offering, approved };
    this.questions.push(question);
    return question;
  }

  /** The call as it would be asked about now; undefined: it would not be, or by an item that allow cannot take back. */
  private asked(record: CallRecord): Offering | undefined {
    const { call } = callOf(record);
    const tool = toolOf(record);
    const facts = { tool, places: this.places, now: Date.parse(record.time), spent: () => ZERO };
    const { effect, rule, obligations } = decide(call, this.policy, facts);
    if (effect !== 'escalate' || obligations === undefined) return undefined;
    if (rule !== 'default') {
      this.byItem.set(rule, (this.byItem.get(rule) ?? 0) + 1);
      return undefined;
    }
    // A class that is guessed permits nothing but the call itself.
    return { ...call, risk: tool?.sure === true ? (tool.risk ?? 'unknown') : 'unknown', obligations };
  }

  async suggestions(covers: Covers): Promise<Suggestions> {
    const { offers, questions, taken, masked, byItem, unknown } = this;
    const newest = questions.slice(-TRIED_ON);
    const rules: Suggested[] = [];
    for (const offer of offers.filter(({ item }) => !unknown.has(item.tool))) {
      const tried = await triedOn(offer, newest, covers);
      // What was rejected later, and would run: nobody wants that rule.
      if (tried.rejected === 0 && tried.spared > 0) rules.push(tried);
    }
    rules.sort((a, b) => b.spared - a.spared);
    return { rules, questions: taken, of: newest.length, masked, byItem };
  }
}

/** What a rule would have done to past questions. */
export async function triedOn(offer: Offer, past: readonly Question[], covers: Covers): Promise<Suggested> {
  const tried: Suggested = { offer, spared: 0, rejected: 0 };
  for (const { offering, approved } of past) {
    if (!(await covers(offer, offering))) continue;
    tried.spared += 1;
    if (!approved) tried.rejected += 1;
  }
  return tried;
}
