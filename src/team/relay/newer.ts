/** Of what comes over a relay, as text or bytes: whether it says that it is of a later version than this one reads. */
export function isNewer(value: Uint8Array | string): boolean {
  try {
    const read = JSON.parse(typeof value === 'string' ? value : Buffer.from(value).toString()) as unknown;
    const { v } = (read ?? {}) as { v?: unknown };
    return typeof v === 'number' && v > 1;
  } catch {
    return false;
  }
}

/** `what` begins a sentence. */
export function newerSentence(what: string): string {
  return `${what} was written by a newer holdpoint than the one on this machine, and does not count here: update holdpoint here.`;
}
