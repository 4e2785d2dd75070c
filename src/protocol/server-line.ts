import { type JsonNode, memberOf, scanJson } from './json-scan.ts';
import { type RequestId, requestId } from './request-id.ts';

/** A server's answer, as far as the record needs it. */
export interface ServerAnswer {
  id: RequestId;
  outcome: 'ok' | 'error';
  /** `result.isError` of a tool's result. */
  isError: boolean;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a server's line (without its end) as an answer to a request. Anything that is not one clean response
 * returns undefined: it passes unchanged and teaches us nothing (DESIGN 5). Real servers write `id` last.
 */
export function readServerAnswer(line: Uint8Array): ServerAnswer | undefined {
  try {
    const text = decoder.decode(line);
    return answerOf(text, scanJson(text));
  } catch {
    return undefined;
  }
}

function answerOf(text: string, root: JsonNode): ServerAnswer | undefined {
  const result = memberOf(root, 'result');
  const error = memberOf(root, 'error');
  const idNode = memberOf(root, 'id');
  if (idNode === undefined || (result === undefined) === (error === undefined)) return undefined;
  if (memberOf(root, 'method') !== undefined) return undefined;
  const id = requestId(text, idNode);
  if (id === undefined) return undefined;
  return {
    id,
    outcome: error === undefined ? 'ok' : 'error',
    isError: memberOf(result, 'isError')?.kind === 'true',
  };
}
