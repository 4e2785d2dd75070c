import { createHash, hash } from 'node:crypto';
import type { CallMessage } from '../protocol/call-message.ts';
import { canonicalJson } from '../protocol/canonical-json.ts';

/** Lower-case hex SHA-256. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** Names the wrapped command: its argument vector, in order. */
export function commandDigest(command: readonly string[]): string {
  return sha256(`holdpoint-command-v1${JSON.stringify(command)}`);
}

/**
 * Equal for calls that ask for the same, whatever their spelling: DESIGN 1. The id, `_meta` and `requestState`
 * are left out: codex puts session ids into `_meta`.
 */
export function callDigest(call: CallMessage, server: string, command: string): string {
  const { nodes, source } = call;
  const members: [string, string][] = [];
  if (nodes.arguments !== undefined) members.push(['arguments', canonicalJson(source, nodes.arguments)]);
  members.push(['command', JSON.stringify(command)]);
  if (nodes.inputResponses !== undefined) {
    members.push(['inputResponses', canonicalJson(source, nodes.inputResponses)]);
  }
  members.push(['server', JSON.stringify(server)]);
  if (nodes.task !== undefined) members.push(['task', canonicalJson(source, nodes.task)]);
  members.push(['tool', JSON.stringify(call.tool)]);
  // Piece by piece: joining them would copy a long call once more.
  const digest = createHash('sha256').update('holdpoint-call-v1{');
  for (const [i, [key, value]] of members.entries())
    digest.update(`${i === 0 ? '' : ','}"${key}":`).update(value);
  return digest.update('}').digest('hex');
}
