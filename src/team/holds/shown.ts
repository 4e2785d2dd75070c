import { type HoldView, type SessionView, WIRE_VERSION, wireLine } from '../../approvals/channel/messages.ts';
import { readProxyMessage } from '../../approvals/channel/read-proxy-message.ts';
import { fieldsOf } from '../../approvals/channel/wire-fields.ts';

/** What an approver elsewhere is shown of a hold, and of the session that it belongs to. */
export interface Shown {
  session: SessionView;
  hold: HoldView;
  /** The digests under the home's key, of a call that is recorded by them: what is signed. */
  keyed?: { digest: string; callDigest: string };
}

/** Of a hold that is too long for the relay. */
export interface Stub {
  session: SessionView;
  tooLong: number;
}

export type Told = Shown | Stub;

/** The session as it is shown elsewhere: its processes and folders are of another machine. */
export function sessionElsewhere(session: SessionView): SessionView {
  return { ...session, pid: 0, ancestors: [], terminal: null, folder: null, grants: [] };
}

/** Reads strictly what a machine sealed: undefined for anything else. */
export function readTold(text: string): Told | undefined {
  const value = fieldsOf(text);
  if (value === undefined) return undefined;
  const { session, hold, keyed, tooLong } = value;
  const hello = readProxyMessage(
    wireLine({ type: 'hello', v: WIRE_VERSION, ...(session as SessionView) }).trim(),
  );
  if (hello?.type !== 'hello') return undefined;
  const shown = sessionElsewhere(session as SessionView);
  if (typeof tooLong === 'number') return { session: shown, tooLong };
  const read = readProxyMessage(wireLine({ type: 'hold', hold: hold as HoldView }).trim());
  if (read?.type !== 'hold') return undefined;
  if (keyed === undefined) return { session: shown, hold: read.hold };
  return isKeyed(keyed) ? { session: shown, hold: read.hold, keyed } : undefined;
}

function isKeyed(value: unknown): value is { digest: string; callDigest: string } {
  const { digest, callDigest } = (value ?? {}) as Record<string, unknown>;
  return typeof digest === 'string' && typeof callDigest === 'string';
}
