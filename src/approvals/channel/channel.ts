import type { Approver } from '../holding/hold.ts';
import type {
  Braked,
  EditMessage,
  LookMessage,
  ProxyMessage,
  Reread,
  RevokeMessage,
  VerdictMessage,
} from './messages.ts';

export type Reply = (ok: boolean, message: string) => void;

/** What a channel asks of the waiting room behind it. */
export interface Desk {
  /** The messages that bring a new approver up to date, after the greeting and before `ready`. */
  greeting(): ProxyMessage[];
  verdict(message: VerdictMessage, reply: Reply): void;
  /** Other arguments for a call that waits. Never rejects. */
  edit(message: EditMessage, reply: Reply): Promise<void>;
  revoke(message: RevokeMessage, reply: Reply): void;
  /** Everything may have been stopped: look. Anybody may say so, as often as they like. */
  brake(): Braked;
  /** A policy may have been applied: look. The same holds. */
  reread(): Promise<Reread>;
}

/** How a proxy and its approvers talk: the proxy's end. */
export interface Channel {
  /** Rejects with what the system says when nobody could ever answer over it. */
  listen(): Promise<void>;
  /** How many approval terminals are attached; a command that only asks does not count. */
  readonly attending: number;
  broadcast(message: ProxyMessage): void;
  close(): void;
  /** The same, once those who must still be told how things ended were told; absent where that takes no time. */
  closed?(): Promise<void>;
  /** Whose an answer is that nobody signed, as far as this channel tells; undefined: such an answer counts for nothing here. */
  unsigned(answer: Pick<VerdictMessage, 'method' | 'chain' | 'place'>): Approver | undefined;
}

/** What an approver is told by a proxy. */
export interface LinkHandlers {
  message(message: ProxyMessage): void;
  /** The proxy went, or spoke another version or nonsense; then `why` says so. */
  closed(why: string | undefined): void;
}

/** The approver's end of one proxy's channel. */
export interface Link {
  send(message: VerdictMessage | EditMessage | RevokeMessage | LookMessage): void;
  close(): void;
}

/** The proxies of a home, as an approver finds them. */
export interface ProxyDirectory {
  /** Where they can be reached, oldest session first. */
  list(): string[];
  /** `attending`: a person looks at it. */
  connect(place: string, attending: boolean, handlers: LinkHandlers): Link;
  /** Calls back when there may be others; gives what ends that. */
  watch(changed: () => void): () => void;
}
