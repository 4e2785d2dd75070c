import type { RiskClass } from '../../risk/classes/risk-class.ts';
import { CONFIRMATIONS, type Confirmation, type Level } from './types.ts';

/**
 * How much harm a call of a class can do. Of a tool of which nothing is known nobody can say that it is little; nor of
 * one whose text does more than its class says (`grave`).
 */
export function levelOf(risk: RiskClass | undefined, grave: () => boolean): Level {
  if (risk === 'read' || risk === 'write') return grave() ? 'high' : 'low';
  return risk === 'production' ? 'critical' : 'high';
}

/** How a call of that level is confirmed where no rule says it. `enrolled`: somebody's signature counts here. */
export function confirmFor(level: Level, enrolled: boolean): Confirmation {
  if (level === 'low') return 'key';
  return level === 'critical' && enrolled ? 'both' : 'type';
}

/** One step up: where there is none, or no key for it, it stays. */
export function harder(confirm: Confirmation, enrolled: boolean): Confirmation {
  if (confirm === 'key') return 'type';
  return enrolled || confirm === 'passphrase' ? 'both' : confirm;
}

/** The strongest of what is said; undefined where nothing is. */
export function strongest(said: readonly (Confirmation | undefined)[]): Confirmation | undefined {
  const known = said.filter((one) => one !== undefined);
  return known.length === 0
    ? undefined
    : CONFIRMATIONS[Math.max(...known.map((one) => CONFIRMATIONS.indexOf(one)))];
}

/** Whether it needs a passphrase: that is known by a signature alone. */
export function needsPassphrase(confirm: Confirmation): boolean {
  return confirm === 'passphrase' || confirm === 'both';
}

/** Whether it needs the expected text. */
export function needsText(confirm: Confirmation): boolean {
  return confirm === 'type' || confirm === 'both';
}
