import type { ListedTool } from '../protocol/tool-list.ts';
import { ALL_CLASSES } from '../risk/classes/risk-class.ts';
import { toolDifference, twinsOf } from './difference.ts';
import type { ServerPins, ToolSet } from './pins-file.ts';
import { digestOf, type KnownTools, type ToolKnowledge } from './tool-knowledge.ts';

const AGAIN = `"holdpoint tools accept" ends this`;
/** Names of new tools that a reason spells out. */
const MOST_NAMED = 8;

/** What a person is told at the first call to a server: its tools by class, and what their approval means. */
export function firstUseWords(tools: readonly ToolKnowledge[], whole: boolean): string {
  const plain = tools.filter(({ plainRead }) => plainRead).length;
  const counts = ALL_CLASSES.flatMap((one) => {
    const count = tools.filter(({ risk }) => risk.class === one).length;
    return count === 0 ? [] : [`${count} ${one}`];
  });
  const reads = plain === 1 ? '1 plain read' : `${plain} plain reads`;
  const far = whole ? '' : ' that it has listed so far';
  return `This server is new here. Of its ${tools.length} tools${far} (${counts.join(', ')}), ${reads} will run without asking once you approve; all else will be asked`;
}

/** What a person is told of a name that nobody accepted; `all`: every new name of the list. */
export function newToolWords(tool: string, all: readonly ToolKnowledge[], known: readonly string[]): string {
  if (!all.some(({ name }) => name === tool))
    return 'The tool is not among those that were accepted, and its server does not list it';
  const [twin] = twinsOf(tool, known);
  const like = twin === undefined ? '' : `, and its name looks like that of "${twin}"`;
  const said = `The tool is new since the server was accepted${like}`;
  if (all.length === 1) return `${said}. Approving accepts it: afterwards the policy decides`;
  const named = all.slice(0, MOST_NAMED).map(({ name, risk }) => `${name} (${risk.class})`);
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
  return `${said}. Approving accepts all ${all.length} new ones: ${named.join(', ')}${more}; afterwards the policy decides`;
}

/** Why every tool is a question while its server's list could not be read; `how`: as "cannot be read". */
export function unreadWords(how: string): string {
  return `The server's list of tools ${how}, and your client may have read it otherwise, so nobody knows what the tool is now`;
}

export interface Comparison {
  pins: ServerPins;
  /** Digest of the command that the session runs. */
  command: string;
  /** Where it is, of a remote server. */
  address?: string | undefined;
  /** Undefined where none was asked for: then what was accepted counts. */
  list: KnownTools | undefined;
  /** Whether that list was read to its end. */
  whole: boolean;
  /** What the server has said in this session that the tool is, oldest first. */
  versions: readonly ListedTool[];
}

/** How a tool differs from what was accepted, as a sentence; undefined when it does not, or was not accepted. */
export function changeOf(tool: string, parts: Comparison): string | undefined {
  const { pins, command, list, whole } = parts;
  if (pins.command !== command) return `${otherServer(pins, parts)} (${AGAIN})`;
  if (list?.isTwice(tool) === true)
    return "The tool stands twice in its server's list, so nobody knows which of the two is called";
  const before = Object.hasOwn(pins.tools, tool) ? pins.tools[tool] : undefined;
  if (before === undefined || list === undefined) return undefined;
  const now = list.digest(tool);
  const other = parts.versions.findLast(({ source }) => digestOf(source) !== before.digest);
  if (other !== undefined) {
    const back = now === before.digest ? ', and was changed back since' : '';
    const said = differences(before.definition, other.source.text);
    return `The tool changed since it was accepted: ${said}${back} (${AGAIN})`;
  }
  if (now !== undefined) return undefined;
  return whole
    ? `The server does not list this tool any more (${AGAIN})`
    : "The server's list of tools was not read to its end, so nobody knows what the tool is now";
}

/** Another command, or another place: what was accepted is another server. */
export function otherServer(
  pins: Pick<ServerPins, 'address'>,
  { address }: Pick<ToolSet, 'address'>,
): string {
  const before = pins.address;
  if (address !== undefined && before !== undefined)
    return `The server is at ${address}, and the one that was accepted is at ${before}`;
  if (address !== undefined)
    return `The server is remote, at ${address}, and the one that was accepted is started by a command`;
  if (before !== undefined)
    return `The server is started by a command, and the one that was accepted is remote, at ${before}`;
  return 'The server is started by another command than the one that was accepted';
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
