import { assumedTool } from '../../policy/decide/assumed-tool.ts';
import type { Call, ToolFacts } from '../../policy/decide/types.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { REVERSIBILITIES } from '../../risk/reversibility.ts';
import type { CallRecord } from './call-record.ts';
import { areKindsOnly, lengthLost } from './lost-values.ts';

/** The class that the tool had then. Its hints were not recorded: a condition about them finds none. */
export function toolOf({ risk, unsure, free, reversibility }: CallRecord): ToolFacts | undefined {
  const known = ALL_CLASSES.find((one) => one === risk);
  if (known === undefined) return undefined;
  const back = REVERSIBILITIES.find((one) => one === reversibility);
  const assumed = { ...assumedTool(known), reversibility: back };
  // Doubt goes up, as it did then: what may be more than a read is not allowed as one.
  if (unsure === true) return { ...assumed, sure: false, plainRead: false };
  return free === true ? { ...assumed, plainRead: false } : assumed;
}

/** A recorded call as one to decide, with what tells what its record does not hold. */
export function callOf(record: CallRecord): { call: Call; lost: typeof lengthLost } {
  const { server, tool, caller } = record;
  const text = record.arguments.text;
  const input = record.input === undefined ? undefined : JsonSource.of(record.input.text);
  const args = JsonSource.of(text === 'null' ? '{}' : text);
  const nothing = text === 'null' || (text !== '{}' && areKindsOnly(JSON.parse(text)));
  const call: Call = {
    server,
    tool,
    arguments: args,
    inputResponses: input,
    caller: caller !== null && 'as' in caller ? caller.as : undefined,
    client: caller !== null && 'client' in caller ? caller.client : undefined,
  };
  return { call, lost: nothing ? () => 0 : lengthLost };
}
