import { createHash } from 'node:crypto';
import { sha256Hex, sha256OfPieces } from '../platform/digest.ts';
import {
  type Asked,
  type CallPlace,
  type CallSink,
  callPlace,
  writeCall,
} from '../protocol/call-canonical.ts';
import {
  canonicalJson,
  canonicalText,
  eachPiece,
  LONG_STRING,
  longDigest,
  shortForm,
} from '../protocol/json/canonical-json.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { Unescaped } from '../protocol/json/unescaped.ts';

/** In bytes: from here on a call is digested where it stands; a shorter one is cheaper to digest as one text. */
const LONG_CALL = 8 * 1024;

/** Names the wrapped command: its argument vector, in order. */
export function commandDigest(command: readonly string[]): string {
  return sha256Hex(`holdpoint-command-v1${JSON.stringify(command)}`);
}

/**
 * Names a judged line by its very bytes (without its end). Those of a string of over 4 KiB enter as `#LENGTH:SHA-256`,
 * which no JSON can look like: that digest is needed for `callDigest` and the record too, and no byte is hashed twice.
 */
export function lineDigest(line: Uint8Array, source: JsonSource | undefined): string {
  if (source === undefined || line.length <= LONG_STRING || source.bytes.length !== line.length)
    return sha256Hex(line);
  const long = inLongStrings(source);
  if (long === 0 || line.length - long > LONG_CALL) return sha256Hex(line);
  const { bytes } = source;
  const form = shortForm(source, (token) => {
    const { start, end, odd } = token;
    if (!odd) return longDigest(source, token, sha256OfPieces);
    // In another spelling these would be other bytes.
    return { bytes: end - start - 2, digest: sha256Hex(bytes.subarray(start + 1, end - 1)) };
  });
  return sha256Hex(`holdpoint-line-v2${form}`);
}

/** Digests the calls of one server. */
export class CallDigester {
  /** Spelled once. */
  private readonly place: CallPlace;

  /** `command`: the digest of the server's command. */
  constructor(server: string, command: string) {
    this.place = callPlace(server, command);
  }

  /** Equal for calls that ask for the same, whatever their spelling. */
  of(call: Asked): string {
    const size = textSize(call.arguments) + textSize(call.inputResponses);
    const digest = size < LONG_CALL ? new TextDigest() : new StreamDigest();
    writeCall(call, this.place, digest);
    return digest.end();
  }
}

/** How much is left to be spelled as text. */
function textSize(source: JsonSource | undefined): number {
  if (source === undefined) return 0;
  const { length } = source.bytes;
  return source.regular && length >= LONG_CALL ? length - inLongStrings(source) : length;
}

/** How many bytes of a text stand in strings that are named by their digests. */
function inLongStrings(source: JsonSource): number {
  let size = 0;
  for (const { start, end } of source.longStrings()) if (end - start - 2 > LONG_STRING) size += end - start;
  return size;
}

/** For a short call: one text, one call of the hash. */
class TextDigest implements CallSink {
  private whole = '';

  text(text: string): void {
    this.whole += text;
  }

  canonical(source: JsonSource): void {
    this.whole += canonicalText(source, sha256OfPieces);
  }

  end(): string {
    return sha256Hex(this.whole);
  }
}

/** Each call of the hash costs more than copying so many bytes. */
const GATHERED = 64 * 1024;
/** Of UTF-8, a character takes at most so many bytes for each of its UTF-16 units. */
const BYTES_A_UNIT = 3;

/** For a long one: piece by piece where it stands, small ones gathered. */
class StreamDigest implements CallSink {
  private readonly hash = createHash('sha256');
  private readonly gathered = Buffer.allocUnsafe(GATHERED);
  private readonly spelled = new Unescaped('spelled');
  private size = 0;

  text(text: string): void {
    if (text.length * BYTES_A_UNIT > GATHERED) this.bytes(Buffer.from(text));
    else {
      if (this.size + text.length * BYTES_A_UNIT > GATHERED) this.flush();
      this.size += this.gathered.write(text, this.size);
    }
  }

  canonical(source: JsonSource): void {
    const { bytes } = source;
    eachPiece(canonicalJson(source, sha256OfPieces), {
      stretch: (start, end) => this.bytes(bytes.subarray(start, end)),
      text: (text) => this.text(text),
      respelled: ({ start, end }) => {
        this.text('"');
        const token = this.spelled.of(bytes, start, end);
        for (let piece = token.next(); piece !== undefined; piece = token.next()) this.bytes(piece);
        this.text('"');
      },
    });
  }

  end(): string {
    this.flush();
    return this.hash.digest('hex');
  }

  private bytes(bytes: Uint8Array): void {
    if (this.size + bytes.length > GATHERED) this.flush();
    if (bytes.length > GATHERED) this.hash.update(bytes);
    else {
      this.gathered.set(bytes, this.size);
      this.size += bytes.length;
    }
  }

  private flush(): void {
    this.hash.update(this.gathered.subarray(0, this.size));
    this.size = 0;
  }
}
