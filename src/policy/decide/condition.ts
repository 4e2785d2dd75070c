import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { RiskClass } from '../../risk/classes/risk-class.ts';
import type { Reversibility } from '../../risk/reversibility.ts';
import { type LostIn, NotEvaluable, type Value, type Values, valuesOf } from './json-values.ts';
import type { Call, Facts, ToolFacts } from './types.ts';

/** Longer arguments are not evaluated: a condition must not become a way to keep the proxy busy. */
export const MOST_BYTES = 256 * 1024;

/** Why a condition has no value, as the end of a sentence. It holds nothing of the call's arguments but numbers. */
export interface Unevaluated {
  why: string;
  /** The call itself could have been evaluated; its record cannot. */
  lost?: boolean;
}

/** Reading so many takes 10 ms (measured). */
const MOST_VALUES = 20_000;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function commasIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(COMMA); at !== -1; at = bytes.indexOf(COMMA, at + 1)) count += 1;
  return count;
}

/** Values stand between commas; those within a text part none. */
function hasTooMany(bytes: Uint8Array): boolean {
  return commasIn(bytes) > MOST_VALUES && commasOutsideTexts(bytes) > MOST_VALUES;
}

function commasOutsideTexts(bytes: Uint8Array): number {
  let count = 0;
  let text = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) text = !text;
    else if (byte === BACKSLASH) at += 1;
    else if (byte === COMMA && !text) count += 1;
  }
  return count;
}

/** What can be said of a condition before any call. Paths are those of arguments: `args.a.b` is [a, b]. */
export interface ConditionFacts {
  /** Its value, when it is the same for every call. */
  constant: boolean | undefined;
  /** What it reads. */
  reads: string[][];
  /** What it asks for with has() or `in`. */
  guards: string[][];
  /** Patterns that it tries on texts with glob(), and what of the arguments each is tried on, where that is plain. */
  globs: { pattern: string; on: string[] | undefined }[];
  /** Whether one text of many can make it true: an anyText() that no "!" stands before. */
  oneTextIsEnough: boolean;
}

/** A `when` or `unless`, compiled and checked. Pure; never throws. */
export interface Condition {
  /** As it stands in the policy. */
  source: string;
  /** Known where it was compiled from its policy's text; of a kept policy nobody asks for them. */
  facts?: ConditionFacts | undefined;
  test(values: CallValues): boolean | Unevaluated;
  /**
   * Begins to load what it needs to be evaluated; undefined: it needs nothing, or nothing any more. Until then it
   * cannot be evaluated. Never rejects.
   */
  awaits?(): Promise<void> | undefined;
}

/** What conditions see of one call. Its arguments are read when the first condition asks for them. */
export class CallValues {
  readonly call: Call;
  /** Milliseconds since 1970. */
  readonly now: number;
  private readonly lost: LostIn | undefined;
  private readonly tool: ToolFacts | undefined;
  private read: { args: Values; input: Values } | NotEvaluable | undefined;

  constructor(call: Call, { now, lost, tool }: Pick<Facts, 'now' | 'lost' | 'tool'>) {
    this.call = call;
    this.now = now;
    this.lost = lost;
    this.tool = tool;
  }

  /** The tool's class and its server's hints. Throws a NotEvaluable while its definition is not known. */
  get definition(): Pick<ToolFacts, 'annotations' | 'sure'> & {
    risk: RiskClass;
    reversibility: Reversibility;
  } {
    const { risk, annotations, sure = false, reversibility = 'unknown' } = this.tool ?? {};
    if (risk === undefined || annotations === undefined)
      throw new NotEvaluable("the tool's definition was neither seen nor pinned", this.lost !== undefined);
    return { risk, sure, reversibility, annotations };
  }

  /** Throws a NotEvaluable for arguments that are too long, or too odd. */
  get given(): { args: Values; input: Values } {
    this.read ??= this.readAll();
    if (this.read instanceof NotEvaluable) throw this.read;
    return this.read;
  }

  /** Whether an argument was lost with the call's record, or something that it stood in. */
  lacks(path: readonly string[]): boolean {
    if (this.lost === undefined) return false;
    try {
      let value: Value | undefined = this.given.args.root;
      for (const step of path) value = value instanceof Map ? value.get(step) : undefined;
      return false;
    } catch (error) {
      return error instanceof NotEvaluable && error.lost;
    }
  }

  private readAll(): { args: Values; input: Values } | NotEvaluable {
    const { arguments: args, inputResponses } = this.call;
    try {
      return { args: this.values(args), input: inputResponses ? this.values(inputResponses) : NONE };
    } catch (error) {
      return error instanceof NotEvaluable ? error : new NotEvaluable('the arguments cannot be read');
    }
  }

  private values(source: JsonSource): Values {
    const { bytes } = source;
    if (bytes.length > MOST_BYTES) throw tooLong();
    if (hasTooMany(bytes)) throw new NotEvaluable(`the arguments hold more than ${MOST_VALUES} values`);
    const values = valuesOf(source, this.lost);
    // Of a record: the call itself was longer.
    if (bytes.length + values.lost > MOST_BYTES) throw tooLong();
    return values;
  }
}

function tooLong(): NotEvaluable {
  return new NotEvaluable(`the arguments are longer than ${MOST_BYTES / 1024} KiB`);
}

const NONE: Values = { root: new Map(), longestText: 0, mostItems: 0, texts: 0, allText: 0, lost: 0 };
