import { type JsonNode, memberOf, stringOf } from './json-scan.ts';
import { INVALID_PARAMS, LineRefusal } from './line-refusal.ts';
import { looksLikeKey } from './look-alike.ts';
import { type RequestId, requestId } from './request-id.ts';

export interface ClientInfo {
  name: string;
  version: string;
}

/** One `tools/call`, read strictly. Texts are source text of the judged line. */
export interface CallMessage {
  kind: 'call';
  id: RequestId;
  tool: string;
  /** The source of `arguments`, or undefined when the call has none. */
  argumentsText: string | undefined;
  /** `inputResponses` and `task`, as source text: they make it another call. */
  inputResponsesText: string | undefined;
  taskText: string | undefined;
  /** Whether it carries a protocol version of 2026-07-28 or later in its `_meta`: its answers need a `resultType`. */
  modern: boolean;
  /** The source of a string or integer `_meta.progressToken` (0 is a token). */
  progressToken: string | undefined;
  /** From `_meta`, where a 2026-07-28 client names itself with every request. */
  client: ClientInfo | undefined;
  /** The line's whole text and the nodes of what is judged, for canonical forms. */
  source: string;
  nodes: {
    arguments: JsonNode | undefined;
    inputResponses: JsonNode | undefined;
    task: JsonNode | undefined;
  };
}

const CALL_KEYS = new Set(['name', 'arguments', '_meta', 'task', 'inputResponses', 'requestState']);
const META_KEYS = new Set([
  'progressToken',
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/clientCapabilities',
]);
const TASK_KEYS = new Set(['ttl']);

function checkLookAlikes(node: JsonNode | undefined, known: ReadonlySet<string>, where: string): void {
  for (const { key } of node?.members ?? []) {
    const twin = looksLikeKey(key, known);
    if (twin === undefined) continue;
    const said = `In ${where} the key ${JSON.stringify(key)} looks like ${JSON.stringify(twin)} but is not.`;
    throw new LineRefusal('look-alike-key', said);
  }
}

/** A `tools/call` request as one call. Throws a LineRefusal for whatever servers might read in different ways. */
export function readCall(text: string, id: RequestId, params: JsonNode | undefined): CallMessage {
  if (params?.kind !== 'object')
    throw new LineRefusal('bad-params', 'tools/call needs a params object.', INVALID_PARAMS);
  const meta = memberOf(params, '_meta');
  const task = memberOf(params, 'task');
  checkLookAlikes(params, CALL_KEYS, 'params');
  checkLookAlikes(meta, META_KEYS, '_meta');
  checkLookAlikes(task, TASK_KEYS, 'task');
  const name = memberOf(params, 'name');
  if (name?.kind !== 'string')
    throw new LineRefusal('bad-tool-name', 'The tool name must be a string.', INVALID_PARAMS);
  const given = memberOf(params, 'arguments');
  if (given !== undefined && given.kind !== 'object' && given.kind !== 'null') {
    throw new LineRefusal('bad-arguments', 'The arguments of a tool must be an object.', INVALID_PARAMS);
  }
  const sourceOf = (node: JsonNode | undefined) =>
    node === undefined ? undefined : text.slice(node.start, node.end);
  const inputResponses = memberOf(params, 'inputResponses');
  return {
    kind: 'call',
    id,
    tool: stringOf(text, name),
    argumentsText: sourceOf(given),
    inputResponsesText: sourceOf(inputResponses),
    taskText: sourceOf(task),
    modern: memberOf(meta, 'io.modelcontextprotocol/protocolVersion') !== undefined,
    progressToken: progressToken(text, memberOf(meta, 'progressToken')),
    client: clientInfo(text, memberOf(meta, 'io.modelcontextprotocol/clientInfo')),
    source: text,
    nodes: { arguments: given, inputResponses, task },
  };
}

function progressToken(text: string, node: JsonNode | undefined): string | undefined {
  return node === undefined || requestId(text, node) === undefined
    ? undefined
    : text.slice(node.start, node.end);
}

/** What a client says of itself: `{name, version}`, or undefined. */
export function clientInfo(text: string, info: JsonNode | undefined): ClientInfo | undefined {
  const name = memberOf(info, 'name');
  const version = memberOf(info, 'version');
  if (name?.kind !== 'string') return undefined;
  return { name: stringOf(text, name), version: version?.kind === 'string' ? stringOf(text, version) : '' };
}
