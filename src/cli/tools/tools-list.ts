import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import type { ListedTool } from '../../protocol/tool-list.ts';
import type { Reversibility } from '../../risk/reversibility.ts';
import { isAddress, noCommand } from '../../session/remote-options.ts';
import { table } from '../../text/table.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { PinsFile, type ServerPins } from '../../tools/pins-file.ts';
import { asSaid } from '../../tools/said-class.ts';
import { KnownTools, type ToolKnowledge } from '../../tools/tool-knowledge.ts';
import { tableWidth } from '../terminal/table-width.ts';
import { toolsIn } from './saved-lists.ts';
import { Unquestioned } from './unasked.ts';

export interface ToolsOptions {
  from?: string;
  server?: string;
  json?: boolean;
  home?: string;
  /** Of a remote server, as `run` takes them: `[name, value]` in the order given. */
  remote?: [string, string][];
}

interface Row {
  server: string;
  tool: string;
  risk: string;
  /** Whether nothing speaks against the class. */
  sure: boolean;
  why: string[];
  reversibility: Reversibility;
  reversibilityWhy: string;
  /** Whether a call would run without a question, with empty arguments, under the policy in force. */
  unasked: boolean;
  unaskedWhy: string;
  /** `accepted`, `changed` or `new` since the server was accepted, `unaccepted` for a server nobody accepted. */
  pin: 'accepted' | 'changed' | 'new' | 'unaccepted';
}

/** `YYYY-MM-DD` of a local time. */
const DAY = 10;
const COLUMNS = [
  { title: 'TOOL', least: 16 },
  { title: 'RISK' },
  { title: 'PIN' },
  { title: 'WHY', least: 16 },
];

/** `holdpoint tools`: of a saved list, of a server that is started for it, or of every server that is known. */
export async function listTools(command: readonly string[], options: ToolsOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const pins = new PinsFile(home).all();
  const rows = await rowsOf(command, options, { pins, unquestioned: await Unquestioned.in(home) });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write(
      'No server is known yet. Name one: holdpoint tools -- COMMAND, or use it through holdpoint run.\n',
    );
    return;
  }
  process.stdout.write(`${inWords(rows, pins).join('\n')}\n`);
}

async function rowsOf(
  command: readonly string[],
  { from, server, remote = [], home: given }: ToolsOptions,
  { pins, unquestioned }: { pins: Record<string, ServerPins>; unquestioned: Unquestioned },
): Promise<Row[]> {
  const theirs = (name: string): { unquestioned: Unquestioned; pins: ServerPins | undefined } => ({
    unquestioned,
    pins: Object.hasOwn(pins, name) ? pins[name] : undefined,
  });
  if (from !== undefined) {
    const name = server ?? 'server';
    return rowsFor(theirs(name), name, listed(toolsIn(from)));
  }
  if (remote.length > 0) {
    const { remoteTools } = await import('./remote-tools.ts');
    const { name, tools } = await remoteTools(remote, command, given);
    return rowsFor(theirs(server ?? name), server ?? name, listed(tools));
  }
  if (command.length === 0)
    return Object.entries(pins).flatMap(([name, one]) => rowsFor(theirs(name), name, pinnedTools(one)));
  const [program = ''] = command;
  if (isAddress(program)) throw new PlainError(noCommand(program), EXIT.usage);
  const name = server ?? deriveServerName(command).name;
  process.stderr.write(`holdpoint: starting ${visible(command.join(' '))} to ask for its tools.\n`);
  const { askForTools } = await import('./ask-for-tools.ts');
  return rowsFor(theirs(name), name, listed(await askForTools(command)));
}

function listed(tools: readonly unknown[]): ListedTool[] {
  return tools.flatMap((one) => {
    const { name } = (one ?? {}) as { name?: unknown };
    return typeof name === 'string' ? [{ name, source: JsonSource.of(JSON.stringify(one)) }] : [];
  });
}

/** As the last session saw them, else as they were accepted. */
function pinnedTools({ tools, seen }: ServerPins): ListedTool[] {
  return Object.entries(seen?.tools ?? tools).map(([name, { definition }]) => ({
    name,
    source: JsonSource.of(definition === '' ? JSON.stringify({ name }) : definition),
  }));
}

const TWICE = 'it stands in the list twice';
const UNKNOWN: Pick<ToolKnowledge, 'risk' | 'reversibility'> = {
  risk: { class: 'unknown', sure: false, why: [TWICE] },
  reversibility: { answer: 'unknown', why: TWICE },
};

function rowsFor(
  { unquestioned, pins }: { unquestioned: Unquestioned; pins: ServerPins | undefined },
  server: string,
  tools: readonly ListedTool[],
): Row[] {
  const known = new KnownTools(tools, false);
  const trusted = unquestioned.policy?.trusted.includes(server) === true;
  const judged = trusted ? new KnownTools(tools, true) : known;
  return known.names().map((tool): Row => {
    const { risk, reversibility } = asSaid(known.of(tool), pins?.tools[tool]) ?? UNKNOWN;
    const pin = pinOf(tool, known, pins);
    return {
      server,
      tool,
      risk: risk.class,
      sure: risk.sure,
      why: risk.why,
      reversibility: reversibility.answer,
      reversibilityWhy: reversibility.why,
      ...unquestioned.of({ server, tool, known: asSaid(judged.of(tool), pins?.tools[tool]), pin }),
      pin,
    };
  });
}

function pinOf(tool: string, known: KnownTools, pins: ServerPins | undefined): Row['pin'] {
  if (pins === undefined) return 'unaccepted';
  const before = pins.tools[tool];
  if (before === undefined) return 'new';
  return before.digest === known.digest(tool) || before.definition === '' ? 'accepted' : 'changed';
}

function inWords(rows: readonly Row[], pins: Record<string, ServerPins>): string[] {
  return [...new Set(rows.map(({ server }) => server))].flatMap((server, index) => {
    const theirs = rows.filter((row) => row.server === server);
    const one = Object.hasOwn(pins, server) ? pins[server] : undefined;
    const how =
      one === undefined
        ? 'nobody accepted it'
        : `${visible(one.how)} by ${visible(one.by)}, ${localTime(one.at).slice(0, DAY)}`;
    const cells = theirs.map(({ tool, risk, sure, pin, why }) => [
      visible(tool),
      sure ? risk : `${risk}?`,
      pin,
      visible(why.join('; ')),
    ]);
    const head = `${visible(server)}: ${theirs.length === 1 ? '1 tool' : `${theirs.length} tools`}, ${how}`;
    return [...(index === 0 ? [] : ['']), head, ...table(COLUMNS, cells, tableWidth())];
  });
}
