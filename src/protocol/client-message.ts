import { type JsonNode, JsonProblem, memberOf, scanJson, stringOf } from './json-scan.ts';
import { looksLikeKey, looksLikeToolsCall } from './look-alike.ts';
import { type RequestId, requestId } from './request-id.ts';

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

export interface RefusedLine {
  kind: 'refused';
  /** A short word for the record. */
  cause: string;
  /** One sentence for the client. */
  message: string;
  code: number;
  /** The id's source text, when it could be read and the line may be a request. */
  id: RequestId | undefined;
  /** A notification or response gets no answer. */
  answered: boolean;
}

export type ClientMessage =
  | CallMessage
  | { kind: 'request'; id: RequestId; method: string; client: ClientInfo | undefined }
  | { kind: 'notification'; method: string; cancels: Cancellation | undefined }
  | { kind: 'response'; id: RequestId }
  | { kind: 'blank' }
  | RefusedLine;

export interface ClientInfo {
  name: string;
  version: string;
}

export interface Cancellation {
  id: RequestId;
  reason: string;
}

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;

const MESSAGE_KEYS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const CALL_KEYS = new Set(['name', 'arguments', '_meta', 'task', 'inputResponses', 'requestState']);
const META_KEYS = new Set([
  'progressToken',
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/clientCapabilities',
]);
const TASK_KEYS = new Set(['ttl']);
const BLANK = /^[ \t\r]*$/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Refusal extends Error {
  override readonly cause: string;
  readonly code: number;

  constructor(cause: string, message: string, code = INVALID_REQUEST) {
    super(message);
    this.cause = cause;
    this.code = code;
  }
}

/**
 * The one strict reading of a client's line (its bytes without the line end): one JSON object in valid UTF-8 with
 * known top-level keys, no duplicate or look-alike protocol keys, a string or integer id. Never throws: whatever
 * is not one clean message comes back as `refused` and must not be forwarded.
 */
export function readClientLine(line: Uint8Array): ClientMessage {
  let root: JsonNode | undefined;
  let text = '';
  try {
    text = decode(line);
    if (BLANK.test(text)) return { kind: 'blank' };
    root = scanJson(text);
    return readMessage(text, root);
  } catch (error) {
    return refused(error, text, root);
  }
}

function decode(line: Uint8Array): string {
  try {
    return decoder.decode(line);
  } catch {
    throw new Refusal('invalid-utf8', 'The line is not valid UTF-8.', PARSE_ERROR);
  }
}

function refused(error: unknown, text: string, root: JsonNode | undefined): RefusedLine {
  const idNode = memberOf(root, 'id');
  const id = idNode === undefined ? undefined : requestId(text, idNode);
  const answered = idNode !== undefined || memberOf(root, 'method') === undefined;
  if (error instanceof Refusal) {
    return { kind: 'refused', cause: error.cause, message: error.message, code: error.code, id, answered };
  }
  if (error instanceof JsonProblem) {
    const bare = text.includes('\r') ? 'bare-cr' : error.cause;
    const message =
      bare === 'bare-cr' ? 'The line holds a bare carriage return' : 'The line is not one clean JSON value';
    return {
      kind: 'refused',
      cause: bare,
      message: `${message}: ${error.message}.`,
      code: PARSE_ERROR,
      id,
      answered,
    };
  }
  const message = 'The line could not be read.';
  return { kind: 'refused', cause: 'reader-fault', message, code: PARSE_ERROR, id, answered };
}

function readMessage(text: string, root: JsonNode): ClientMessage {
  if (root.kind === 'array')
    throw new Refusal('batch', 'A JSON-RPC batch is not accepted; send one message a line.');
  if (root.kind !== 'object')
    throw new Refusal('not-an-object', 'The line is JSON but not a JSON-RPC message.');
  checkTopLevel(text, root);
  const idNode = memberOf(root, 'id');
  const id = idNode === undefined ? undefined : requestId(text, idNode);
  if (idNode !== undefined && id === undefined) {
    throw new Refusal('bad-id', 'The id must be a string or an integer of at most 1,024 characters.');
  }
  const methodNode = memberOf(root, 'method');
  if (methodNode === undefined) return readResponse(root, id);
  if (methodNode.kind !== 'string') throw new Refusal('bad-method', 'The method must be a string.');
  if (memberOf(root, 'result') !== undefined || memberOf(root, 'error') !== undefined) {
    throw new Refusal('hybrid', 'The message is both a request and a response.');
  }
  const method = stringOf(text, methodNode);
  const params = memberOf(root, 'params');
  if (looksLikeToolsCall(method)) {
    throw new Refusal(
      'look-alike-method',
      `The method ${JSON.stringify(method)} looks like "tools/call" but is not.`,
    );
  }
  if (id === undefined) return readNotification(text, method, params);
  if (method === 'tools/call') return readCall(text, id, params);
  return {
    kind: 'request',
    id,
    method,
    client: method === 'initialize' ? clientInfo(text, memberOf(params, 'clientInfo')) : undefined,
  };
}

