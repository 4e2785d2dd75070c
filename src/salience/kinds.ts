/** What a value of a call's arguments is to a person who judges the call. */
export type Kind =
  | 'command'
  | 'code'
  | 'statement'
  | 'path'
  | 'url'
  | 'recipient'
  | 'amount'
  /** What the call is about: a branch, a table, an environment, an id. */
  | 'target'
  | 'text'
  | 'other';

/** By the last word of a name that says it, in any of the spellings of names. */
const BY_WORD: readonly (readonly [Kind, string])[] = [
  ['command', 'command commands cmd cmdline shell argv exec bash powershell'],
  ['code', 'code script javascript python expression lambda program snippet formula jq'],
  ['statement', 'sql statement statements ddl dml cypher promql kql graphql soql'],
  ['path', 'path paths file files filename filenames filepath folder folders directory dir cwd workspace'],
  ['path', 'destination dest src glob dirname basename root'],
  ['url', 'url urls uri uris href link endpoint webhook host hostname origin site website baseurl remote'],
  ['recipient', 'to cc bcc recipient recipients email emails mailto channel channels phone receiver'],
  ['recipient', 'assignee assignees invitee invitees attendees reviewers payee beneficiary iban wallet'],
  [
    'amount',
    'amount amounts price total sum qty quantity cost fee budget value notional credit refund payment',
  ],
  [
    'target',
    'branch ref tag repo repository owner org organization table database db schema collection bucket',
  ],
  ['target', 'environment env stage cluster namespace service deployment resource container image instance'],
  ['target', 'node pod vm server machine device project workspaceid target subject user username group role'],
  ['target', 'account customer contact member key id ids uid uuid guid name slug arn title symbol ticker'],
  ['target', 'version package module dependency issue ticket page document record row order invoice charge'],
  ['target', 'action operation method event workflow job pipeline policy permission scope number sha commit'],
  ['target', 'selector element query search keyword keywords term q topic domain ip zone label labels'],
  [
    'target',
    'currencycode countrycode postalcode zipcode areacode statuscode errorcode exitcode accountcode',
  ],
  ['target', 'productcode promocode couponcode discountcode taxcode langcode languagecode'],
  ['text', 'text body content contents message description comment note notes html markdown summary prompt'],
  ['text', 'data payload json input patch diff edits changes details'],
];

/** Names that say how, not what: of paging, ordering, layout and place. */
const HOW = new Set(
  `limit page offset sort order cursor format fields timezone token profile region encoding size count max min start
  end since until before after direction depth timeout language locale lang verbose color width height per perpage pagesize
  results orderby sortby sortorder include exclude expand skip days hours minutes date time position indent mode type
  confirm confirmed confirmation`.split(/\s+/),
);

const WORDS = new Map<string, Kind>(
  BY_WORD.flatMap(([kind, words]) => words.split(' ').map((word): [string, Kind] => [word, kind])),
);

const SAID = new Set(
  'explanation justification reasoning rationale thought thoughts intent purpose why motivation'.split(' '),
);

/** Whether an argument of this name is what an agent says about its call, rather than what the call does. */
export function isSaid(name: string): boolean {
  const words = wordsOf(name);
  return words.length <= 3 && SAID.has(words.at(-1) ?? '');
}

