/** What JSON-RPC knows at a message's top level. */
export const MESSAGE_KEYS: ReadonlySet<string> = new Set([
  'jsonrpc',
  'id',
  'method',
  'params',
  'result',
  'error',
]);
