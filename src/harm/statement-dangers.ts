import { QUOTED_LETTER } from './statements.ts';
import { TooMuch } from './too-much.ts';

/** Something in a statement that is said before it: `at` and `length` in the text. */
export interface Danger {
  at: number;
  length: number;
  /** `drops a table`: goes on after "The statement". */
  says: string;
  tone: 'danger' | 'warn';
}

const OBJECTS = String.raw`(?:or\s+replace\s+|temp(?:orary)?\s+|materialized\s+|external\s+|foreign\s+)*(?:(table|database|schema|view|index|column|user|role|function|procedure|trigger|sequence|type|domain|extension|constraint|partition|keyspace|collection|policy|owned|tablespace|login|server)\b)?`;

/** By words of code alone, comments between them as spaces. */
const SAYS: readonly (readonly [RegExp, (kind: string) => string, Danger['tone']])[] = [
  [
    new RegExp(String.raw`\bdrop\s+${OBJECTS}`, 'gi'),
    (kind) => `drops ${kind === '' ? 'something' : an(kind)}`,
    'danger',
  ],
  [/\btruncate\b(?!\s*\()/gi, () => 'empties a table', 'danger'],
  [
    new RegExp(String.raw`\balter\s+${OBJECTS}`, 'gi'),
    (kind) => `alters ${kind === '' ? 'a definition' : an(kind)}`,
    'warn',
  ],
  [/\bgrant\s/gi, () => 'gives rights', 'danger'],
  [/\brevoke\s/gi, () => 'takes rights away', 'warn'],
  [/\bcreate\s+(?:or\s+replace\s+)?(?:user|role|login)\b/gi, () => 'makes a user', 'danger'],
  [
    /\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure|trigger|extension)\b/gi,
    () => 'puts code into the database',
    'warn',
  ],
  [
    /\b(?:exec|execute)\s*(?:\(|immediate\b|xp_|sp_|@)|\bxp_cmdshell\b|\bcall\s+\w/gi,
    () => 'runs a procedure or text as a statement',
    'warn',
  ],
  [
    /\bcopy\b[^;]{0,400}?\bprogram\b|\bxp_cmdshell\b|\bsys_exec\b|\bsystem\s*\(/gi,
    () => 'runs a program on the database server',
    'danger',
  ],
  [
    /\binto\s+(?:outfile|dumpfile)\b|\blo_export\b|\bpg_(?:read|write)_\w*file\b|\bload_file\b|\bload\s+data\b|\bcopy\b[^;]{0,400}?\b(?:to|from)\s+(?:\u0001|stdin|stdout)/gi,
    () => 'reads or writes files on the database server',
    'danger',
  ],
  [
    /\bload_extension\b|\battach\s+(?:database\s+)?|\bdblink\w*\b|\bopenrowset\b|\bopendatasource\b|\bpostgres_fdw\b/gi,
    () => 'reaches outside of this database',
    'warn',
  ],
  [/\bshutdown\b|\bkill\s+\d/gi, () => 'ends a server or a session', 'danger'],
  [
    /^\s*set\s+(?:session\s+|local\s+)?role\s*=|\bset\s+(?:session\s+|local\s+)?(?:role|authorization)\b(?!\s*=)|\bsecurity\s+definer\b|\bbypassrls\b|\bsuperuser\b/gi,
    () => 'changes whose rights count',
    'danger',
  ],
];

function an(kind: string): string {
  return `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** What in the code of one statement does much. `text`: the same letters with what is quoted. */
export function dangersOf(code: string, text: string): Danger[] {
  const found = SAYS.flatMap(([pattern, says, tone]) =>
    [...code.matchAll(pattern)].map(
      (match): Danger => ({
        at: match.index,
        length: match[0].trimEnd().length,
        says: says((match[1] ?? '').toLowerCase()),
        tone,
      }),
    ),
  );
  return [...found, ...unconditional(code, text), ...always(code, text)].sort((a, b) => a.at - b.at);
}

const VERB =
  /\b(?:select|insert|update|delete|merge|drop|alter|truncate|grant|revoke|create|exec|execute)\b/gi;
const SAME =
  /\b(or|where)[\s(]+(?:(\d{1,20})\s*=\s*(\d{1,20})\b|(\u0001+)\s*=\s*(\u0001+)|(true|not\s+false)\b)/gi;
/** ON DELETE CASCADE, FOR UPDATE and the like change no row by themselves. */
const NO_VERB = /\b(?:on|for|key|do|after|before|or|of)\s+$/i;

/** UPDATE and DELETE that touch every row. */
function unconditional(code: string, text: string): Danger[] {
  const found: Danger[] = [];
  if (/^\s*(?:grant|revoke|create)\b/i.test(code)) return found;
  const verbs = [...code.matchAll(VERB)];
  const places = new Set(verbs.map(({ index }) => index));
  const budget = { left: MOST };
  for (const { 0: word, index: at } of verbs) {
    const verb = word.toUpperCase();
    if (verb !== 'UPDATE' && verb !== 'DELETE') continue;
    if (NO_VERB.test(code.slice(Math.max(0, at - 12), at))) continue;
    const own = outermost({ code, places, budget }, at);
    if (verb === 'UPDATE' && !/\bset\b/i.test(own)) continue;
    if (verb === 'DELETE' && !/^delete\s+\S/i.test(own)) continue;
    if (/\bwhere\b/i.test(own)) continue;
    const name = text.slice(at, at + verb.length).toUpperCase();
    found.push({ at, length: verb.length, says: `is ${name} without WHERE: every row`, tone: 'danger' });
  }
  return found;
}

/** Conditions that hold for every row: 1 = 1. */
function always(code: string, text: string): Danger[] {
  return [...code.matchAll(SAME)].flatMap((match): Danger[] => {
    const [all, , one, other, left, right, word] = match;
    const ends = match.index + all.length;
    const quoted = left !== undefined && right !== undefined;
    const [first, second] = quoted
      ? [
          text.slice(match.index + all.indexOf(left), match.index + all.indexOf(left) + left.length),
          text.slice(ends - right.length, ends),
        ]
      : [one, other];
    if (word === undefined && first !== second) return [];
    return [
      { at: match.index, length: all.length, says: 'has a condition that is always true', tone: 'danger' },
    ];
  });
}

/** Letters that are looked at for the words of verbs, all together. */
const MOST = 4_000_000;

/** A verb's own words from its place on: what stands in brackets is left out, and all from the next verb on. */
function outermost(
  { code, places, budget }: { code: string; places: Set<number>; budget: { left: number } },
  from: number,
): string {
  let depth = 0;
  const own: string[] = [];
  for (let at = from; at < code.length; at += 1) {
    budget.left -= 1;
    if (budget.left < 0) throw new TooMuch('it has too many statements in each other to be looked into');
    const letter = code[at] ?? '';
    if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    else if (depth === 0 && at !== from && places.has(at)) break;
    if (depth < 0) break;
    own.push(
      letter === '(' || letter === ')' ? ' ' : depth > 0 ? '' : letter === QUOTED_LETTER ? 'x' : letter,
    );
  }
  return own.join('');
}
