import type { CallMessage } from './gated/tools-call.ts';
import type { JsonSource } from './json/json-source.ts';

/** What of a call enters its digest. */
export type Asked = Pick<CallMessage, 'tool' | 'arguments' | 'inputResponses' | 'task'>;

/** The canonical object's members that are the same for every call of a session. */
export interface CallPlace {
  command: string;
  server: string;
}

export interface CallSink {
  text(text: string): void;
  /** The value goes in as canonical JSON. */
  canonical(source: JsonSource): void;
}

/** `command` is the digest of the server's command. */
export function callPlace(server: string, command: string): CallPlace {
  return {
    command: `"command":${JSON.stringify(command)}`,
    server: `,"method":"tools/call","server":${JSON.stringify(server)}`,
  };
}

/**
 * Spells a call so that calls which ask for the same are spelled the same (`callDigest` is the SHA-256 of
 * this). The id, `_meta` and `requestState` are left out: codex puts session ids into `_meta`.
 */
export function writeCall(call: Asked, place: CallPlace, sink: CallSink): void {
  sink.text('holdpoint-call-v2{');
  // Members in the order of their keys.
  if (call.arguments !== undefined) {
    sink.text('"arguments":');
    sink.canonical(call.arguments);
    sink.text(',');
  }
  sink.text(place.command);
  if (call.inputResponses !== undefined) {
    sink.text(',"inputResponses":');
    sink.canonical(call.inputResponses);
  }
  sink.text(place.server);
  if (call.task !== undefined) {
    sink.text(',"task":');
    sink.canonical(call.task);
  }
  sink.text(`,"tool":${JSON.stringify(call.tool)}}`);
}