/** `newFilePath`, `file_path`, `FILE-PATH`: file, path. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const DATE = /^\d{4}-\d\d(?:-\d\d)?(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/;
const NUMBER = /^-?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?$/;
/** A number with what may stand around it: a sign, a currency or a unit. An id with digits in it is none. */
const AMOUNT = /^[^\p{L}\d]{0,3}(?:\p{L}{1,5}[\s.]?)?-?\d[\d.,'_\s]{0,40}(?:[\p{L}%]{1,8}|\p{Sc})?$/u;
const URL_LIKE = /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#]/i;
const ADDRESS = /^(?:[^<>@]{0,100}<)?[^\s@<>]{1,200}@[^\s@<>]{1,200}\.[\p{L}\p{N}]{2,40}>?$/u;
const PATH_LIKE =
  /^(?:~|\.{1,2})?[/\\][^\s<>|]{1,1000}$|^[A-Za-z]:[\\/]|^(?:[\w.@+-]+[/\\])+[\w.@+-]*\.[A-Za-z]\w{0,8}$/;
/** White space, brackets and comments before a statement. */
const BEFORE_STATEMENT = /(?:\s+|\(|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)/y;
const STATEMENT = new RegExp(
  `^(?:${[
    String.raw`select\b[\s\S]*(?:\bfrom\b|;\s*\w)`,
    String.raw`insert\s+into`,
    String.raw`update\s[\s\S]*\bset`,
    String.raw`delete\s+from`,
    String.raw`(?:drop|create)\s+(?:or\s+replace\s+|temp\w*\s+|unique\s+)?(?:table|database|schema|index|view|user|role|function|trigger)`,
    String.raw`alter\s+\w+`,
    String.raw`truncate\b`,
    String.raw`grant\s[\s\S]*\bto`,
    String.raw`revoke\s[\s\S]*\bfrom`,
    String.raw`merge\s+into`,
    String.raw`with\s[\s\S]*\bas\s*\(`,
    String.raw`copy\s[\s\S]*\b(?:from|to)`,
    String.raw`vacuum\b`,
  ].join('|')})`,
  'i',
);
const COMMAND =
  /^\s*(?:\w+=\S*\s+)*(?:sudo|rm|mv|cp|dd|curl|wget|git|npm|npx|pnpm|yarn|pip3?|python3?|node|bash|sh|zsh|docker|kubectl|terraform|aws|gcloud|az|ssh|scp|rsync|chmod|chown|kill|systemctl|psql|mysql|make|cat|sed|find|xargs|tar)\s+\S/;
/** Content is looked at no further than this. */
const MOST_LOOK = 4_096;

/** What one value is, by its name and by its content. `path`: member names and positions from the top. */
export function kindOf(path: readonly string[], value: string): Kind {
  const text = value.slice(0, MOST_LOOK);
  const named = byName(path);
  if (DATE.test(text)) return 'other';
  if (named === 'amount') return NUMBER.test(text) || AMOUNT.test(text) ? 'amount' : 'target';
  if (named === 'command' || named === 'code' || named === 'statement') return named;
  if (URL_LIKE.test(text)) return 'url';
  if (ADDRESS.test(text)) return 'recipient';
  if (named !== 'path' && isStatement(text)) return 'statement';
  if (named === 'recipient' || named === 'path' || named === 'url') return text === '' ? 'other' : named;
  if (NUMBER.test(text) || /^(?:true|false|null)$/.test(text)) return named === 'target' ? 'target' : 'other';
  if (PATH_LIKE.test(text) && !text.includes('\n')) return 'path';
  if (named !== 'text' && COMMAND.test(text)) return 'command';
  if (named !== 'other') return named;
  return text.length > 60 || text.includes('\n') ? 'text' : 'other';
}

/** By the innermost name that says something; within a name the last word that does. */
function byName(path: readonly string[]): Kind {
  for (const name of path.toReversed()) {
    if (/^\d+$/.test(name)) continue;
    const words = wordsOf(name);
    const last = words.at(-1) ?? '';
    if (HOW.has(last) || HOW.has(words.join(''))) return 'other';
    const joined = WORDS.get(words.join(''));
    // `inReplyTo` and `rangeToId` send nothing to anybody.
    const alone = words.length === 1 || /^(?:send|mail|cc|message)$/.test(words[0] ?? '');
    const telling = alone ? words : words.filter((word) => word !== 'to');
    const found =
      joined ??
      telling
        .toReversed()
        .map((word) => WORDS.get(word))
        .find((kind) => kind !== undefined);
    if (found !== undefined) return found;
  }
  return 'other';
}

function isStatement(text: string): boolean {
  let at = 0;
  for (;;) {
    BEFORE_STATEMENT.lastIndex = at;
    const [before] = BEFORE_STATEMENT.exec(text) ?? [];
    if (before === undefined) return STATEMENT.test(text.slice(at));
    at += before.length;
  }
}
