import { type JsonNode, memberOf, scanJson, stringOf } from '../../protocol/json/json-scan.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { type RequestId, requestId } from '../../protocol/request-id.ts';

/** A line of the client that was judged and is to be posted. */
export interface Outgoing {
  /** Without the line's end: the very body of the request. */
  body: Uint8Array;
  kind: 'request' | 'notification' | 'response';
  /** Of a request. */
  id: RequestId | undefined;
  /** Empty for a response. */
  method: string;
  /** The protocol version that it carries itself (2026-07-28 and later). */
  version: string | undefined;
  /** What `Mcp-Name` mirrors: the tool, prompt, address or task that it names. */
  name: string | undefined;
  /** Of a call, as source. */
  arguments: JsonSource | undefined;
  /** Of a cancellation: the request that nobody asks for any more. */
  cancels: RequestId | undefined;
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
/** Which member of `params` is mirrored, by method (SEP-2243, and SEP-2663 for tasks). */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);
const LOOKED_INTO = new Set(['params', '_meta']);

const looked = (key: string | undefined, depth: number): boolean =>
  depth === 0 || (depth < 3 && key !== undefined && LOOKED_INTO.has(key));

/**
 * What has to be known of a line to post it. It was read strictly before, so nothing is refused here: throws for bytes
 * that never passed the gate.
 */
export function readOutgoing(body: Uint8Array): Outgoing {
  const source = JsonSource.read(body);
  const root = scanJson(source, looked);
  const idNode = memberOf(root, 'id');
  const id = idNode && requestId(source, idNode);
  const method = textOf(source, memberOf(root, 'method'));
  const params = memberOf(root, 'params');
  const key = NAMED_BY.get(method ?? '');
  const given = method === 'tools/call' ? memberOf(params, 'arguments') : undefined;
  return {
    body,
    kind: method === undefined ? 'response' : id === undefined ? 'notification' : 'request',
    id: method === undefined ? undefined : id,
    method: method ?? '',
    version: textOf(source, memberOf(memberOf(params, '_meta'), VERSION)),
    name: key === undefined ? undefined : textOf(source, memberOf(params, key)),
    arguments: given && source.part(given.start, given.end, given.regular),
    cancels: method === 'notifications/cancelled' ? cancelled(source, params) : undefined,
  };
}

function cancelled(source: JsonSource, params: JsonNode | undefined): RequestId | undefined {
  const node = memberOf(params, 'requestId');
  return node && requestId(source, node);
}

function textOf(source: JsonSource, node: JsonNode | undefined): string | undefined {
  return node?.kind === 'string' ? stringOf(source, node) : undefined;
}
