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

/**
 * Equal for calls that ask for the same, whatever their spelling: DESIGN 1. The id, `_meta` and `requestState`
 * are left out: codex puts session ids into `_meta`.
 */
export function callDigest(call: Asked, server: string, command: string): string {
  const size = (call.arguments?.bytes.length ?? 0) + (call.inputResponses?.bytes.length ?? 0);
  if (size < LONG_CALL) {
    let text = 'holdpoint-call-v1';
    for (const part of parts(call, server, command))
      text += typeof part === 'string' ? part : canonicalText(part, sha256);
    return sha256(text);
  }
  const digest = createHash('sha256').update('holdpoint-call-v1');
  for (const part of parts(call, server, command)) {
    if (typeof part === 'string') digest.update(part);
    else {
      eachPiece(
        canonicalJson(part, sha256),
        (start, end) => digest.update(part.bytes.subarray(start, end)),
        (text) => digest.update(text),
      );
    }
  }
  return digest.digest('hex');
}

/** The canonical object's members in the order of their keys; sources stand for their canonical form. */
function parts(call: Asked, server: string, command: string): (string | JsonSource)[] {
  const found: (string | JsonSource)[] = ['{'];
  if (call.arguments !== undefined) found.push('"arguments":', call.arguments, ',');
  found.push(`"command":${JSON.stringify(command)}`);
  if (call.inputResponses !== undefined) found.push(',"inputResponses":', call.inputResponses);
  found.push(`,"server":${JSON.stringify(server)}`);
  if (call.task !== undefined) found.push(',"task":', call.task);
  found.push(`,"tool":${JSON.stringify(call.tool)}}`);
  return found;
}
