import type { Unanswered } from '../proxy/upstream/upstream.ts';
import { visible } from '../text/visible.ts';
import type { Endpoint } from './endpoint.ts';
import type { Inbound } from './inbound.ts';
import type { Renewal } from './renewal.ts';
import type { ReplyEnd } from './reply-reader.ts';
import { asSentence, type Sending } from './sending.ts';
import type { Credentials } from './sign-in/credentials.ts';
import { errorMessage } from './wire/answers.ts';

/** A server that knows only the older transport answers a POST to its stream's address so. */
const OLDER = new Set([400, 404, 405, 406, 415, 501]);
/** By these a server says that the request itself is to go elsewhere; by others that it may have been carried out. */
const NOT_TAKEN = new Set([301, 307, 308]);
const MOST_SENDINGS = 3;

type Status = Extract<ReplyEnd, { kind: 'status' }>;

export interface RefusalParts {
  endpoint: Endpoint;
  credentials: Credentials;
  inbound: Inbound;
  renewal: Renewal;
  /** Goes over to the older transport, where that may be tried: whether its stream stands. */
  older?: (() => Promise<boolean>) | undefined;
  post(sending: Sending): Promise<void>;
  lose(sending: Sending, outcome: Unanswered['outcome'], said: string): void;
}

/** What a server's refusal means: a sign-in, another path, a session that is over, an older server, or no. */
export class Refusals {
  private readonly parts: RefusalParts;

  constructor(parts: RefusalParts) {
    this.parts = parts;
  }

  /** Not 2xx: what follows from it for a line. `used`: the `Authorization` that went with it. */
  async refused(sending: Sending, end: Status, used: string | undefined): Promise<void> {
    const { line, waiting } = sending;
    const { status, body } = end;
    const { endpoint, inbound, older } = this.parts;
    if (status === 401 || status === 403) return this.unauthorized(sending, end, used);
    if (status >= 300 && status < 400) return this.redirected(sending, end);
    const lone = waiting !== undefined && line.method === 'initialize' && endpoint.session === undefined;
    if (lone && older !== undefined && OLDER.has(status) && (await older())) return this.parts.post(sending);
    if (status === 404 && sending.session !== undefined && line.method !== 'initialize')
      return this.expired(sending);
    if (waiting !== undefined) inbound.answerIn(body, waiting);
    const said = errorMessage(body);
    const told = said === undefined ? '' : `: ${visible(said)}`;
    // A gateway's word is no word of the server: what it passed on may have run.
    const outcome = status >= 500 || status === 408 ? 'unknown' : 'refused';
    this.parts.lose(sending, outcome, asSentence(`It answered HTTP ${status}${told}`));
  }

  private redirected(sending: Sending, { status, headers }: Status): Promise<void> | void {
    const why = this.parts.endpoint.redirected(headers('location'));
    const outcome = NOT_TAKEN.has(status) ? 'refused' : 'unknown';
    if (why !== undefined) return this.parts.lose(sending, outcome, `It ${why}.`);
    const said = 'The server has moved to another path; what comes from now on goes there.';
    return this.again(sending, said, outcome);
  }

  private async expired(sending: Sending): Promise<void> {
    const gone = 'The server had ended this session (HTTP 404)';
    const why = await this.parts.renewal.after(sending.renewals);
    // What belongs to the beginning of a session was said with the new one.
    if (why === undefined && sending.line.method === 'notifications/initialized') return;
    // Whoever asked was the earlier session.
    if (sending.line.kind === 'response') return this.parts.lose(sending, 'refused', `${gone}.`);
    if (why === undefined) return this.again(sending, `${gone}, and a new one was begun.`);
    const end = 'Restart this server in its client.';
    this.parts.lose(sending, 'refused', `${gone}, and a new one could not be begun: ${why} ${end}`);
  }

  private async unauthorized(sending: Sending, end: Status, used: string | undefined): Promise<void> {
    const challenge = end.headers('www-authenticate');
    const answer = await this.parts.credentials.refused(used, { status: end.status, challenge });
    if ('said' in answer) return this.parts.lose(sending, 'refused', answer.said);
    await this.again(sending, 'The sign-in had run out and was renewed.');
  }

  /** What was not taken goes once more, but for a call: that is sent once, whatever its server says of it. */
  private again(
    sending: Sending,
    said: string,
    outcome: Unanswered['outcome'] = 'refused',
  ): Promise<void> | void {
    if (sending.line.method === 'tools/call')
      return this.parts.lose(sending, outcome, outcome === 'refused' ? `${said} Ask again.` : said);
    if (sending.sent >= MOST_SENDINGS) return this.parts.lose(sending, 'refused', `${said} It did so again.`);
    return this.parts.post(sending);
  }
}
