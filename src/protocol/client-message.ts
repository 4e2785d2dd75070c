import { type ClientInfo, clientInfo, isName } from './client-info.ts';
import { gatedMethod, twinOf } from './gated/methods.ts';
import { type CallMessage, lookedInto } from './gated/tools-call.ts';
import { JsonProblem } from './json/json-problem.ts';
import { type JsonNode, memberOf, scanJson, stringOf } from './json/json-scan.ts';
import { type IsUtf8, JsonSource } from './json/json-source.ts';
import { LineRefusal, MOST_NAME, PARSE_ERROR } from './line-refusal.ts';
import { looksLikeKey } from './look-alike.ts';
import { MESSAGE_KEYS } from './message-keys.ts';
import { type RequestId, requestId } from './request-id.ts';

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
  | {
      kind: 'request';
      id: RequestId;
      method: string;
      client: ClientInfo | undefined;
      /** Of `tools/list`: which page is asked for. */
      list?: ListRequest;
    }
  | { kind: 'notification'; method: string; cancels: Cancellation | undefined }
  | { kind: 'response'; id: RequestId }
  | { kind: 'blank' }
  | RefusedLine;

/** `first`: the listing begins anew; `more`: it goes on from a cursor. */
export type ListRequest = 'first' | 'more';

export interface Cancellation {
  id: RequestId;
  reason: string;
}

const CR = 0x0d;

/**
 * The one strict reading of a client's line (its bytes without the line end): one JSON object in valid UTF-8 with
 * known top-level keys, no duplicate or look-alike protocol keys, a string or integer id. Never throws: whatever
 * is not one clean message comes back as `refused` and must not be forwarded. `isUtf8`: a faster way to see that.
 */
export function readClientLine(line: Uint8Array, isUtf8?: IsUtf8): ClientMessage {
  if (isBlank(line)) return { kind: 'blank' };
  let source: JsonSource | undefined;
  let root: JsonNode | undefined;
  try {
    source = decodable(line, isUtf8);
    root = scanJson(source, lookedInto);
    return readMessage(source, root);
  } catch (error) {
    if (error instanceof JsonProblem) root = error.partial;
    return refused(error, source, root);
  }
}

function isBlank(line: Uint8Array): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return false;
  return true;
}

function decodable(line: Uint8Array, isUtf8: IsUtf8 | undefined): JsonSource {
  try {
    return JsonSource.read(line, isUtf8);
  } catch {
    const mark = (line[0] === 0xff && line[1] === 0xfe) || (line[0] === 0xfe && line[1] === 0xff);
    const why = mark ? ': it begins with the byte order mark (BOM) of UTF-16.' : '.';
    throw new LineRefusal('invalid-utf8', `The line is not valid UTF-8${why}`, PARSE_ERROR);
  }
}

/** `root` is what could be read: it may still tell whose request this was. */
function refused(error: unknown, source: JsonSource | undefined, root: JsonNode | undefined): RefusedLine {
  const idNode = memberOf(root, 'id');
  const id = idNode === undefined || source === undefined ? undefined : requestId(source, idNode);
  const answered = idNode !== undefined || memberOf(root, 'method') === undefined;
  if (error instanceof LineRefusal) {
    return { kind: 'refused', cause: error.cause, message: error.message, code: error.code, id, answered };
  }
  if (!(error instanceof JsonProblem)) {
    const message = 'The line could not be read.';
    return { kind: 'refused', cause: 'reader-fault', message, code: PARSE_ERROR, id, answered };
  }
  const bare = source?.bytes.includes(CR) === true;
  const what = bare ? 'The line holds a bare carriage return' : 'The line is not one clean JSON value';
  const message = `${what}: ${error.message}.`;
  // The rest was not read: an id may stand in it, so somebody may wait for an answer.
  return {
    kind: 'refused',
    cause: bare ? 'bare-cr' : error.cause,
    message,
    code: PARSE_ERROR,
    id,
    answered: true,
  };
}

