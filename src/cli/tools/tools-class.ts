import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { ALL_CLASSES, type RiskClass } from '../../risk/classes/risk-class.ts';
import type { ToolDefinition } from '../../risk/classes/tool-risk.ts';
import { classify } from '../../risk/classify.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { personOnly } from '../../session/person-only.ts';
import { visible } from '../../text/visible.ts';
import { definitionsDigest, pinEntry } from '../../tools/pin-record.ts';
import { type PinnedTool, PinsFile, type ServerPins } from '../../tools/pins-file.ts';
import { loosener, sealBy, signedBy } from '../approving/seals.ts';
import { readTarget } from '../policy/policy-explain.ts';
import { ask } from '../terminal/ask.ts';

export interface ClassOptions {
  yes?: boolean;
  home?: string;
  /** Whose key signs, where there are several. */
  as?: string;
}

/** What a person takes back with: the class is guessed again. */
const GUESS = 'auto';

/**
 * `holdpoint tools class SERVER/TOOL CLASS`: a person says what a tool may do, of the definition that was accepted. It
 * goes before what is guessed until the tool changes; it is recorded, and signed where somebody is enrolled.
 */
export async function classTool(target: string, word: string, options: ClassOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const wanted = readClass(word);
  const { server, tool, pins, pinned } = find(home, target);
  const guessed = guess(pinned);
  if (pinned.class === wanted) {
    process.stdout.write(`${visible(target)} is ${wanted ?? `${guessed.class}, as guessed`} already.\n`);
    return;
  }
  await personOnly(home, { cause: 'class-refused', what: `tools class ${target} ${word}` });
  process.stdout.write(`${visible(target)}: ${guessed.class} by ${visible(guessed.why.join('; '))}\n`);
  process.stdout.write(`${effectOf(wanted, guessed.class)}\n`);
  if (options.yes !== true && !(await ask(`Say that it is ${wanted ?? guessed.class}?`))) {
    process.stdout.write('Nothing was changed.\n');
    return;
  }
  const { class: _, ...plain } = pinned;
  const said: PinnedTool = wanted === undefined ? plain : { ...plain, class: wanted };
  const set = { ...pins, tools: { ...pins.tools, [tool]: said }, at: new Date().toISOString() };
  const signer = await loosener(home, options.as);
  const by = { ...commandBy(), ...signedBy(signer) };
  const seal = sealBy(signer, { what: 'tools', of: server, digest: definitionsDigest(set) });
  const { seal: __, ...rest } = set;
  new PinsFile(home).put(server, { ...rest, by: by.name, how: 'accepted', ...(seal && { seal }) }, () =>
    recordCommand(home, {
      ...pinEntry('class', { set, server, by: by.name }),
      tool,
      class: wanted ?? GUESS,
      by,
      ...(seal && { signature: seal }),
    }),
  );
  const file = wanted === undefined ? undefined : correction(home, pinned, { said: wanted, guessed });
  const more = file === undefined ? '' : ` One line more in ${visible(file)}, if you want to send it to us.`;
  process.stdout.write(`It counts at once, also for sessions that run.${more}\n`);
}

function readClass(word: string): RiskClass | undefined {
  if (word === GUESS) return undefined;
  const found = ALL_CLASSES.find((one) => one === word);
  if (found !== undefined) return found;
  throw new PlainError(`${visible(word)} is none of ${ALL_CLASSES.join(', ')}, ${GUESS}.`, EXIT.usage);
}

interface Found {
  server: string;
  tool: string;
  pins: ServerPins;
  pinned: PinnedTool;
}

function find(home: Home, target: string): Found {
  const { server, tool } = readTarget(target);
  const pins = new PinsFile(home).of(server);
  const pinned = pins !== undefined && Object.hasOwn(pins.tools, tool) ? pins.tools[tool] : undefined;
  if (pins !== undefined && pinned !== undefined) return { server, tool, pins, pinned };
  const why =
    pins === undefined
      ? `Nothing is known of a server "${server}" yet`
      : `No tool "${tool}" of ${server} was accepted`;
  throw new PlainError(`${visible(why)}. "holdpoint tools" lists what is known; a tool is accepted first.`);
}

function guess({ definition }: PinnedTool): { class: RiskClass; why: string[] } {
  if (definition === '') return { class: 'unknown', why: ['its definition is too long to be kept'] };
  return classify(JSON.parse(definition) as ToolDefinition);
}

function effectOf(wanted: RiskClass | undefined, guessed: RiskClass): string {
  const is = wanted ?? guessed;
  if (is === 'read')
    return 'Without a policy its calls run unasked from now on, and an allow item for plain reads lets them run.';
  return `Without a policy each of its calls is a question; items with "risk" go by "${is}".`;
}

/** What was guessed and what it is, with the definition alone: no name of a server, no arguments. */
function correction(
  home: Home,
  { definition }: PinnedTool,
  { said, guessed }: { said: RiskClass; guessed: { class: RiskClass; why: string[] } },
): string | undefined {
  if (definition === '') return undefined;
  const file = join(home.root, 'corrections.jsonl');
  const line = {
    is: said,
    was: guessed.class,
    why: guessed.why,
    definition: JSON.parse(definition) as unknown,
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  return file;
}
