import type { Condition } from '../decide/condition.ts';
import { DEFAULT_APPROVALS, DEFAULT_AUDIT } from '../decide/default-policy.ts';
import { expandBraces, targetOf } from '../decide/glob.ts';
import type { Over } from '../decide/over.ts';
import type { Effect, Item, Policy } from '../decide/types.ts';
import type { ItemSource, PolicySource } from './schema.ts';

const MOST_WORDS = 200;

/** What a policy file says besides its lists. */
export type PolicySettings = Omit<PolicySource, Effect | '$schema' | 'version'>;

/** Of an item, what was compiled. */
export interface MadeConditions {
  when?: Condition | undefined;
  unless?: Condition | undefined;
  over?: Over | undefined;
}

/** An object item on one line for people: `tool: fs/write_file, timeout: 5m`. */
export function inWords(item: object, most = MOST_WORDS): string {
  const parts = Object.entries(item).filter(([key]) => key !== 'reason' && key !== 'id');
  const said = parts.map(([key, value]) => `${key}: ${valueInWords(value)}`).join(', ');
  return said.length > most ? `${said.slice(0, most)}…` : said;
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' && value !== null ? Object.values(value).join(' ') : String(value);
}

/** An item as the decision uses it: braces expanded, patterns cut into server and tool. */
export function makeItem(id: string, source: string, item: ItemSource, made: MadeConditions): Item {
  const names = (globs: string[] | undefined) => (globs ?? []).flatMap((one) => expandBraces(one) ?? []);
  const targets = (globs: string[] | undefined) => names(globs).map(targetOf);
  return {
    id,
    source: source.length > MOST_WORDS ? `${source.slice(0, MOST_WORDS)}…` : source,
    tool: targets(item.tool),
    except: targets(item.except),
    server: names(item.server),
    caller: names(item.caller),
    client: names(item.client),
    when: made.when,
    unless: made.unless,
    over: made.over,
    risk: item.risk ?? [],
    hide: item.hide ?? false,
    reason: item.reason,
    timeoutMs: item.timeout,
    confirm: item.confirm,
    confirmAtLeast: undefined,
    large: item.large,
    show: item.show ?? [],
    approvals: item.approvals,
    approvers: item.approvers ?? [],
    ...(item.then === undefined
      ? {}
      : { next: { afterMs: item.then.after, approvers: item.then.approvers } }),
    remember: item.remember ?? true,
  };
}

/** Everything of a policy but its lists, with the defaults filled in. */
export function settings(source: PolicySettings): Omit<Policy, Effect> {
  const { audit } = source;
  const { timeout, answerWithin, passFor, ...plain } = source.approvals;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const trusted = Object.entries(source.servers).filter(
    ([, { trustAnnotations }]) => trustAnnotations === true,
  );
  return {
    builtIn: false,
    trusted: trusted.map(([name]) => name),
    newToolsByPolicy: Object.entries(source.servers).flatMap(([name, { newTools }]) =>
      newTools === 'policy' ? [name] : [],
    ),
    mode: source.mode ?? 'enforce',
    default: source.default ?? 'escalate',
    approvals: {
      ...DEFAULT_APPROVALS,
      ...given,
      ...(timeout === undefined ? {} : { timeoutMs: timeout }),
      ...(answerWithin === undefined ? {} : { answerWithinMs: answerWithin }),
      ...(passFor === undefined ? {} : { passForMs: passFor }),
    },
    audit: {
      durability: audit.durability ?? DEFAULT_AUDIT.durability,
      checkpoint: audit.checkpoint,
      arguments: audit.arguments ?? DEFAULT_AUDIT.arguments,
      redact: audit.redact ?? [],
      keepDays: audit.keepDays ?? DEFAULT_AUDIT.keepDays,
      mirror: audit.mirror ?? DEFAULT_AUDIT.mirror,
    },
    ...(source.team === undefined ? {} : { team: source.team }),
  };
}
