import { lastWholeLine } from '../../audit/log/previous-tip.ts';

/** The number of a session file's last whole record; -1 where there is none that can be read. */
export function lastSeq(path: string): number {
  try {
    const line = lastWholeLine(path);
    return line === undefined ? -1 : Number((JSON.parse(line.toString()) as { seq?: unknown }).seq ?? -1);
  } catch {
    return -1;
  }
}
