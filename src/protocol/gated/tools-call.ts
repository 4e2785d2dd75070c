import { type Answerable, type Refusal, refusalLine } from '../answers.ts';
import { type ClientInfo, clientInfo, isName } from '../client-info.ts';
import { type JsonNode, memberOf, stringOf } from '../json/json-scan.ts';
import type { JsonSource } from '../json/json-source.ts';
import { INVALID_PARAMS, LineRefusal, MOST_NAME } from '../line-refusal.ts';
import { looksLikeKey, looksLikeToolsCall } from '../look-alike.ts';
import { type RequestId, requestId } from '../request-id.ts';
import type { GatedMethod } from './gated.ts';

/** One `tools/call`, read strictly. Sources are stretches of the judged line. */
export interface CallMessage {
  kind: 'call';
  id: RequestId;
  tool: string;
  /** Undefined when the call has none. */
  arguments: JsonSource | undefined;
  /** These two make it another call. */
  inputResponses: JsonSource | undefined;
  task: JsonSource | undefined;
  /** What the client says a server gave it with `input_required`. */
  requestState: string | undefined;
  /** Whether it carries a protocol version of 2026-07-28 or later in its `_meta`: its answers need a `resultType`. */
  modern: boolean;
  /** The source of a string or integer `_meta.progressToken` (0 is a token). */
  progressToken: string | undefined;
  /** From `_meta`, where a 2026-07-28 client names itself with every request. */
  client: ClientInfo | undefined;
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const CALL_KEYS = new Set(['name', 'arguments', '_meta', 'task', 'inputResponses', 'requestState']);
const META_KEYS = new Set([
  'progressToken',
  VERSION,
  CLIENT_INFO,
  'io.modelcontextprotocol/clientCapabilities',
]);
const TASK_KEYS = new Set(['ttl']);
/** Objects of which the reading needs the members; whatever else a line holds is checked and passed over. */
const LOOKED_INTO = new Set(['params', '_meta', 'task', 'clientInfo', CLIENT_INFO]);

/** For `scanJson`: what becomes nodes of a client's line. */
export function lookedInto(key: string | undefined, depth: number): boolean {
  return depth === 0 || (depth < 4 && key !== undefined && LOOKED_INTO.has(key));
}

/** What a server might read and nobody would be shown: `_meta` alone is open, for clients put notes there. */
function checkUnknown(params: JsonNode): void {
  const unknown = params.members?.find(({ key }) => !CALL_KEYS.has(key));
  if (unknown === undefined) return;
  const said = `The params of tools/call have a member ${JSON.stringify(unknown.key)} that MCP does not know. What a tool needs belongs into "arguments".`;
  throw new LineRefusal('unknown-param', said, INVALID_PARAMS);
}

/** Comparing keys by what they look like takes its time. */
const MOST_KEY_LETTERS = 64 * 1024;

function checkLookAlikes(node: JsonNode | undefined, known: ReadonlySet<string>, where: string): void {
  let letters = 0;
  for (const { key } of node?.members ?? []) {
    letters += key.length;
    if (letters > MOST_KEY_LETTERS) {
      const said = `The keys of ${where} have more than ${MOST_KEY_LETTERS} characters together.`;
      throw new LineRefusal('too-many-values', said, INVALID_PARAMS);
    }
    const twin = looksLikeKey(key, known);
    if (twin === undefined) continue;
    const said = `In ${where} the key ${JSON.stringify(key)} looks like ${JSON.stringify(twin)} but is not.`;
    throw new LineRefusal('look-alike-key', said);
  }
}

/** The method whose requests are calls. */
export const TOOLS_CALL: GatedMethod = {
  name: 'tools/call',
  isTwin: looksLikeToolsCall,
  read: readCall,
  refusal: (call: Answerable, refusal: Refusal) => refusalLine(call, refusal),
};

/** A `tools/call` request as one call. Throws a LineRefusal for whatever servers might read in different ways. */
function readCall(source: JsonSource, id: RequestId, params: JsonNode | undefined): CallMessage {
  if (params?.kind !== 'object')
    throw new LineRefusal('bad-params', 'tools/call needs a params object.', INVALID_PARAMS);
  const meta = memberOf(params, '_meta');
  const task = memberOf(params, 'task');
  checkLookAlikes(params, CALL_KEYS, 'params');
  checkLookAlikes(meta, META_KEYS, '_meta');
  checkLookAlikes(task, TASK_KEYS, 'task');
  checkUnknown(params);
  const name = memberOf(params, 'name');
  if (name?.kind !== 'string' || !isName(name)) {
    const said = `The tool name must be a string of at most ${MOST_NAME} bytes.`;
    throw new LineRefusal('bad-tool-name', said, INVALID_PARAMS);
  }
  const given = memberOf(params, 'arguments');
  if (given !== undefined && given.kind !== 'object' && given.kind !== 'null') {
    throw new LineRefusal('bad-arguments', 'The arguments of a tool must be an object.', INVALID_PARAMS);
  }
  const state = memberOf(params, 'requestState');
  if (state !== undefined && state.kind !== 'string')
    throw new LineRefusal('bad-state', 'The requestState must be a string.', INVALID_PARAMS);
  const part = (node: JsonNode | undefined) =>
    node === undefined ? undefined : source.part(node.start, node.end, node.regular);
  return {
    kind: 'call',
    id,
    tool: stringOf(source, name),
    arguments: part(given),
    inputResponses: part(memberOf(params, 'inputResponses')),
    task: part(task),
    requestState: state && stringOf(source, state),
    modern: memberOf(meta, VERSION) !== undefined,
    progressToken: progressToken(source, memberOf(meta, 'progressToken')),
    client: clientInfo(source, memberOf(meta, CLIENT_INFO)),
  };
}

function progressToken(source: JsonSource, node: JsonNode | undefined): string | undefined {
  return node === undefined || requestId(source, node) === undefined
    ? undefined
    : source.slice(node.start, node.end);
}
