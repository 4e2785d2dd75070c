import { createHash, hash } from 'node:crypto';
import type { CallMessage } from '../protocol/call-message.ts';
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

/** What of a call enters its digest. */
type Asked = Pick<CallMessage, 'tool' | 'arguments' | 'inputResponses' | 'task'>;

/** The canonical object's members that are the same for every call of a session. */
interface Ends {
  server: string;
  command: string;
  commandMember: string;
  serverMember: string;
}

let ends: Ends | undefined;

function endsOf(server: string, command: string): Ends {
  if (ends?.server !== server || ends.command !== command) {
    const commandMember = `"command":${JSON.stringify(command)}`;
    ends = { server, command, commandMember, serverMember: `,"server":${JSON.stringify(server)}` };
  }
  return ends;
}

/**
 * Equal for calls that ask for the same, whatever their spelling: DESIGN 1. The id, `_meta` and `requestState`
 * are left out: codex puts session ids into `_meta`.
 */
export function callDigest(call: Asked, server: string, command: string): string {
  const { commandMember, serverMember } = endsOf(server, command);
  const size = (call.arguments?.bytes.length ?? 0) + (call.inputResponses?.bytes.length ?? 0);
  const digest = size < LONG_CALL ? new TextDigest() : new StreamDigest();
  digest.text('holdpoint-call-v1{');
  // Members in the order of their keys.
  if (call.arguments !== undefined) digest.member('"arguments":', call.arguments, ',');
  digest.text(commandMember);
  if (call.inputResponses !== undefined) digest.member(',"inputResponses":', call.inputResponses, '');
  digest.text(serverMember);
  if (call.task !== undefined) digest.member(',"task":', call.task, '');
  digest.text(`,"tool":${JSON.stringify(call.tool)}}`);
  return digest.end();
}

/** For a short call: one text, one call of the hash. */
class TextDigest {
  private whole = '';

  text(text: string): void {
    this.whole += text;
  }

  member(before: string, source: JsonSource, after: string): void {
    this.whole += before + canonicalText(source, sha256) + after;
  }

  end(): string {
    return sha256(this.whole);
  }
}

/** For a long one: piece by piece where it stands. */
class StreamDigest {
  private readonly hash = createHash('sha256');

  text(text: string): void {
    this.hash.update(text);
  }

  member(before: string, source: JsonSource, after: string): void {
    this.hash.update(before);
    eachPiece(
      canonicalJson(source, sha256),
      (start, end) => this.hash.update(source.bytes.subarray(start, end)),
      (text) => this.hash.update(text),
    );
    if (after !== '') this.hash.update(after);
  }

  end(): string {
    return this.hash.digest('hex');
  }
}
