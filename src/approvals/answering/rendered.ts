import { label } from '../../text/visible.ts';
import type { HoldView } from '../channel/messages.ts';
import { prettyCall } from '../showing/call-lines.ts';

/** All of a call that a person judges, line by line, without the terminal's own line breaks. */
export function callLines(hold: HoldView): string[] {
  return prettyCall(hold).map(
    ({ indent, block, segments }) =>
      `${' '.repeat(indent)}${block ? '| ' : ''}${segments.map((one) => one.text).join('')}`,
  );
}

/** What is put before a person's eyes of one call. */
export function renderedLines(hold: HoldView): string[] {
  const { tool, server, reason, rule } = hold;
  return [`${label(tool)} on ${label(server)}`, `${label(reason)} (${label(rule)})`, ...callLines(hold)];
}
