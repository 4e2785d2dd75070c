import { isGrave } from '../../harm/grave.ts';
import { isDeceptive } from '../../protocol/look-alike.ts';
import { ownFilesNamed } from '../paths/protected-paths.ts';
import { CallValues } from './condition.ts';
import { expectedText } from './expected-text.ts';
import { candidates } from './item-index.ts';
import { matchItem } from './item-match.ts';
import { levelOf } from './ladder.ts';
import { obligationsOf, type Weighed } from './obligations.ts';
import type { Counted } from './over.ts';
import { ruleInWords } from './rule-words.ts';
import type { Call, Decision, Effect, Facts, Item, Obligations, Policy } from './types.ts';

/** An item that covers the call, or a built-in one in its place. */
interface Match {
  id: string;
  reason: string;
  item: Item | undefined;
}

/** How a list stands to a call. */
interface Covering {
  /** The items that cover it, in the list's order. */
  sure: Match[];
  /** Those of which nobody can say. */
  unsure: Match[];
}

const OWN_HOME: Match = {
  id: 'builtin:holdpoint-home',
  reason: "The arguments name holdpoint's own files, which no agent may touch",
  item: undefined,
};
const CLIENT_CONFIG: Match = {
  id: 'builtin:client-config',
  reason: 'The arguments name a file that decides which servers run guarded',
  item: undefined,
};
const HOME_ABOVE: Match = {
  id: 'builtin:holdpoint-above',
  reason: "An argument is a folder in which holdpoint's own files lie",
  item: undefined,
};
const UNCLEAR_PATH: Match = {
  id: 'builtin:unclear-path',
  reason: 'The arguments name a file that nobody can tell by its path, or too many to look at',
  item: undefined,
};
const DECEPTIVE_NAME: Match = {
  id: 'builtin:deceptive-name',
  reason:
    "The tool's name holds characters that are not seen or stand for others, so no allow rule counts for it",
  item: undefined,
};
/** The rule by which a tool is asked about that is not what was accepted. */
export const CHANGED_TOOL = 'builtin:changed-tool';
/** The rule by which a tool is asked about that nobody accepted. */
export const NEW_TOOL = 'builtin:new-tool';
/** The rule by which the first call to a new server is asked about. */
export const FIRST_USE = 'builtin:first-use';
const RUNS_PLAIN_READ: Match = {
  id: 'builtin:plain-read',
  reason: 'It only reads, by all that its definition says',
  item: undefined,
};
/** Patterns are tried on no longer names: no tool has one (SEP-986 allows 128 characters). */
export const MOST_NAME = 256;
const ENDLESS_NAME: Match = {
  id: 'builtin:endless-name',
  reason: `The tool's name is longer than ${MOST_NAME} characters`,
  item: undefined,
};

/**
 * The policy decision point: pure, total, deterministic. Deny beats escalate beats allow beats the default; any
 * match counts, order and specificity never do. The built-in items stand first in their lists. What cannot be
 * evaluated in deny or escalate matches, with the stricter of escalate and the default; in allow it does not match.
 */
export function decide(call: Call, policy: Policy, facts: Facts): Decision {
  if (call.tool.length > MOST_NAME) return new Deciding(call, policy, facts).ended('deny', [ENDLESS_NAME]);
  return plainlyAllowed(call, policy, facts) ?? new Deciding(call, policy, facts).run();
}

/**
 * The usual decision: items allow the tool whatever it is called with, and nothing else speaks of it. Undefined says
 * nothing; where it is given it is the one that `Deciding` comes to.
 */
function plainlyAllowed(call: Call, policy: Policy, facts: Facts): Decision | undefined {
  const { server, tool } = call;
  const { change, newTool, firstUse } = facts.tool ?? {};
  if (call.inputResponses !== undefined || change !== undefined || newTool !== undefined) return undefined;
  if (firstUse !== undefined || candidates(policy.deny, server, tool).length > 0) return undefined;
  if (candidates(policy.escalate, server, tool).length > 0) return undefined;
  const allowed = unconditional(candidates(policy.allow, server, tool));
  if (allowed === undefined || isDeceptive(tool)) return undefined;
  const sureRead = facts.tool?.risk === 'read' && facts.tool.sure;
  const { home, config, above, unclear } = ownFilesNamed(call.arguments, facts.places, sureRead);
  if (home || config || above || unclear) return undefined;
  const { rule, reason, matched } = allowed;
  return { effect: 'allow', rule, reason, matched, obligations: undefined, diagnostics: [], counted: [] };
}

/** What is said of items that cover a tool by its name alone. Lists of candidates are made once for a tool. */
const plain = new WeakMap<readonly Item[], Pick<Decision, 'rule' | 'reason' | 'matched'> | 'conditional'>();

function unconditional(items: readonly Item[]): Pick<Decision, 'rule' | 'reason' | 'matched'> | undefined {
  let known = plain.get(items);
  if (known === undefined) {
    const [first] = items;
    known =
      first === undefined || !items.every(asksNothing)
        ? 'conditional'
        : { rule: first.id, reason: reasonOf(first, 'allow'), matched: items.map(({ id }) => id) };
    plain.set(items, known);
  }
  return known === 'conditional' ? undefined : known;
}

function asksNothing({ when, unless, over, risk, caller, client }: Item): boolean {
  const free = when === undefined && unless === undefined && over === undefined;
  return free && risk.length === 0 && caller.length === 0 && client.length === 0;
}

function reasonOf(item: Item, list: Effect): string {
  return item.reason ?? ruleInWords(item, list);
}

/** What is approved is that the server is accepted: nothing runs by that but what runs unasked afterwards. */
function accepting(asked: Obligations | undefined): Obligations | undefined {
  return asked && { ...asked, confirm: 'key', level: 'low', seen: 'told', remember: false };
}

