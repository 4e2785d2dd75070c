import { createHash, hash } from 'node:crypto';
import {
  type Asked,
  type CallPlace,
  type CallSink,
  callPlace,
  writeCall,
} from '../protocol/call-canonical.ts';
import { canonicalJson, canonicalText, eachPiece } from '../protocol/json/canonical-json.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { Unescaped } from '../protocol/json/unescaped.ts';

/** In bytes: from here on a call is digested where it stands; a shorter one is cheaper to digest as one text. */
const LONG_CALL = 8 * 1024;

/** Lower-case hex SHA-256. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** The same of all pieces together. */
export function sha256OfPieces(pieces: Iterable<Uint8Array>): string {
  const whole = createHash('sha256');
  for (const piece of pieces) whole.update(piece);
  return whole.digest('hex');
}

/** Names the wrapped command: its argument vector, in order. */
export function commandDigest(command: readonly string[]): string {
  return sha256(`holdpoint-command-v1${JSON.stringify(command)}`);
}

let session: { server: string; command: string; place: CallPlace } | undefined;

/** Spelled once a session. */
function placeOf(server: string, command: string): CallPlace {
  if (session?.server !== server || session.command !== command) {
    session = { server, command, place: callPlace(server, command) };
  }
  return session.place;
}

/** Equal for calls that ask for the same, whatever their spelling. */
export function callDigest(call: Asked, server: string, command: string): string {
  const size = (call.arguments?.bytes.length ?? 0) + (call.inputResponses?.bytes.length ?? 0);
  const digest = size < LONG_CALL ? new TextDigest() : new StreamDigest();
  writeCall(call, placeOf(server, command), digest);
  return digest.end();
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
    return sha256(this.whole);
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