function checkTopLevel(text: string, root: JsonNode): void {
  for (const { key } of root.members ?? []) {
    if (MESSAGE_KEYS.has(key)) continue;
    const twin = looksLikeKey(key, MESSAGE_KEYS);
    throw twin === undefined
      ? new Refusal(
          'unknown-key',
          `The message has a key ${JSON.stringify(key)} that JSON-RPC does not know.`,
        )
      : new Refusal(
          'look-alike-key',
          `The key ${JSON.stringify(key)} looks like ${JSON.stringify(twin)} but is not.`,
        );
  }
  const version = memberOf(root, 'jsonrpc');
  if (version?.kind !== 'string' || stringOf(text, version) !== '2.0') {
    throw new Refusal('bad-version', 'The message must carry "jsonrpc": "2.0".');
  }
}

function readResponse(root: JsonNode, id: RequestId | undefined): ClientMessage {
  const hasResult = memberOf(root, 'result') !== undefined;
  const hasError = memberOf(root, 'error') !== undefined;
  if (id === undefined || hasResult === hasError || memberOf(root, 'params') !== undefined) {
    throw new Refusal('not-a-message', 'The object is neither a request, a notification nor a response.');
  }
  return { kind: 'response', id };
}

function readNotification(text: string, method: string, params: JsonNode | undefined): ClientMessage {
  if (method === 'tools/call') {
    throw new Refusal(
      'call-without-id',
      'A tools/call without an id cannot be answered and is not forwarded.',
    );
  }
  if (method !== 'notifications/cancelled') return { kind: 'notification', method, cancels: undefined };
  const idNode = memberOf(params, 'requestId');
  const id = idNode === undefined ? undefined : requestId(text, idNode);
  const reason = memberOf(params, 'reason');
  const said = reason?.kind === 'string' ? stringOf(text, reason) : '';
  return { kind: 'notification', method, cancels: id === undefined ? undefined : { id, reason: said } };
}

function checkLookAlikes(node: JsonNode | undefined, known: ReadonlySet<string>, where: string): void {
  for (const { key } of node?.members ?? []) {
    const twin = looksLikeKey(key, known);
    if (twin === undefined) continue;
    const said = `In ${where} the key ${JSON.stringify(key)} looks like ${JSON.stringify(twin)} but is not.`;
    throw new Refusal('look-alike-key', said);
  }
}

function readCall(text: string, id: RequestId, params: JsonNode | undefined): CallMessage {
  if (params?.kind !== 'object')
    throw new Refusal('bad-params', 'tools/call needs a params object.', INVALID_PARAMS);
  const meta = memberOf(params, '_meta');
  const task = memberOf(params, 'task');
  checkLookAlikes(params, CALL_KEYS, 'params');
  checkLookAlikes(meta, META_KEYS, '_meta');
  checkLookAlikes(task, TASK_KEYS, 'task');
  const name = memberOf(params, 'name');
  if (name?.kind !== 'string')
    throw new Refusal('bad-tool-name', 'The tool name must be a string.', INVALID_PARAMS);
  const given = memberOf(params, 'arguments');
  if (given !== undefined && given.kind !== 'object' && given.kind !== 'null') {
    throw new Refusal('bad-arguments', 'The arguments of a tool must be an object.', INVALID_PARAMS);
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

function clientInfo(text: string, info: JsonNode | undefined): ClientInfo | undefined {
  const name = memberOf(info, 'name');
  const version = memberOf(info, 'version');
  if (name?.kind !== 'string') return undefined;
  return { name: stringOf(text, name), version: version?.kind === 'string' ? stringOf(text, version) : '' };
}
