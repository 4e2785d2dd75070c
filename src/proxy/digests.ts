import { createHash, hash } from 'node:crypto';
import { type Asked, type CallPlace, type CallSink, callPlace, writeCall } from '../protocol/call-text.ts';
import { canonicalJson, canonicalText, eachPiece } from '../protocol/canonical-json.ts';
import type { JsonSource } from '../protocol/json-source.ts';

/** In bytes: from here on a call is digested where it stands; a shorter one is cheaper to digest as one text. */
const LONG_CALL = 8 * 1024;

/** Lower-case hex SHA-256. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
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

/** Equal for calls that ask for the same, whatever their spelling: DESIGN 1. */
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
    this.whole += canonicalText(source, sha256);
  }

  end(): string {
    return sha256(this.whole);
  }
}

/** For a long one: piece by piece where it stands. */
class StreamDigest implements CallSink {
  private readonly hash = createHash('sha256');

  text(text: string): void {
    this.hash.update(text);
  }

  canonical(source: JsonSource): void {
    eachPiece(
      canonicalJson(source, sha256),
      (start, end) => this.hash.update(source.bytes.subarray(start, end)),
      (text) => this.hash.update(text),
    );
  }

  end(): string {
    return this.hash.digest('hex');
  }
}
