import type { Risk, RiskClass, ToolDefinition } from './classes.ts';
import { type Reading, readTool } from './features.ts';
import { type Model, reasonsFor, type Scores, scoresOf } from './model.ts';
import { hintsOf, type Objection, objectionsTo, saysItReads } from './rules.ts';
import { SHIPPED } from './weights.ts';

export { RISK_CLASSES, type Risk, type RiskClass, type ToolDefinition } from './classes.ts';

/** Reasons that are given, at most: a person reads them. */
const MOST_REASONS = 4;

/** How far from the threshold a tool must score, and how likely its class must be, to be sure. */
const CLEAR = 2;
const LIKELY = 0.7;

/** Names that say nothing of what is done, or too little: "manage_tables" may do whatever its description lists. */
const VAGUE = ['nv:manage', 'nv:none', 'nv:read'];

/** The likeliest class, unless a rule knows better: of several deeds, the graver one counts. */
function graverClass(reading: Reading, scores: Scores, objections: readonly Objection[]): RiskClass {
  const { class: likeliest } = scores.graver;
  const named = objections.flatMap(({ forbids, class: kind }) =>
    forbids && kind !== undefined ? [kind] : [],
  );
  const vague = VAGUE.some((key) => reading.features.has(key));
  if (vague && likeliest === 'write' && named.includes('destructive')) return 'destructive';
  if (scores.against >= 0 || named.length === 0 || named.includes(likeliest)) return likeliest;
  return named[0] ?? likeliest;
}

function merged(...lists: string[][]): string[] {
  const all = [...new Set(lists.flat())].slice(0, MOST_REASONS);
  return all.length > 0 ? all : ['nothing says that it only reads'];
}

/** As `classify`, with other weights: how the bench tries weights on servers that they were not trained on. */
export function classifyWith(model: Model, tool: ToolDefinition): Risk & { against: number } {
  const reading = readTool(tool);
  const objections = [...objectionsTo(reading), ...hintsOf(tool.annotations)];
  const forbidding = objections.filter(({ forbids }) => forbids);
  const why = forbidding.map((objection) => objection.why);
  const scores = scoresOf(model, reading.features);
  const against = scores.against + objections.reduce((sum, objection) => sum + (objection.against ?? 0), 0);
  const reasons = (kind: RiskClass) => reasonsFor(model, reading.features, kind, MOST_REASONS);
  if (against < model.threshold) {
    if (forbidding.length === 0 && !saysItReads(reading))
      return { class: 'unknown', sure: false, why: merged([]), against: Infinity };
    if (forbidding.length === 0) {
      const sure = against < model.threshold - CLEAR && objections.length === 0;
      return { class: 'read', sure, why: merged(reasons('read')), against };
    }
    return {
      class: graverClass(reading, scores, objections),
      sure: false,
      why: merged(why),
      against: Infinity,
    };
  }
  const kind = graverClass(reading, scores, objections);
  const sure = against > model.threshold + CLEAR && scores.graver.chance > LIKELY;
  return {
    class: kind,
    sure,
    why: merged(reasons(kind), why),
    against: forbidding.length > 0 ? Infinity : against,
  };
}

/** The risk class of a tool, from its definition alone. The same definition always has the same one. */
export function classify(tool: ToolDefinition): Risk {
  const { class: kind, sure, why } = classifyWith(SHIPPED, tool);
  return { class: kind, sure, why };
}
