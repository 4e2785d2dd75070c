import { ALL_CLASSES, type RiskClass } from '../risk/classes/risk-class.ts';
import type { PinnedTool } from './pins-file.ts';
import type { ToolKnowledge } from './tool-knowledge.ts';

/** The class that a person gave a tool, of the definition that they accepted; undefined: nobody did. */
export function saidClass(pinned: PinnedTool | undefined, digest: string): RiskClass | undefined {
  if (pinned === undefined || pinned.digest !== digest) return undefined;
  return ALL_CLASSES.find((one) => one === pinned.class);
}

/** What is known of a tool, by the word of a person where they gave one: it goes before all that was guessed. */
export function asSaid(known: ToolKnowledge, pinned: PinnedTool | undefined): ToolKnowledge;
export function asSaid(
  known: ToolKnowledge | undefined,
  pinned: PinnedTool | undefined,
): ToolKnowledge | undefined;
export function asSaid(
  known: ToolKnowledge | undefined,
  pinned: PinnedTool | undefined,
): ToolKnowledge | undefined {
  const said = known === undefined ? undefined : saidClass(pinned, known.digest);
  if (known === undefined || said === undefined) return known;
  const why = [`you said so (without that: ${known.risk.class})`];
  return { ...known, risk: { class: said, sure: said !== 'unknown', why }, plainRead: said === 'read' };
}

/** Tools as accepted anew: what a person said of one holds on while it is the same. */
export function keepingSaid(
  tools: Readonly<Record<string, PinnedTool>>,
  before: Readonly<Record<string, PinnedTool>>,
): Record<string, PinnedTool> {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const said = Object.hasOwn(before, name) ? saidClass(before[name], tool.digest) : undefined;
      return [name, said === undefined ? tool : { ...tool, class: said }];
    }),
  );
}
