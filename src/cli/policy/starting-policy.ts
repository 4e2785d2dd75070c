import { join, resolve } from 'node:path';
import type { RanUnasked } from '../../audit/reading/tools-used.ts';
import { VERSION } from '../../platform/this-machine.ts';
import { type Effect, PLAIN_READ } from '../../policy/decide/types.ts';
import { visible } from '../../text/visible.ts';
import type { StartingTool } from './known-servers.ts';
import { asPattern, type PlannedServer } from './planned-server.ts';

const PACKAGE = resolve(import.meta.dirname, '../../..');
const SCHEMA = join(PACKAGE, 'schema', 'policy.schema.json');
const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];
/** Of one server so many tools are named in comments. */
const MOST_NAMED = 60;
const LONGEST = 120;

/** The id of the line that says what runs without a policy. */
export const AS_WITHOUT = 'plain-reads';

/** A commented policy for these servers; the same for the same of them. Pure. */
export function startingPolicy(servers: readonly PlannedServer[]): string {
  const list = (effect: Effect): string => {
    const parts = servers.flatMap((one) => {
      const lines = [one.bodies[effect].trimEnd(), ...(effect === 'allow' ? ofClass(one) : [])].filter(
        Boolean,
      );
      return lines.length === 0 ? [] : [`    // ${nameOf(one)}`, ...lines];
    });
    const none = servers.length === 0 ? EXAMPLES[effect] : [];
    const last = effect === 'allow' ? asWithout(servers) : [];
    const body = [...parts, ...none, ...last].join('\n');
    return `  "${effect}": [${body === '' ? '' : `\n${body}\n  `}]`;
  };
  const lists = LISTS.map((effect) => `${COMMENTS[effect]}\n${list(effect)}`).join(',\n\n');
  return `${head(servers)}\n${lists}\n}\n`;
}

function head(servers: readonly PlannedServer[]): string {
  const from = servers.map((one) => `  //   ${nameOf(one)}: ${madeFrom(one)}`);
  const made =
    from.length === 0
      ? [`  // Made by "holdpoint policy init" ${VERSION}, of no server: none is known here yet.`]
      : [`  // Made by "holdpoint policy init" ${VERSION} from:`, ...from];
  return `{
  // Who may do what, and when a person is asked. How to write it: docs/policy.md of holdpoint.
  // Deny beats escalate beats allow; what no item covers is the default. Order never matters.
${made.join('\n')}
  // What runs unasked without a policy runs unasked by this one, but for what a pack asks about on purpose.
  "$schema": ${JSON.stringify(SCHEMA)},
  "version": 1,
  "default": "escalate",
  // "observe" records what would be decided and lets everything run; then try: holdpoint policy replay
  "mode": "enforce",
`;
}

function madeFrom({ server, match }: PlannedServer): string {
  const { tools } = server;
  const many = tools === undefined ? 'its tools are not known' : counted(tools.length, 'tool');
  if (match?.how === 'whole') return `the pack ${match.pack.name}; ${many}`;
  if (match !== undefined)
    return `what the pack ${match.pack.name} denies and asks about, and nothing that it allows; ${many}`;
  return tools === undefined ? many : `${many}, each by what it may do`;
}

/** Comments on the tools that no pack is for: what runs by the last line, and what can be let run. */
function ofClass(one: PlannedServer): string[] {
  const { tools, used } = one.server;
  if (tools === undefined) return ofUnknown(one);
  const theirs = new Set(one.match?.pack.tools.map(({ name }) => name));
  const others = tools.filter(({ name }) => !theirs.has(name));
  const plain = others.filter(({ facts }) => facts?.plainRead === true);
  const asked = others.filter(({ facts }) => facts?.plainRead !== true);
  const runs = plain.length === 0 ? [] : [`    // By the last line run: ${named(plain)}.`];
  const lines = asked.map((tool) => ({ name: tool.name, what: whatItMay(tool), ran: used.get(tool.name) }));
  return [...runs, ...suggested(one, 'A question each', lines)];
}

