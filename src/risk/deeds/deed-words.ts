import type { RiskClass } from '../classes/risk-class.ts';
import { ACTS, CALMS, READS, SAID, THINGS } from './deed-lists.ts';

const setOf = (text: string) => new Set(text.trim().split(/\s+/));

const CLASS_OF_ACT: ReadonlyMap<string, RiskClass> = new Map(
  (Object.entries(ACTS) as [RiskClass, string][])
    .reverse()
    .flatMap(([kind, list]) => [...setOf(list)].map((verb): [string, RiskClass] => [verb, kind])),
);
const READ = setOf(READS);
const CALM = setOf(CALMS);
const THING = setOf(THINGS);

/** A form of a verb, and what the verb does. A verb may be both an act and calm: it is calm where it cannot act. */
export interface DeedWord {
  verb: string;
  form: 'base' | 'does' | 'doing' | 'done';
  act: RiskClass | undefined;
  reads: boolean;
  calm: boolean;
  /** As often a thing. */
  thing: boolean;
}

const FORMS: readonly [RegExp, readonly string[], DeedWord['form']][] = [
  [/ies$/, ['y', 'ie'], 'does'],
  [/es$/, ['', 'e'], 'does'],
  [/s$/, [''], 'does'],
  [/([a-z])\1ing$/, ['$1', '$1$1'], 'doing'],
  [/ing$/, ['', 'e'], 'doing'],
  [/ied$/, ['y'], 'done'],
  [/([a-z])\1ed$/, ['$1', '$1$1'], 'done'],
  [/ed$/, ['', 'e'], 'done'],
];

function asDeed(verb: string, form: DeedWord['form']): DeedWord | undefined {
  const act = CLASS_OF_ACT.get(verb);
  const [reads, calm] = [READ.has(verb), CALM.has(verb)];
  if (act === undefined && !reads && !calm) return undefined;
  return { verb, form, act, reads, calm, thing: THING.has(verb) };
}

/** Words come again and again; the memory of them is bounded because servers choose them. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, DeedWord | undefined>();

/** What a word does as a verb; undefined for one that is none, or that is not known. In lower case. */
export function deedWord(text: string): DeedWord | undefined {
  if (remembered.has(text)) return remembered.get(text);
  const deed = text.length > LONGEST_WORD ? undefined : lookedUp(text);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, deed);
  return deed;
}

/** No verb is longer. */
const LONGEST_WORD = 40;

function lookedUp(text: string): DeedWord | undefined {
  const irregular = Object.hasOwn(SAID, text) ? SAID[text] : undefined;
  const plainly = asDeed(text, 'base');
  if (plainly !== undefined) return plainly;
  if (irregular !== undefined) return asDeed(irregular, 'done') ?? undefined;
  for (const [ending, stems, form] of FORMS) {
    if (!ending.test(text)) continue;
    for (const stem of stems) {
      const verb = text.replace(ending, stem);
      const known = verb.length > 1 ? asDeed(verb, form) : undefined;
      if (known !== undefined) return known;
    }
  }
  return again(text);
}

/** "unmerge" and "reassign" act as their verbs do. */
function again(text: string): DeedWord | undefined {
  const rest = /^(?:un|de|dis|re|auto|bulk|batch|over)-?([a-z]{4,})$/.exec(text)?.[1];
  const deed = rest === undefined ? undefined : asDeed(rest, 'base');
  if (deed?.reads === true && /^(?:auto|bulk|batch|multi)/.test(text)) return deed;
  return deed?.act === undefined
    ? undefined
    : { ...deed, verb: text, reads: false, calm: false, thing: false };
}

/** Whether a word that is not known looks like a participle: "sunsetted", "offboarded". */
export function isParticiple(text: string): boolean {
  const plain = text.replace(/^(?:re|un|over|out)(?=[a-z]{4})/, '');
  return Object.hasOwn(SAID, text) || Object.hasOwn(SAID, plain) || /[a-z]{2}ed$/.test(text);
}
