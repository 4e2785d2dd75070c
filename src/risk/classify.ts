import type { Risk, RiskClass, ToolDefinition } from './classes.ts';
import { type Reading, readTool } from './features.ts';
import type { Family } from './words.ts';

export { RISK_CLASSES, type Risk, type RiskClass, type ToolDefinition } from './classes.ts';

const CLASS_OF: Partial<Record<Family, RiskClass>> = {
  read: 'read',
  create: 'write',
  update: 'write',
  remove: 'write',
  interact: 'write',
  destroy: 'destructive',
  exec: 'execute',
  pay: 'financial',
  send: 'outbound',
  operate: 'production',
};

function firstOf(reading: Reading): [Family, string] | undefined {
  const named = reading.name.find(({ family, form }) => family !== undefined && form !== 'done');
  if (named?.family !== undefined) return [named.family, `name: "${named.text}"`];
  const lead = reading.prose.deeds.find(({ how }) => how === 'lead');
  if (lead?.token.family !== undefined) return [lead.token.family, `description: "${lead.token.text}"`];
  return undefined;
}

/** The risk class of a tool, from its definition alone. The same definition always has the same one. */
export function classify(tool: ToolDefinition): Risk {
  const reading = readTool(tool);
  const first = firstOf(reading);
  if (first === undefined) return { class: 'unknown', sure: false, why: ['nothing says what it does'] };
  const risky = reading.prose.deeds.find(({ token, how }) => token.family === 'destroy' && how !== 'named');
  const found = CLASS_OF[first[0]] ?? 'unknown';
  if (found === 'read' && risky) {
    return { class: 'destructive', sure: false, why: [`description: "${risky.token.text}"`] };
  }
  return { class: found, sure: false, why: [first[1]] };
}