function ofUnknown(one: PlannedServer): string[] {
  const { pattern, match, server } = one;
  if (match !== undefined && (match.how === 'whole' || server.used.size === 0)) return [];
  const lines = [...server.used].map(([name, ran]) => ({ name, what: 'nothing is known of it', ran }));
  const sorted = lines.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = ['get', 'list', 'search'].map((verb) => JSON.stringify(`${pattern}/${verb}_*`)).join(', ');
  const byHand = [`    // Look at its tools, and let the harmless ones run: ${names},`];
  if (lines.length > 0) return suggested(one, 'Of these the record has calls', sorted);
  return server.asked ? byHand : [];
}

/** A tool that a person may let run. */
interface Suggested {
  name: string;
  what: string;
  ran: RanUnasked | undefined;
}

function suggested({ pattern }: PlannedServer, said: string, tools: readonly Suggested[]): string[] {
  if (tools.length === 0) return [];
  const lines = tools.slice(0, MOST_NAMED).map(({ name, what, ran }) => {
    const times = (ran?.allowed ?? 0) + (ran?.observed ?? 0);
    const before =
      times === 0 ? '' : `; ran unasked ${times === 1 ? 'once' : `${times} times`} in the record`;
    return `    // ${JSON.stringify(`${pattern}/${short(asPattern(name))}`)}, // ${what}${before}`;
  });
  const more = tools.length > MOST_NAMED ? [`    // and ${tools.length - MOST_NAMED} more`] : [];
  return [`    // ${said}; to let one run, take the slashes before it away:`, ...lines, ...more];
}

function whatItMay({ facts }: StartingTool): string {
  if (facts?.risk === undefined) return 'nothing is known of it';
  if (facts.risk !== 'read') return facts.sure ? facts.risk : `${facts.risk}?`;
  return facts.sure ? 'read, by a text that says what to do, or of something secret' : 'read?';
}

/** What holds without a policy, but for what packs keep to themselves. */
function asWithout(servers: readonly PlannedServer[]): string[] {
  const except = servers.flatMap(({ pattern, kept }) => kept.map((tool) => `${pattern}/${tool}`));
  const item = {
    id: AS_WITHOUT,
    tool: '*/*',
    ...(except.length > 0 && { except }),
    risk: PLAIN_READ,
    reason: 'It only reads, by all that its definition says',
  };
  const unknown = servers.filter(({ server, match }) => server.tools === undefined && match?.how !== 'whole');
  const until = [
    `    // Of ${listed(unknown.map(nameOf))}: until the tools are known, what holds without a policy does, by the`,
    '    // last line. Use them once, and "holdpoint policy init --print" says more.',
  ];
  const spelled = JSON.stringify(item, null, 1).replace(/\n\s*/g, ' ');
  return [
    ...(unknown.length === 0 ? [] : until),
    '    // As without a policy: the first call to a server that is new is asked about once, and then whatever',
    '    // surely only reads runs, if it takes no query, URL, command or code and is about no secret.',
    `    ${spelled}`,
  ];
}

const nameOf = ({ server }: PlannedServer): string => short(visible(server.name));
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}*` : text);
const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function listed(names: readonly string[]): string {
  return names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join(', ')} and others` : names.join(', ');
}

function named(tools: readonly StartingTool[]): string {
  const names = tools.slice(0, MOST_NAMED).map(({ name }) => short(visible(name)));
  return tools.length > MOST_NAMED
    ? `${names.join(', ')} and ${tools.length - MOST_NAMED} more`
    : names.join(', ');
}

const COMMENTS: Record<Effect, string> = {
  deny: '  // Refused at once. Nobody is asked.',
  escalate: '  // Held until a person approves or rejects it.',
  allow: '  // Runs without a question.',
};

const EXAMPLES: Record<Effect, string[]> = {
  deny: ['    // { "tool": "*/drop_*", "reason": "Tables are dropped by people" },'],
  escalate: [
    '    // { "tool": "*/{delete,remove}_*", "confirm": "type", "reason": "It takes something away" },',
  ],
  allow: ['    // "SERVER/get_*", "SERVER/list_*",'],
};
