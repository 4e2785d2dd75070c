import type { ReadRecord } from '../log/read-record.ts';
import type { PolicyProblem } from './verify-policy.ts';

/**
 * Follows which servers' tools a log accepted: whoever edits the accepted tools in the state folder leaves a session
 * that began with tools which no record accepted.
 */
export class PinTracker {
  /** `server NUL digest over its accepted definitions`. */
  private readonly known = new Set<string>();
  private readonly firsts = new Set<string>();
  private readonly again: PolicyProblem[] = [];
  private readonly ran: { file: string; line: number; pins: string }[] = [];

  add({ type, fields, seq }: ReadRecord, file: string): void {
    const { server, definitions, event, pins } = fields;
    if (type === 'pin' && event !== 'changed') this.known.add(`${String(server)}\0${String(definitions)}`);
    if (type === 'pin' && event === 'first sight') this.first(String(server), { file, line: seq + 1 });
    if (type === 'session' && typeof pins === 'string')
      this.ran.push({ file, line: seq + 1, pins: `${String(server)}\0${pins}` });
  }

  problems(): PolicyProblem[] {
    const what =
      'It began with accepted tools that no record of this log accepted: what was accepted was changed by hand.';
    const unknown = this.ran.filter(({ pins }) => !this.known.has(pins));
    return [
      ...unknown.map(({ file, line }): PolicyProblem => ({ kind: 'tampered', file, line, what })),
      ...this.again,
    ];
  }

  private first(server: string, at: { file: string; line: number }): void {
    const what =
      'It took tools of a server as seen for the first time, though they were seen before: the record of accepted tools had been removed.';
    if (this.firsts.has(server)) this.again.push({ kind: 'incomplete', ...at, what });
    this.firsts.add(server);
  }
}