class Deciding {
  private readonly policy: Policy;
  private readonly facts: Facts;
  private readonly values: CallValues;
  private allowed: Covering | undefined;
  private readonly diagnostics: string[] = [];
  private readonly counted: Counted[] = [];

  constructor(call: Call, policy: Policy, facts: Facts) {
    this.policy = policy;
    this.facts = facts;
    this.values = new CallValues(call, facts);
  }

  run(): Decision {
    const { policy, facts, values } = this;
    const { call } = values;
    const denied = this.covering('deny');
    const given =
      call.inputResponses === undefined ? [call.arguments] : [call.arguments, call.inputResponses];
    const sureRead = facts.tool?.risk === 'read' && facts.tool.sure;
    const named = given.map((source) => ownFilesNamed(source, facts.places, sureRead));
    if (named.some(({ home }) => home)) denied.sure.unshift(OWN_HOME);
    if (denied.sure.length > 0) return this.ended('deny', denied.sure);
    const escalated = this.covering('escalate');
    if (named.some(({ config }) => config)) escalated.sure.unshift(CLIENT_CONFIG);
    if (named.some(({ above }) => above)) escalated.sure.push(HOME_ABOVE);
    if (named.some(({ unclear }) => unclear)) escalated.sure.push(UNCLEAR_PATH);
    const { change, newTool, firstUse } = facts.tool ?? {};
    if (change !== undefined) escalated.sure.unshift({ id: CHANGED_TOOL, reason: change, item: undefined });
    if (newTool !== undefined && !this.meansNew())
      escalated.sure.unshift({ id: NEW_TOOL, reason: newTool, item: undefined });
    const unsure = [...denied.unsure, ...escalated.unsure];
    if (unsure.length > 0 && policy.default === 'deny') return this.ended('deny', unsure);
    const held = [...escalated.sure, ...unsure];
    if (held.length > 0) return this.ended('escalate', held);
    const allowed = this.allowing().sure;
    if (allowed.length > 0 && isDeceptive(call.tool)) return this.ended(policy.default, [DECEPTIVE_NAME]);
    if (allowed.length > 0) return this.ended('allow', allowed);
    return this.fallback(firstUse);
  }

  /** Whether the policy speaks of a tool that is new: as of all of its server's, or of this one letter by letter. */
  private meansNew(): boolean {
    const { policy, values } = this;
    const { server, tool } = values.call;
    if (policy.newToolsByPolicy.includes(server)) return true;
    if (/[*?]/.test(tool)) return false;
    return this.allowing().sure.some(({ item }) => item?.tool.some((target) => target.tool === tool));
  }

  /** No item covers the call. */
  private fallback(firstUse: string | undefined): Decision {
    const { policy, facts, values } = this;
    const reason = `No rule matches, and the default is ${policy.default}`;
    const decision = this.ended(policy.default, [{ id: 'default', reason, item: undefined }]);
    if (isDeceptive(values.call.tool)) return decision;
    if (firstUse !== undefined)
      return { ...decision, rule: FIRST_USE, reason: firstUse, obligations: accepting(decision.obligations) };
    if (!policy.builtIn) return decision;
    if (facts.tool?.plainRead === true) return this.ended('allow', [RUNS_PLAIN_READ]);
    const risk = facts.tool?.risk;
    const known = risk === undefined ? 'nothing is known of the tool' : `it is of class ${risk}`;
    return { ...decision, reason: `Without a policy only plain reads run unasked, and ${known}` };
  }

  /** Asked for once: each asking would tell its diagnostics again. */
  private allowing(): Covering {
    this.allowed ??= this.covering('allow');
    return this.allowed;
  }

  private covering(list: Effect): Covering {
    const { values, facts } = this;
    const found: Covering = { sure: [], unsure: [] };
    for (const item of candidates(this.policy[list], values.call.server, values.call.tool)) {
      const { covers, diagnostic, counted } = matchItem(item, list, values, facts);
      if (diagnostic !== undefined) this.diagnostics.push(diagnostic);
      if (counted !== undefined) this.counted.push(counted);
      const match = { id: item.id, reason: reasonOf(item, list), item };
      if (covers === 'yes') found.sure.push(match);
      else if (covers !== 'no') found.unsure.push({ ...match, reason: diagnostic ?? match.reason });
    }
    return found;
  }

  private weighed(): Weighed {
    const { policy, facts, values } = this;
    const { call } = values;
    const { tool, enrolled, lost } = facts;
    const level = levelOf(tool?.risk, () => this.isGrave());
    return {
      level,
      surelyLow: level === 'low' && tool?.sure === true,
      // Read from the disk: not for a call that it does not matter for.
      enrolled: level === 'critical' && enrolled?.() === true,
      tool: call.tool,
      // Nobody types anything of a record, which may lack what is typed.
      text: (show) => (lost === undefined ? expectedText(call, show, policy.audit.redact) : call.tool),
    };
  }

  /** Whether the call's own text does more than the class of its tool says. */
  private isGrave(): boolean {
    return isGrave(this.values.call.arguments.text);
  }

  ended(effect: Effect, found: readonly Match[]): Decision {
    const { policy, diagnostics, counted } = this;
    const [first] = found;
    // Of a deny item that could not be evaluated nothing but its name says how to ask.
    const items = found.flatMap(({ item }) => (item === undefined ? [] : [item]));
    return {
      effect,
      rule: first?.id ?? 'default',
      reason: first?.reason ?? '',
      matched: found.map((match) => match.id),
      obligations: effect === 'escalate' ? obligationsOf(items, policy.approvals, this.weighed()) : undefined,
      diagnostics,
      counted: effect === 'deny' ? [] : counted,
    };
  }
}
