import type { RiskClass } from './classes/risk-class.ts';
import { mainVerb, type Reading } from './features.ts';
import type { Family } from './words/kind-words.ts';
import type { Deed } from './words/prose.ts';

/** What no number of harmless words outweighs. */
export interface Objection {
  /** The class that it stands for, when it says one. */
  class: RiskClass | undefined;
  why: string;
  /** Whether it forbids `read`. Otherwise it only leaves doubt, and counts for as much as `against`. */
  forbids: boolean;
  against?: number;
  /** A reason beside others; what the sentence really says is earned.ts's business. */
  mild?: boolean;
}

const CLASS_OF: Partial<Record<Family, RiskClass>> = {
  create: 'write',
  update: 'write',
  remove: 'write',
  destroy: 'destructive',
  exec: 'execute',
  pay: 'financial',
  send: 'outbound',
  operate: 'production',
};

/** These are hardly ever the name of a thing: said as a deed, anywhere, they are believed. */
const UNMISTAKABLE = new Set(
  `delete drop purge wipe erase destroy truncate clear flush reset kill terminate uninstall overwrite expunge shred
  nuke obliterate deprovision decommission rm rollback restore send resend tweet transmit broadcast email notify pay
  buy purchase transfer withdraw remit disburse reimburse deploy revoke grant reboot impersonate discard remove insert
  upload rename assign`.split(/\s+/),
);
/** As often a thing as a deed: believed where the description begins with it. */
const HALF_THINGS = new Set(
  'email transfer purchase drop reset grant tweet broadcast clear upload buy'.split(' '),
);
/** In a name, wherever it stands. */
const GRAVE: readonly Family[] = ['destroy', 'pay', 'send'];

/** Verbs that change something by themselves. What it means to execute or to start depends on what. */
const BELIEVED: readonly Family[] = [
  'create',
  'update',
  'remove',
  'destroy',
  'pay',
  'send',
  'operate',
  'interact',
];

/** `get_or_create`: what comes after these is done as well. */
const JOINING = new Set(['and', 'or', 'then']);

const CODE = new Set(
  `sql command commands cmd code script scripts shell expression javascript python statement statements eval
  bash powershell`.split(/\s+/),
);

/** "deletes", "to delete", and "by deleting the rows"; not "after deleting" and not "deleted". */
function acts({ token, how, onSomething }: Deed): boolean {
  const { form } = token;
  return how !== 'named' && (form === 'base' || form === 'does' || (form === 'doing' && onSomething));
}

function inName({ name, title }: Reading): Objection[] {
  const found: Objection[] = [];
  for (const [part, tokens] of [
    ['name', name],
    ['title', title],
  ] as const) {
    for (const [at, token] of tokens.entries()) {
      const { family, verb = '', form } = token;
      if (family === undefined || form !== 'base' || !BELIEVED.includes(family)) continue;
      const grave = GRAVE.includes(family) && UNMISTAKABLE.has(verb);
      const alone = at === mainVerb(tokens) || !HALF_THINGS.has(verb);
      const joined = JOINING.has(tokens[at - 1]?.text ?? '');
      if (!joined && !(grave && alone)) continue;
      found.push({ class: CLASS_OF[family], why: `${part}: "${token.text}"`, forbids: true });
    }
  }
  return found;
}

/** Verbs that change nothing, or nothing that lasts. */
const HARMLESS: readonly (Family | undefined)[] = ['read', 'ask', 'derive', 'carry', 'sense', 'session'];

/** A name is believed, unless the description begins with a harmless verb: `post_logs`, "List the logs". */
function byMainVerb({ name, prose }: Reading): Objection[] {
  const verb = name[mainVerb(name)];
  const lead = prose.deeds.find(({ how }) => how === 'lead');
  if (verb?.family === undefined || !BELIEVED.includes(verb.family)) return [];
  if (HARMLESS.includes(lead?.token.family)) return [];
  return [{ class: CLASS_OF[verb.family], why: `name: "${verb.text}"`, forbids: true }];
}

/** Whether some part of a definition says that its tool reads. Without that, not even no harm makes it `read`. */
export function saysItReads({ name, title, prose }: Reading): boolean {
  const lead = prose.deeds.find(({ how }) => how === 'lead');
  const verbs = [name[mainVerb(name)], title[mainVerb(title)], lead?.token];
  return verbs.some((verb) => verb !== undefined && HARMLESS.includes(verb.family));
}

/** What lies beyond the part that is read may say anything. */
function beyond({ prose }: Reading): Objection[] {
  return prose.cut ? [{ class: undefined, why: 'description: longer than is read', forbids: false }] : [];
}

function inProse({ prose }: Reading): Objection[] {
  const found: Objection[] = [];
  for (const deed of prose.deeds.filter(acts)) {
    const { how, onSomething } = deed;
    const { family, verb = '', text } = deed.token;
    if (family === undefined || CLASS_OF[family] === undefined) continue;
    const meant = how === 'lead' || onSomething || !HALF_THINGS.has(verb);
    const forbids = UNMISTAKABLE.has(verb) && meant;
    if (forbids || onSomething)
      found.push({ class: CLASS_OF[family], why: `description: "${text}"`, forbids, mild: !forbids });
  }
  return found;
}

function inSchema({ features }: Reading): Objection[] {
  const found: Objection[] = [];
  for (const [key, said] of features) {
    if (key.startsWith('q:') && CODE.has(key.slice(2)))
      found.push({ class: 'execute', why: said, forbids: false });
    if (key === 'c:destroy') found.push({ class: 'destructive', why: said, forbids: false });
  }
  return found;
}

/**
 * What "not read-only" weighs: more than any word, and less than all of them. Some servers say it of whatever moves
 * on a screen.
 */
const HINTED = 4;

/** A server's hints may raise a risk. What they say to its credit is not heard. */
export function hintsOf(annotations: unknown): Objection[] {
  if (typeof annotations !== 'object' || annotations === null) return [];
  const { readOnlyHint, destructiveHint } = annotations as Record<string, unknown>;
  const found: Objection[] = [];
  if (destructiveHint === true) found.push({ class: 'destructive', why: 'hint: destructive', forbids: true });
  if (readOnlyHint === false)
    found.push({ class: undefined, why: 'hint: not read-only', forbids: false, against: HINTED });
  return found;
}

/** Everything that speaks against taking a tool for one that reads. */
export function objectionsTo(reading: Reading): Objection[] {
  return [
    ...byMainVerb(reading),
    ...inName(reading),
    ...inProse(reading),
    ...inSchema(reading),
    ...beyond(reading),
  ];
}
