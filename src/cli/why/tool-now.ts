import type { Home } from '../../platform/home.ts';
import { asksFirst } from '../../policy/decide/names-server.ts';
import type { Policy, ToolFacts } from '../../policy/decide/types.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { pinnedTool } from '../policy/policy-source.ts';

const NOTHING: ToolFacts = {
  risk: undefined,
  sure: false,
  annotations: new Map(),
  plainRead: false,
  change: undefined,
  firstUse: undefined,
};

/**
 * What `run` would know of a tool, as far as it was written down: also that nobody has accepted the server or the
 * tool, and that it was seen to have changed. A list that nobody has seen yet may say otherwise.
 */
export function toolNow(home: Home, target: { server: string; tool: string }, policy: Policy): ToolFacts {
  const { server, tool } = target;
  const known = pinnedTool(home, target, policy) ?? NOTHING;
  const pins = new PinsFile(home).of(server);
  if (pins === undefined) {
    if (!asksFirst(policy, server)) return known;
    return { ...known, firstUse: 'Nobody has accepted the tools of this server yet' };
  }
  const digest = (tools: typeof pins.tools): string | undefined =>
    Object.hasOwn(tools, tool) ? tools[tool]?.digest : undefined;
  const accepted = digest(pins.tools);
  const seen = pins.seen && digest(pins.seen.tools);
  if (accepted === undefined)
    return { ...known, newTool: 'The tool is not among those of this server that were accepted' };
  if (seen === undefined || seen === accepted) return known;
  return {
    ...known,
    change: `The tool has changed since it was accepted ("holdpoint tools accept ${server}")`,
  };
}
