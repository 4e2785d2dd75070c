import { stopped } from '../../protocol/refusals.ts';
import type { Effect } from './queue-state.ts';

/** What follows from letting a call through, where it is not sent after all. */
export function notSent(effect: Effect, why: string): Effect {
  switch (effect.do) {
    case 'forward':
      return { do: 'refuse', request: effect.request, refusal: stopped(why) };
    case 'closed':
      return { ...effect, how: 'refused: everything was stopped' };
    case 'reply':
      return { ...effect, ok: false, message: `Nothing was executed. ${why}` };
    default:
      return effect;
  }
}
