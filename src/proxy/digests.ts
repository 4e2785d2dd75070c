import { createHash, hash } from 'node:crypto';
import type { CallMessage } from '../protocol/call-message.ts';
import { canonicalJson } from '../protocol/canonical-json.ts';

/** In UTF-16 units of the line. */
const LONG_CALL = 64 * 1024;

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
  const parts = members.flatMap(([key, value], i) => [i === 0 ? '{' : ',', '"', key, '":', value]);
  const long = (nodes.arguments?.end ?? 0) > LONG_CALL;
  return long
    ? piecewise(['holdpoint-call-v1', ...parts, '}'])
    : sha256(`holdpoint-call-v1${parts.join('')}}`);
}

/** For a long call joining would cost another copy; for a short one a single call of the hash is cheaper. */
function piecewise(parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('hex');
}
