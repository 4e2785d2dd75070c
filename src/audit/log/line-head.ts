import { ENTRY_KEYS, type EntryType, RECORD_VERSION } from './entry.ts';
import { fieldJson } from './raw-json.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
/** Of an ISO time, and of a digest. */
const TIME = 24;
const DIGEST = 64;
/** More digits may not be one number for us. */
const MOST_DIGITS = 15;

const BEFORE_SEQ = Buffer.from(`{"v":${RECORD_VERSION},"seq":`);
const BEFORE_TIME = Buffer.from(',"time":"');
const BEFORE_MONO = Buffer.from('","mono":');
const BEFORE_TYPE = Buffer.from('","type":"');
const BEFORE_CALL = Buffer.from('","call":');
const TYPES = (Object.keys(ENTRY_KEYS) as EntryType[]).map((type) => ({
  type,
  bytes: Buffer.from(`${type}"`),
}));

/**
 * Reads of which type and call a line is without reading the line: its first fields stand where the journal writes
 * them. Compares bytes only; made once for a session's many lines.
 */
export class LineHead {
  private readonly beforePrev: Buffer;
  private at = 0;
  private digits = 0;
  type: EntryType = 'session';
  /** -1 for a record of no call. */
  call = -1;

  constructor(session: string) {
    this.beforePrev = Buffer.from(`,"session":${fieldJson(session)},"prev":"`);
  }

  /** False for a line that does not begin, or end, as the journal writes them. */
  read(bytes: Buffer, from: number, to: number): boolean {
    this.at = from;
    if (bytes[to - 1] !== CLOSE) return false;
    const header =
      this.skip(bytes, BEFORE_SEQ) &&
      this.number(bytes) &&
      this.skip(bytes, BEFORE_TIME) &&
      this.pass(TIME) &&
      this.skip(bytes, BEFORE_MONO) &&
      this.number(bytes) &&
      this.skip(bytes, this.beforePrev) &&
      this.pass(DIGEST) &&
      this.skip(bytes, BEFORE_TYPE) &&
      this.typeOf(bytes);
    if (!header || this.at > to) return false;
    this.call = -1;
    this.at -= 1;
    if (this.skip(bytes, BEFORE_CALL)) {
      if (!this.number(bytes) || bytes[this.at] !== COMMA) return false;
      this.call = this.digits;
    }
    return true;
  }

  private pass(count: number): true {
    this.at += count;
    return true;
  }

  private skip(bytes: Buffer, text: Buffer): boolean {
    const { at } = this;
    for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
    this.at = at + text.length;
    return true;
  }

  private number(bytes: Buffer): boolean {
    const start = this.at;
    let value = 0;
    let byte = bytes[this.at] ?? QUOTE;
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + byte - ZERO;
      this.at += 1;
      byte = bytes[this.at] ?? QUOTE;
    }
    this.digits = value;
    const length = this.at - start;
    return length > 0 && length <= MOST_DIGITS;
  }

  private typeOf(bytes: Buffer): boolean {
    for (const { type, bytes: name } of TYPES) {
      if (!this.skip(bytes, name)) continue;
      this.type = type;
      return true;
    }
    return false;
  }
}
