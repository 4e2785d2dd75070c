import type { RequestId } from './request-id.ts';

/** Ours, outside the range that JSON-RPC and MCP reserve (JSON-RPC 2.0, section 5.1). */
const NOT_EXECUTED = 1001;

export interface Refusal {
  /** The whole text for the agent: not executed, by whom or what, why, what to do. */
  text: string;
  /** For machines, under `_meta["holdpoint/decision"]`. */
  detail: RefusalDetail;
}

export interface RefusalDetail {
  /** `unknown`: the server may have run it, and nobody can tell. */
  executed: false | 'unknown';
  why: RefusalCause;
  rule?: string;
  hold?: string;
  retryAfterSeconds?: number;
}

export type RefusalCause =
  | 'denied'
  | 'stopped'
  | 'rejected'
  | 'waiting'
  | 'expired'
  | 'no-approver'
  | 'unmet'
  | 'cool-down'
  | 'flood'
  | 'audit-unwritable'
  | 'policy-invalid'
  | 'server-gone'
  | 'unreached'
  | 'refused-by-server'
  | 'no-answer'
  | 'session-ended'
  | 'fault';

/** What of a call decides the shape of its refusal. */
export interface Answerable {
  id: RequestId;
  modern: boolean;
  task: boolean;
}

/**
 * The answer to a call that was not executed: a tool result with `isError`, so that the model sees the words
 * (JSON-RPC errors are hidden by some clients), or a JSON-RPC error where the client awaits a task.
 * Returns one line with its LF.
 */
export function refusalLine(call: Answerable, refusal: Refusal): string {
  if (call.task)
    return errorLine(call.id, { code: NOT_EXECUTED, message: refusal.text, data: refusal.detail });
  const result = {
    ...(call.modern ? { resultType: 'complete' } : {}),
    content: [{ type: 'text', text: refusal.text }],
    isError: true,
    _meta: { 'holdpoint/decision': refusal.detail },
  };
  return `{"jsonrpc":"2.0","id":${call.id.text},"result":${JSON.stringify(result)}}\n`;
}

/** A JSON-RPC error line; the id is echoed as its source text, `null` when it could not be read. */
export function errorLine(
  id: RequestId | undefined,
  error: { code: number; message: string; data?: unknown },
): string {
  return `{"jsonrpc":"2.0","id":${id?.text ?? 'null'},"error":${JSON.stringify(error)}}\n`;
}

/**
 * The `n`-th keep-alive of a held call (n from 1): a progress notification on the client's own token. Values rise
 * from just above -1 and never reach 0, so that whatever the server later reports (often from 0) still rises.
 */
export function keepAliveLine(token: string, n: number, message: string): string {
  const progress = n < 10_000 ? -1 + n / 10_000 : -1 / (n + 1);
  return `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${progress},"message":${JSON.stringify(message)}}}\n`;
}
