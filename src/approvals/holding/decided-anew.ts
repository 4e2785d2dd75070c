import { close } from './close-hold.ts';
import type { Now } from './hold.ts';
import type { Effect, Queue, QueueEvent, Step } from './queue-state.ts';

/** Tools were accepted: whatever waits for that is no question any more, and its call is decided anew. */
export function askedAnew(queue: Queue, now: Now): Step {
  let next = queue;
  const effects: Effect[] = [];
  for (const hold of queue.holds.values()) {
    if (hold.held.accepts === null) continue;
    const { request } = hold;
    const step = close(next, hold, now, {
      verdict: 'withdrawn',
      reason: ACCEPTED,
      instead: request === undefined ? [] : [{ do: 'again', request }],
    });
    next = step.queue;
    effects.push(...step.effects);
  }
  return { queue: next, effects };
}

/** What waits is changed by a person: it is another call from here on, which waits in its place. */
export function edited(queue: Queue, event: Extract<QueueEvent, { type: 'edited' }>, now: Now): Step {
  const { edit, by, ref } = event;
  const hold = queue.holds.get(event.hold);
  if (hold?.request === undefined) {
    const message = `Hold ${event.hold} no longer waits for its client; nothing was changed.`;
    return { queue, effects: [{ do: 'reply', ref, ok: false, message }] };
  }
  const { queue: left, effects } = close(queue, hold, now, {
    verdict: 'withdrawn',
    reason: `edited by ${by.name}; it waits anew as another call`,
    instead: [{ do: 'again', request: hold.request, edit }],
    editor: by,
  });
  const message = `${hold.id} is changed and waits anew: look at it, then approve or reject it.`;
  return { queue: left, effects: [...effects, { do: 'reply', ref, ok: true, message }] };
}

const ACCEPTED = 'its tool was accepted meanwhile, so the call is decided anew';
