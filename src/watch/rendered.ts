import type { HoldView } from '../approvals/wire.ts';
import { visible } from '../protocol/visible.ts';
import { prettyCall } from './pretty.ts';

/** What is put before a person's eyes of one call, without the terminal's own line breaks. */
export function renderedLines(hold: HoldView): string[] {
  const { tool, server, reason, rule } = hold;
  return [
    `${visible(tool)} on ${visible(server)}`,
    `${visible(reason)} (${visible(rule)})`,
    ...prettyCall(hold).map(
      ({ indent, block, segments }) =>
        `${' '.repeat(indent)}${block ? '| ' : ''}${segments.map((one) => one.text).join('')}`,
    ),
  ];
}
