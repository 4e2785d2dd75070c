import { remoteAddress } from './address.ts';
import type { ReplyHeaders } from './http/http-client.ts';
import type { Outgoing } from './wire/outgoing.ts';

/** The visible letters that a session id may have (2025-11-25, "Session Management"). */
const SESSION_ID = /^[\x21-\x7e]{1,4096}$/;

/** A POST of a message, whichever session it belongs to. */
export const POSTED = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** What is known of one server while it is spoken to: where it is, which session, which version of the protocol. */
export class Endpoint {
  url: URL;
  session: string | undefined;
  /** As the answer to `initialize` says; undefined: none did yet. */
  version: string | undefined;
  /** The client's own lines, by which a session can be begun anew. */
  initialize: Outgoing | undefined;
  initialized: Outgoing | undefined;

  constructor(url: URL) {
    this.url = url;
  }

  /** The headers of every request that belongs to the session. */
  headers(): Record<string, string> {
    return {
      ...(this.session === undefined ? {} : { 'mcp-session-id': this.session }),
      ...(this.version === undefined ? {} : { 'mcp-protocol-version': this.version }),
    };
  }

  /** Takes the session that a reply names. False where it names another than the one that was begun. */
  named(headers: ReplyHeaders): boolean {
    const id = headers('mcp-session-id');
    if (id === undefined || id === this.session) return true;
    if (this.session !== undefined || !SESSION_ID.test(id)) return false;
    this.session = id;
    return true;
  }

  /**
   * Goes where a redirect leads, as long as that is the same server: another origin would get what was meant for this
   * one. Gives back why it does not, completing "It …".
   */
  redirected(location: string | undefined): string | undefined {
    if (location === undefined || !URL.canParse(location, this.url.href)) return 'redirects to nowhere';
    const to = new URL(location, this.url);
    if (to.origin !== this.url.origin) {
      return `redirects to ${shownOf(to)}, which is another server: what was meant for the one is not sent to the other. If you trust it, put that address into --url`;
    }
    to.username = '';
    to.password = '';
    to.hash = '';
    this.url = to;
    return undefined;
  }
}

function shownOf(url: URL): string {
  try {
    return remoteAddress(url.href, 'variable').shown;
  } catch {
    return `${url.protocol}//${url.host}`;
  }
}
