import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { personOnly } from '../../session/person-only.ts';
import { visible } from '../../text/visible.ts';
import { toolDifference } from '../../tools/difference.ts';
import { definitionsDigest, pinEntry } from '../../tools/pin-record.ts';
import { PinsFile, type ServerPins, type ToolSet } from '../../tools/pins-file.ts';
import { keepingSaid } from '../../tools/said-class.ts';
import { otherServer } from '../../tools/tool-words.ts';
import { loosener, sealBy, signedBy } from '../approving/seals.ts';
import { ask } from '../terminal/ask.ts';

export interface AcceptOptions {
  yes?: boolean;
  home?: string;
  /** Whose key signs, where there are several. */
  as?: string;
}

/** `holdpoint tools accept SERVER[/TOOL]`: shows what changed, asks, records it, and lets it count from now on. */
export async function acceptTools(target: string, options: AcceptOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const slash = target.indexOf('/');
  const [server, tool] =
    slash === -1 ? [target, undefined] : [target.slice(0, slash), target.slice(slash + 1)];
  const file = new PinsFile(home);
  const pins = file.of(server);
  if (pins === undefined) {
    throw new PlainError(
      `Nothing is known of a server "${visible(server)}" yet: its tools are accepted by approving its first call.`,
    );
  }
  const { seen } = pins;
  const lines = seen === undefined ? [] : changesIn(pins, seen, tool);
  if (seen === undefined || lines.length === 0) {
    process.stdout.write(`${visible(target)} is as it was accepted, as far as any session has seen.\n`);
    return;
  }
  await personOnly(home, { cause: 'accept-refused', what: `tools accept ${target}` });
  process.stdout.write(`${lines.map(visible).join('\n')}\n`);
  if (options.yes !== true && !(await ask('Accept this?'))) {
    process.stdout.write('Nothing was changed.\n');
    return;
  }
  const signer = await loosener(home, options.as);
  const by = { ...commandBy(), ...signedBy(signer) };
  const accepted = { ...merged(pins, seen, tool), at: new Date().toISOString() };
  const seal = sealBy(signer, { what: 'tools', of: server, digest: definitionsDigest(accepted) });
  const rest = { ...(seal && { seal }), ...(tool === undefined ? {} : { seen }) };
  file.put(server, { ...accepted, by: by.name, how: 'accepted', ...rest }, () =>
    recordCommand(home, {
      ...pinEntry('accepted', { set: accepted, server, by: by.name }),
      by,
      ...(seal && { signature: seal }),
    }),
  );
  process.stdout.write('Accepted. It counts at once, also for sessions that run.\n');
}

/** What accepting would change, one line each. */
function changesIn(pins: ServerPins, seen: ToolSet, tool: string | undefined): string[] {
  const names = [...new Set([...Object.keys(pins.tools), ...Object.keys(seen.tools)])].sort();
  const wanted = tool === undefined ? names : names.filter((name) => name === tool);
  const command = pins.command === seen.command ? [] : [`${otherServer(pins, seen)}.`];
  return [
    ...command,
    ...wanted.flatMap((name) => {
      const [before, after] = [pins.tools[name], seen.tools[name]];
      if (before?.digest === after?.digest) return [];
      if (before === undefined) return [`+ ${name} is new`];
      if (after === undefined) return [`- ${name} is gone`];
      const found = differences(before.definition, after.definition);
      return found.map((one) => `  ${name}: ${one}`);
    }),
  ];
}

function differences(before: string, after: string): string[] {
  try {
    const found = toolDifference(JSON.parse(before), JSON.parse(after));
    return found.length === 0 ? ['its definition is another one'] : found;
  } catch {
    return ['its definition is another one'];
  }
}

/** One tool alone leaves the others, and the command, as they were accepted. */
function merged(pins: ServerPins, seen: ToolSet, tool: string | undefined): ToolSet {
  if (tool === undefined) return { ...seen, tools: keepingSaid(seen.tools, pins.tools) };
  const tools = { ...pins.tools };
  const now = seen.tools[tool];
  if (now === undefined) delete tools[tool];
  else tools[tool] = now;
  return { command: pins.command, address: pins.address, at: '', tools };
}
