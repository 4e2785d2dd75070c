import type { Effect, Item, Policy, TeamSettings } from '../decide/types.ts';
import type { PolicyLayer } from './compile.ts';
import { makeItem, type PolicySettings, settings } from './make-policy.ts';

/** Whose policy a layer is. */
export type LayerName = 'administrator' | 'user' | 'project';

/** A layer, and what of it counts: everything, all three lists, or only those that tighten. */
export interface CountedLayer {
  name: LayerName;
  layer: PolicyLayer;
  counts: 'all' | 'lists' | 'tightening';
}

/** Looser first. */
const MIRROR = ['off', 'follow', 'required'] as const;
const CLI = ['any', 'tty', 'person', 'outside', 'off'] as const;

/**
 * One policy of several layers. Lists are appended; of scalars the strictest that is given counts, and observing
 * needs every layer that may have a mode to say so. Where neither value is stricter, the first layer's counts: the
 * administrator's. Pure.
 */
export function mergeLayers(layers: readonly CountedLayer[]): Policy {
  const whole = layers.filter(({ counts }) => counts === 'all').map(({ layer }) => layer.settings);
  const list = (effect: Effect): Item[] =>
    layers.flatMap(({ name, layer, counts }) =>
      effect === 'allow' && counts === 'tightening'
        ? []
        : layer.lists[effect].map((item) => named(counts === 'tightening' ? tightened(item) : item, name)),
    );
  return {
    ...settings(strictest(whole)),
    deny: list('deny'),
    escalate: list('escalate'),
    allow: list('allow'),
  };
}

export const EMPTY_LAYER: PolicyLayer = {
  settings: { servers: {}, approvals: {}, audit: {} },
  lists: { deny: [], escalate: [], allow: [] },
};

/** An item that stands in for a file which nobody could read: everything is a question. */
export function unreadableLayer(reason: string): PolicyLayer {
  const item = makeItem('unreadable', '*', { tool: ['*'], reason }, {});
  return { ...EMPTY_LAYER, lists: { ...EMPTY_LAYER.lists, escalate: [item] } };
}

/** An item of a text that may only tighten: what it asks for comes on top of what is asked for without it. */
export function tightened(item: Item): Item {
  const { confirm, confirmAtLeast, large } = item;
  return {
    ...item,
    confirm: undefined,
    confirmAtLeast: confirm ?? confirmAtLeast,
    large: large === true ? undefined : large,
  };
}

/** Only the user's own items go by the bare name that they have in their file. */
function named(item: Item, layer: LayerName): Item {
  if (layer === 'user') return item;
  const id = `${layer}:${item.id}`;
  return item.over === undefined
    ? { ...item, id }
    : { ...item, id, over: { ...item.over, key: `${layer}:${item.over.key}` } };
}

function given<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = given(values);
  return known.length === 0 ? undefined : Math.min(...known);
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = given(values);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The strict one of two words, when any layer says it; else whatever a layer says. */
function strict<T>(word: T, values: readonly (T | undefined)[]): T | undefined {
  return values.includes(word) ? word : given(values)[0];
}

/** A layer that trusts a server, in its hints or its new tools, is outvoted by one that says it does not. */
function trustedServers(all: readonly PolicySettings[]): PolicySettings['servers'] {
  const found: PolicySettings['servers'] = {};
  for (const [name, said] of all.flatMap(({ servers }) => Object.entries(servers))) {
    const before = found[name];
    found[name] = {
      trustAnnotations:
        before?.trustAnnotations === false ? false : (said.trustAnnotations ?? before?.trustAnnotations),
      newTools: before?.newTools === 'ask' ? 'ask' : (said.newTools ?? before?.newTools),
    };
  }
  return found;
}

/** The first layer's team, with the files that only the machine's own text can name, and the strictest of the rest. */
function oneTeam(teams: readonly TeamSettings[]): TeamSettings | undefined {
  const [first] = teams;
  if (first === undefined) return undefined;
  return {
    ...first,
    credentials: given(teams.map((one) => one.credentials))[0],
    ca: given(teams.map((one) => one.ca))[0],
    auditors: teams.find(({ auditors }) => auditors.length > 0)?.auditors ?? [],
    freshMs: Math.min(...teams.map((one) => one.freshMs)),
    policyRequired: teams.some((one) => one.policyRequired),
  };
}

function strictest(all: readonly PolicySettings[]): PolicySettings {
  const approvals = all.map((one) => one.approvals);
  const audit = all.map((one) => one.audit);
  const answers = given(approvals.map((one) => one.answerWithin));
  const numbers = answers.filter((one) => one !== 'auto');
  const cli = given(approvals.map((one) => one.cli)).sort((a, b) => CLI.indexOf(b) - CLI.indexOf(a))[0];
  const observes = all.length > 0 && all.every(({ mode }) => mode === 'observe');
  return {
    servers: trustedServers(all),
    default: strict(
      'deny',
      all.map((one) => one.default),
    ),
    mode: observes ? 'observe' : 'enforce',
    approvals: {
      timeout: least(approvals.map((one) => one.timeout)),
      answerWithin: numbers.length > 0 ? Math.min(...numbers) : answers[0],
      headless: strict(
        'deny',
        approvals.map((one) => one.headless),
      ),
      cli,
      maxLive: least(approvals.map((one) => one.maxLive)),
      passFor: least(approvals.map((one) => one.passFor)),
      sign: strict(
        'required',
        approvals.map((one) => one.sign),
      ),
      notify: given(approvals.map((one) => one.notify))[0],
    },
    audit: {
      durability: strict(
        'disk',
        audit.map((one) => one.durability),
      ),
      checkpoint: given(audit.map((one) => one.checkpoint))[0],
      arguments: given(audit.map((one) => one.arguments))[0],
      redact: audit.flatMap((one) => one.redact ?? []),
      keepDays: most(audit.map((one) => one.keepDays)),
      mirror: given(audit.map((one) => one.mirror)).sort((a, b) => MIRROR.indexOf(b) - MIRROR.indexOf(a))[0],
    },
    team: oneTeam(given(all.map((one) => one.team))),
  };
}
