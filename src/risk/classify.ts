import type { RiskClass } from './classes/risk-class.ts';
import type { Risk, ToolDefinition } from './classes/tool-risk.ts';
import type { Doubt } from './deeds/sentence-line.ts';
import { unearned } from './earned.ts';
import { type Reading, readTool } from './features.ts';
import { type Model, reasonsFor, type Scores, scoresOf } from './model.ts';
import { hintsOf, type Objection, objectionsTo, saysItReads } from './rules.ts';
import { SHIPPED } from './weights.ts';

/** Reasons that are given, at most: a person reads them. */
const MOST_REASONS = 4;

/** How far from the threshold a tool must score, and how likely its class must be, to be sure. */
const CLEAR = 2;
const LIKELY = 0.7;

/** How much less must speak against a read whose words leave doubt; more so where a deed is named. */
const DOUBTED = 3;
const DEED_DOUBTED = 6;

/** Names that say nothing of what is done, or too little: "manage_tables" may do whatever its description lists. */
const VAGUE = ['nv:manage', 'nv:none', 'nv:read'];

const RUNNING = new Set('start restart rerun run trigger launch invoke kickoff submit'.split(' '));
const RUN = new Set(
  `run runs taskrun pipelinerun job jobs workflow workflows pipeline pipelines script scripts notebook notebooks
  command commands batch playbook playbooks`.split(/\s+/),
);

/** Whether a name starts a thing whose content somebody wrote to be run. */
function runsCode({ name }: Reading): boolean {
  const verb = name.findIndex(({ text }) => RUNNING.has(text));
  return verb !== -1 && name.some(({ text }, at) => at > verb && RUN.has(text));
}

/** The likeliest class, unless a rule knows better: of several deeds, the graver one counts. */
function graverClass(reading: Reading, scores: Scores, objections: readonly Objection[]): RiskClass {
  const { class: likeliest } = scores.graver;
  const named = objections.flatMap(({ forbids, class: kind }) =>
    forbids && kind !== undefined ? [kind] : [],
  );
  if ((likeliest === 'write' || likeliest === 'production') && runsCode(reading)) return 'execute';
  const vague = VAGUE.some((key) => reading.features.has(key));
  if (vague && likeliest === 'write' && named.includes('destructive')) return 'destructive';
  if (scores.against >= 0 || named.length === 0 || named.includes(likeliest)) return likeliest;
  return named[0] ?? likeliest;
}

function merged(...lists: string[][]): string[] {
  const all = [...new Set(lists.flat())].slice(0, MOST_REASONS);
  return all.length > 0 ? all : ['nothing says that it only reads'];
}

/** What speaks against a tool before any weight does, and whether it is forbidden to be called a read. */
interface Case {
  reading: Reading;
  objections: Objection[];
  forbidding: Objection[];
  doubt: Doubt | undefined;
  scores: Scores;
  against: number;
}

function caseOf(model: Model, tool: ToolDefinition): Case {
  const reading = readTool(tool);
  const objections = [...objectionsTo(reading), ...hintsOf(tool.annotations)];
  const forbidding = objections.filter(({ forbids }) => forbids);
  const doubt = forbidding.length === 0 ? unearned(tool, reading) : undefined;
  const scores = scoresOf(model, reading.features);
  const against = scores.against + objections.reduce((sum, objection) => sum + (objection.against ?? 0), 0);
  return { reading, objections, forbidding, doubt, scores, against };
}

/** What a tool must score less than to be called a read: much less where its words leave doubt. */
function mostAgainst({ threshold }: Model, doubt: Doubt | undefined): number {
  if (doubt === undefined) return threshold;
  if (doubt.silent === true) return -Infinity;
  return threshold - (doubt.class === undefined ? DOUBTED : DEED_DOUBTED);
}

/** As `classify`, with other weights: how the bench tries weights on servers that they were not trained on. */
export function classifyWith(model: Model, tool: ToolDefinition): Risk & { against: number } {
  const { reading, objections, forbidding, doubt, scores, against } = caseOf(model, tool);
  const why = forbidding.map((objection) => objection.why);
  const doubts = doubt === undefined ? [] : [doubt.why];
  const reasons = (kind: RiskClass) => reasonsFor(model, reading.features, kind, MOST_REASONS);
  if (forbidding.length === 0 && against < model.threshold) {
    const reads = against < mostAgainst(model, doubt) && (doubt === undefined || saysItReads(reading));
    if (!reads) return { class: 'unknown', sure: false, why: merged(doubts), against: Infinity };
    const sure = doubt === undefined && objections.every(({ mild }) => mild === true);
    return { class: 'read', sure, why: merged(doubts, reasons('read')), against };
  }
  const kind = graverClass(reading, scores, objections);
  if (against < model.threshold) return { class: kind, sure: false, why: merged(why), against: Infinity };
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
