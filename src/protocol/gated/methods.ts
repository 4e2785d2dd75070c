import type { GatedMethod } from './gated.ts';
import { TOOLS_CALL } from './tools-call.ts';

/** All of them. */
const GATED: readonly GatedMethod[] = [TOOLS_CALL];

export function gatedMethod(name: string): GatedMethod | undefined {
  return GATED.find((one) => one.name === name);
}

/** The gated method that servers might take this one for. */
export function twinOf(name: string): GatedMethod | undefined {
  return GATED.find((one) => one.isTwin(name));
}
