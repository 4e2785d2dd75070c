import { numberOfId, type RequestId } from '../../protocol/request-id.ts';

/** Whether a client takes an answer of the one id for one to the other. */
export function sameId(a: RequestId, b: RequestId): boolean {
  if (a.key === b.key) return true;
  const number = numberOfId(a);
  return number !== undefined && number === numberOfId(b);
}

/** What a JSON-RPC error in the body of a refusal says, in at most 300 characters; undefined: there is none. */
export function errorMessage(body: Uint8Array): string | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(body));
    const { error, error_description, message } = read as Record<string, unknown>;
    const said = (error as { message?: unknown } | null)?.message ?? error_description ?? message ?? error;
    return typeof said === 'string' && said !== '' ? said.slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}

/** The protocol version that an answer to `initialize` settles on. */
export function settledVersion(line: Uint8Array): string | undefined {
  try {
    const read = JSON.parse(new TextDecoder().decode(line)) as { result?: { protocolVersion?: unknown } };
    const version = read.result?.protocolVersion;
    return typeof version === 'string' && /^[\w.-]{1,32}$/.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}
