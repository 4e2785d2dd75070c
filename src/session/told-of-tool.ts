import type { CallFacts } from '../policy/decide/call-facts.ts';
import type { KnownTool } from '../tools/session-tools.ts';

const known = new WeakMap<KnownTool, CallFacts>();

/** What is told of a tool with a call: the same as long as the same is known of it. */
export function aboutOf(tool: KnownTool): CallFacts {
  const found = known.get(tool);
  if (found !== undefined) return found;
  const about: CallFacts = {
    definition: tool.definition,
    risk: tool.risk,
    ...(tool.risk !== undefined && !tool.sure && { unsure: true }),
    ...(tool.risk !== undefined && { reversibility: tool.reversibility ?? 'unknown' }),
    ...(tool.risk === 'read' && tool.sure && !tool.plainRead && { free: true }),
    ...(tool.unlisted === true && { unlisted: true }),
    ...(tool.absent === true && { absent: true }),
  };
  known.set(tool, about);
  return about;
}
