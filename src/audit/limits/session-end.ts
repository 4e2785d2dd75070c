import { lastWholeLine } from '../log/previous-tip.ts';

/** A stop record is short. */
const TAIL_BYTES = 512;

/** Whether a session's file ends with the record of its end: nobody writes it any more. Throws errors of the system. */
export function hasEnded(path: string): boolean {
  const line = lastWholeLine(path, TAIL_BYTES);
  if (line === undefined) return false;
  try {
    const { type, event } = JSON.parse(line.toString()) as Record<string, unknown>;
    return type === 'session' && event === 'stop';
  } catch {
    return false;
  }
}
