import { basename } from 'node:path';
import type { ProxyDirectory } from './channel.ts';
import type {
  Braked,
  HoldView,
  LookMessage,
  Reread,
  RevokeMessage,
  SessionView,
  VerdictMessage,
} from './messages.ts';
import { socketDirectory } from './socket-client.ts';

/** A proxy that answered, with what it holds now. */
export interface Attached {
  session: SessionView;
  holds: HoldView[];
  /** Sends a verdict and waits for what became of it. */
  decide(verdict: Omit<VerdictMessage, 'type' | 'ref'>): Promise<{ ok: boolean; message: string }>;
  revoke(grant: Omit<RevokeMessage, 'type' | 'ref'>): Promise<{ ok: boolean; message: string }>;
  /** Tells it to look whether everything is stopped; undefined when it does not say. */
  brake(): Promise<Braked | undefined>;
  /** Tells it to look whether another policy is in force. */
  reread(): Promise<Reread | undefined>;
  close(): void;
}

const WITHIN_MS = 3_000;

/**
 * Asks every proxy of a home once. Those that do not answer in time, or speak another version, are `silent`.
 * `glance`: in so many ms, and nothing is tidied up.
 */
export function gather(
  runFolder: string,
  glance?: number,
): Promise<{ attached: Attached[]; silent: string[] }> {
  return gatherFrom(socketDirectory(runFolder, glance === undefined), glance);
}

/** The same, of proxies that are found otherwise. */
export async function gatherFrom(
  directory: ProxyDirectory,
  glance?: number,
): Promise<{ attached: Attached[]; silent: string[] }> {
  const silent: string[] = [];
  const answers = await Promise.all(
    directory.list().map((path) =>
      attach(directory, path, glance ?? WITHIN_MS).catch((error: Error) => {
        if (error.message !== '') silent.push(`${proxyAt(path)} ${error.message}`);
        return undefined;
      }),
    ),
  );
  return { attached: answers.filter((one) => one !== undefined), silent };
}

/** Why nothing can be said where nobody answered, as a sentence. */
export function nobody(silent: readonly string[]): string {
  return silent.length === 0
    ? 'No holdpoint proxy is running in this home, so nothing waits.'
    : `No holdpoint proxy of this home could be asked, so what waits is not known: ${silent.join('; ')}.`;
}

function proxyAt(path: string): string {
  return `the proxy of session ${basename(path, '.sock')}:`;
}

/** Rejects with an empty message for a socket that nobody serves any more: it is removed, not worth a word. */
function attach(directory: ProxyDirectory, path: string, withinMs: number): Promise<Attached> {
  return new Promise((resolve, reject) => {
    let session: SessionView | undefined;
    const holds: HoldView[] = [];
    const awaited = new Map<number, (result: { ok: boolean; message: string }) => void>();
    const timer = setTimeout(() => {
      connection.close();
      reject(new Error('it does not answer'));
    }, withinMs);
    const asked = (send: (ref: number) => void): Promise<{ ok: boolean; message: string }> =>
      new Promise((settle) => {
        const ref = awaited.size + 1;
        awaited.set(ref, settle);
        send(ref);
      });
    const decide: Attached['decide'] = (verdict) =>
      asked((ref) => connection.send({ type: 'verdict', ref, ...verdict }));
    const revoke: Attached['revoke'] = (grant) =>
      asked((ref) => connection.send({ type: 'revoke', ref, ...grant }));
    const looks = new Map<number, (found: unknown) => void>();
    const look = <Found>(at: LookMessage['at']): Promise<Found | undefined> =>
      new Promise((settle) => {
        const ref = looks.size + 1;
        looks.set(ref, (found) => settle(found as Found | undefined));
        setTimeout(() => settle(undefined), withinMs).unref();
        connection.send({ type: 'look', ref, at });
      });
    const brake = (): Promise<Braked | undefined> => look('stop');
    const reread = (): Promise<Reread | undefined> => look('policy');
    const connection = directory.connect(path, false, {
      message: (message) => {
        if (message.type === 'hello') session = message;
        else if (message.type === 'hold') holds.push(message.hold);
        else if (message.type === 'result') awaited.get(message.ref)?.(message);
        else if (message.type === 'braked' || message.type === 'reread') looks.get(message.ref)?.(message);
        else if (message.type === 'ready' && session !== undefined) {
          clearTimeout(timer);
          resolve({
            session,
            holds: [...holds],
            decide,
            revoke,
            brake,
            reread,
            close: () => connection.close(),
          });
        }
      },
      closed: (why) => {
        clearTimeout(timer);
        const gone = { ok: false, message: 'The proxy ended before it answered; look into the audit log.' };
        for (const settle of awaited.values()) settle(gone);
        for (const settle of looks.values()) settle(undefined);
        reject(new Error(why ?? ''));
      },
    });
  });
}
