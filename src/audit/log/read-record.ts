import { JsonProblem } from '../../protocol/json/json-problem.ts';
import { memberOf, scanJson } from '../../protocol/json/json-scan.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { ENTRY_KEYS, type EntryType, RECORD_VERSION } from './entry.ts';

/** A record as read from a log: its header is checked, its other fields are whatever stands there. */
export interface ReadRecord {
  seq: number;
  /** Milliseconds since the epoch. */
  at: number;
  time: string;
  session: string;
  prev: string;
  type: EntryType;
  fields: Record<string, unknown>;
  text: string;
}

/** Why a line is not a record: of a newer holdpoint (it cannot be read), or damaged. */
export class RecordProblem extends Error {
  readonly kind: 'damaged' | 'newer';

  constructor(kind: RecordProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordProblem('damaged', 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RecordProblem('damaged', 'it is not a JSON object');
  }
  if (!text.startsWith('{') || !text.endsWith('}'))
    throw new RecordProblem('damaged', 'white space was added to it');
  return value as Record<string, unknown>;
}

/** Reads one line's bytes. Throws a RecordProblem whose message ends a sentence ("it is not JSON"). */
export function readRecord(bytes: Uint8Array): ReadRecord {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new RecordProblem('damaged', 'it is not UTF-8');
  }
  const fields = parseObject(text);
  const { v, seq, time, session, prev, type } = fields as Partial<Record<string, unknown>>;
  if (v !== RECORD_VERSION) {
    const newer = Number.isInteger(v) && (v as number) > RECORD_VERSION;
    throw new RecordProblem(
      newer ? 'newer' : 'damaged',
      newer ? `its format is version ${v}, which this holdpoint does not know` : 'its version is missing',
    );
  }
  if (typeof type !== 'string' || !Object.hasOwn(ENTRY_KEYS, type)) {
    throw new RecordProblem('damaged', 'its type is unknown');
  }
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) throw new RecordProblem('damaged', 'it has no seq');
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) throw new RecordProblem('damaged', 'its time cannot be read');
  if (typeof session !== 'string' || typeof prev !== 'string') {
    throw new RecordProblem('damaged', 'its session or prev is missing');
  }
  return {
    seq: seq as number,
    at,
    time: time as string,
    session,
    prev,
    type: type as EntryType,
    fields,
    text,
  };
}

const onlyRoot = (_key: string | undefined, depth: number): boolean => depth === 0;

/** A field's JSON source text as it stands in the line; undefined when it has none or stands there twice. */
export function sourceOf(record: Pick<ReadRecord, 'text'>, field: string): string | undefined {
  try {
    const source = JsonSource.of(record.text);
    const node = memberOf(scanJson(source, onlyRoot), field);
    return node === undefined ? undefined : source.slice(node.start, node.end);
  } catch (error) {
    if (error instanceof JsonProblem) return undefined;
    throw error;
  }
}
