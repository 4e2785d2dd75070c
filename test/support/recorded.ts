import { recordedArguments } from '../../src/audit/writing/arguments.ts';
import { Redactor } from '../../src/audit/writing/redact.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';

const redactor = new Redactor(Buffer.alloc(32, 7), []);

/** What the log holds of a call's arguments. */
export function recorded(args: object | string): string {
  const source = typeof args === 'string' ? args : JSON.stringify(args);
  return recordedArguments(JsonSource.of(source), redactor, 'source').field.text;
}