function readMessage(source: JsonSource, root: JsonNode): ClientMessage {
  if (root.kind === 'array')
    throw new LineRefusal('batch', 'A JSON-RPC batch is not accepted; send one message a line.');
  if (root.kind !== 'object')
    throw new LineRefusal('not-an-object', 'The line is JSON but not a JSON-RPC message.');
  checkTopLevel(source, root);
  const idNode = memberOf(root, 'id');
  const id = idNode === undefined ? undefined : requestId(source, idNode);
  if (idNode !== undefined && id === undefined) {
    throw new LineRefusal('bad-id', 'The id must be a string or an integer of at most 1,024 characters.');
  }
  const methodNode = memberOf(root, 'method');
  if (methodNode === undefined) return readResponse(root, id);
  if (methodNode.kind !== 'string' || !isName(methodNode))
    throw new LineRefusal('bad-method', `The method must be a string of at most ${MOST_NAME} bytes.`);
  if (memberOf(root, 'result') !== undefined || memberOf(root, 'error') !== undefined) {
    throw new LineRefusal('hybrid', 'The message is both a request and a response.');
  }
  const method = stringOf(source, methodNode);
  const params = memberOf(root, 'params');
  const twin = twinOf(method);
  if (twin !== undefined) {
    throw new LineRefusal(
      'look-alike-method',
      `The method ${JSON.stringify(method)} looks like "${twin.name}" but is not.`,
    );
  }
  if (id === undefined) return readNotification(source, method, params);
  const gated = gatedMethod(method);
  if (gated !== undefined) return gated.read(source, id, params);
  return {
    kind: 'request',
    id,
    method,
    client: method === 'initialize' ? clientInfo(source, memberOf(params, 'clientInfo')) : undefined,
    ...(method === 'tools/list' ? { list: listRequest(params) } : {}),
  };
}

function listRequest(params: JsonNode | undefined): ListRequest {
  const cursor = memberOf(params, 'cursor');
  return cursor === undefined || cursor.kind === 'null' ? 'first' : 'more';
}

function checkTopLevel(source: JsonSource, root: JsonNode): void {
  for (const { key } of root.members ?? []) {
    if (MESSAGE_KEYS.has(key)) continue;
    const twin = looksLikeKey(key, MESSAGE_KEYS);
    throw twin === undefined
      ? new LineRefusal(
          'unknown-key',
          `The message has a key ${JSON.stringify(key)} that JSON-RPC does not know.`,
        )
      : new LineRefusal(
          'look-alike-key',
          `The key ${JSON.stringify(key)} looks like ${JSON.stringify(twin)} but is not.`,
        );
  }
  const version = memberOf(root, 'jsonrpc');
  if (version?.kind !== 'string' || stringOf(source, version) !== '2.0') {
    throw new LineRefusal('bad-version', 'The message must carry "jsonrpc": "2.0".');
  }
}

function readResponse(root: JsonNode, id: RequestId | undefined): ClientMessage {
  const hasResult = memberOf(root, 'result') !== undefined;
  const hasError = memberOf(root, 'error') !== undefined;
  if (id === undefined || hasResult === hasError || memberOf(root, 'params') !== undefined) {
    throw new LineRefusal('not-a-message', 'The object is neither a request, a notification nor a response.');
  }
  return { kind: 'response', id };
}

function readNotification(source: JsonSource, method: string, params: JsonNode | undefined): ClientMessage {
  const gated = gatedMethod(method);
  if (gated !== undefined) {
    throw new LineRefusal(
      'call-without-id',
      `A ${gated.name} without an id cannot be answered and is not forwarded.`,
    );
  }
  if (method !== 'notifications/cancelled') return { kind: 'notification', method, cancels: undefined };
  const idNode = memberOf(params, 'requestId');
  const id = idNode === undefined ? undefined : requestId(source, idNode);
  const reason = memberOf(params, 'reason');
  const said = reason?.kind === 'string' && isName(reason) ? stringOf(source, reason) : '';
  return { kind: 'notification', method, cancels: id === undefined ? undefined : { id, reason: said } };
}
