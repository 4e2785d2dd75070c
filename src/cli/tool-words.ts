import type { ServerPins } from '../config/pins-file.ts';
import { ALL_CLASSES } from '../protocol/risk-class.ts';
import { toolDifference, twinsOf } from '../protocol/tool-difference.ts';
import type { KnownTools, ToolKnowledge } from './tool-knowledge.ts';

/** What a person is told at the first call to a server: its tools by class, and what their approval means. */
export function firstUseWords(tools: readonly ToolKnowledge[]): string {
  const plain = tools.filter(({ plainRead }) => plainRead).length;
  const counts = ALL_CLASSES.flatMap((one) => {
    const count = tools.filter(({ risk }) => risk.class === one).length;
    return count === 0 ? [] : [`${count} ${one}`];
  });
  const reads = plain === 1 ? '1 plain read' : `${plain} plain reads`;
  return `This server is new here. Of its ${tools.length} tools (${counts.join(', ')}), ${reads} will run without asking once you approve; all else will be asked`;
}

export interface Comparison {
  pins: ServerPins;
  /** Digest of the command that the session runs. */
  command: string;
  /** Undefined where no list was seen: then what was accepted counts. */
  list: KnownTools | undefined;
}

/** How a tool differs from what was accepted, as a sentence; undefined when it does not. */
export function changeOf(tool: string, { pins, command, list }: Comparison): string | undefined {
  const again = `"holdpoint tools accept" ends this`;
  if (pins.command !== command)
    return `The server is started by another command than the one that was accepted (${again})`;
  if (list?.isTwice(tool) === true)
    return "The tool stands twice in its server's list, so nobody knows which of the two is called";
  const digest = list?.digest(tool);
  if (list === undefined || digest === undefined) return undefined;
  const before = Object.hasOwn(pins.tools, tool) ? pins.tools[tool] : undefined;
  if (before === undefined) {
    const [twin] = twinsOf(tool, Object.keys(pins.tools));
    const like = twin === undefined ? '' : `, and its name looks like that of "${twin}"`;
    return `The tool is new since the server was accepted${like} (${again})`;
  }
  if (before.digest === digest) return undefined;
  const said = differences(before.definition, list.json(tool));
  return `The tool changed since it was accepted: ${said} (${again})`;
}

function differences(before: string, after: string): string {
  if (before === '') return 'its definition is another one, too long to be kept';
  try {
    const found = toolDifference(JSON.parse(before), JSON.parse(after));
    return found.length === 0 ? 'its definition is spelled differently' : found.join('; ');
  } catch {
    return 'its definition is another one';
  }
}
