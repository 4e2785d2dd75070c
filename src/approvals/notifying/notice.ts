import type { Hold } from '../holding/hold.ts';

/** Why a notifier is run: calls wait, or their time is nearly over. */
export type NoticeEvent = 'waiting' | 'reminder';

/** What is to be told, of which holds. */
export interface Notice {
  event: NoticeEvent;
  holds: readonly Hold[];
}

const MOST_CHARACTERS = 64;
export const UNKNOWN_TOOL = 'unknown tool';

/**
 * What a notifier is given on its standard input, one line of JSON. Nothing in it is of an agent's making: ids, classes
 * and times are ours, the server's name is the configured one, and a tool is named only if its server has listed it.
 */
export function noticeText({ event, holds }: Notice): string {
  return `${JSON.stringify({ event, count: holds.length, holds: holds.map(view) })}\n`;
}

function view({ id, held, openedAt, answerBy }: Hold): object {
  const listed = held.listing === 'listed';
  return {
    id,
    class: held.risk ?? 'unknown',
    server: plain(held.server),
    tool: listed ? plain(held.tool) : UNKNOWN_TOOL,
    since: new Date(openedAt).toISOString(),
    answerBy: answerBy === undefined ? null : new Date(answerBy).toISOString(),
  };
}

/** A server chooses its tools' names, and scripts put them into messages, titles and commands: no name is an option. */
function plain(name: string): string {
  return name.slice(0, MOST_CHARACTERS).replace(/^-|[^\w./:-]/g, '?');
}
