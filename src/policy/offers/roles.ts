import { type JsonNode, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';
import { contentBound, idBound, innerPathBound, membersBound, type Unread } from './freed.ts';

/** One argument of a call, and what it is for whoever permits more of its kind. */
export interface Argument extends Unread {
  role: Role;
  /** What a rule says of it where it is free; undefined: it may be anything. */
  bound?: string;
}

/**
 * `folder`, `host`, `repository`, `channel`, `place`: names the target. `within`: names something inside one, `file`:
 * a file of a repository. `content`: what is written there. `how`: pages, orders and shapes an answer. `other`: must stay as it is.
 */
export type Role =
  | 'folder'
  | 'host'
  | 'repository'
  | 'channel'
  | 'place'
  | 'within'
  | 'file'
  | 'content'
  | 'how'
  | 'other';

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const CONTENT =
  set(`text body content contents edit edits message comment comments description title subject summary
  note notes markdown html newtext oldtext newstring oldstring newstr oldstr filetext replacement`);
/** What is written as members with names of their own. A patch names its files itself, an attachment is one. */
const MEMBERS = set('changes values fields properties');
const REPOSITORY = set('repo repository repositoryname reponame repofullname');
const OWNER = 'owner';
const CHANNEL = set(
  'channel channelid channelname chatid chat room roomid recipient to phone phonenumber email issuekey issueidorkey',
);
const PLACE =
  set(`table tablename database databasename dataset collection bucket bucketname namespace project projectid
  projectkey board boardid team teamid workspace workspaceid calendarid spreadsheetid documentid docid list listid
  baseid index indexname space spaceid spacekey pageid`);
/** What lies in a target of each kind: the `number` of a repository is its issue's, beside a channel it may be a telephone's. */
const WITHIN = {
  repository: set(
    `issuenumber pullnumber pullrequestnumber prnumber number issue pr head commentid discussionnumber`,
  ),
  channel: set('threadts ts messageid parentid'),
  place: set('rowid recordid row record issueiid mergerequestiid'),
};
const HOW =
  set(`limit page perpage pagesize offset cursor sort order orderby direction fields format maxresults count first
  last maxlength startindex raw nexttoken`);

/** A file's whole place, spelled in one way only: what else it may be is not permitted beforehand. */
const PLAIN_PATH = /^(?:\/(?:[^/\\%\0-\x1f\p{Default_Ignorable_Code_Point}]){1,255}){2,64}$/u;
const DOTS = /\/\.{1,2}(?:\/|$)/;
const PLAIN_URL = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#]|$)/;

function textOf(node: JsonNode, source: JsonSource): string {
  if (node.kind === 'string') return stringOf(source, node);
  if (node.items !== undefined) return node.items.map((item) => textOf(item, source)).join('\n');
  return source.slice(node.start, node.end);
}

type Target = keyof typeof WITHIN;

/** Of the names alone: what the call's targets are. */
function targetOf(joined: string, kind: JsonNode['kind']): Target | undefined {
  if (CHANNEL.has(joined)) return 'channel';
  if (kind !== 'string' && kind !== 'number') return undefined;
  if (REPOSITORY.has(joined) || joined === OWNER) return 'repository';
  return PLACE.has(joined) ? 'place' : undefined;
}

/** What an argument is for, and what must hold of it where it is free. */
type Read = Pick<Argument, 'role' | 'bound'>;

function contentOf(argument: Unread, joined: string, source: JsonSource): Read | undefined {
  const isContent = (name: string): boolean => CONTENT.has(wordsOf(name).join(''));
  const bound = CONTENT.has(joined)
    ? contentBound(argument, isContent)
    : membersBound(argument, (node) => textOf(node, source));
  return bound === undefined ? undefined : { role: 'content', bound };
}

/** What lies in one of the call's targets; an owner alone is none. */
function insideOf(argument: Unread, joined: string, targets: ReadonlySet<Target>): Read | undefined {
  const within = [...targets].some((one) => WITHIN[one].has(joined)) ? idBound(argument) : undefined;
  if (within !== undefined) return { role: 'within', bound: within };
  const file = targets.has('repository') && joined === 'path' ? innerPathBound(argument) : undefined;
  return file === undefined ? undefined : { role: 'file', bound: file };
}

function roleOf(argument: Unread, targets: ReadonlySet<Target>, source: JsonSource): Read {
  const { name, node, text } = argument;
  const joined = wordsOf(name).join('');
  const isContent = CONTENT.has(joined) || MEMBERS.has(joined);
  const free = isContent ? contentOf(argument, joined, source) : insideOf(argument, joined, targets);
  if (free !== undefined) return free;
  if (HOW.has(joined)) return { role: 'how' };
  if (isContent) return { role: 'other' };
  const target = targetOf(joined, node.kind);
  if (target !== undefined) return { role: target };
  if (node.kind !== 'string') return { role: 'other' };
  const kind = kindOf([name], text);
  if (kind === 'path' && PLAIN_PATH.test(text) && !DOTS.test(text)) return { role: 'folder' };
  return { role: kind === 'url' && PLAIN_URL.test(text) ? 'host' : 'other' };
}

/** The arguments of a call, in their order. */
export function argumentsOf(root: JsonNode, source: JsonSource): Argument[] {
  const all = (root.members ?? []).map(({ key, value }) => ({
    name: key,
    text: textOf(value, source),
    node: value,
  }));
  const targets = all.flatMap(({ name, node }) => {
    const joined = wordsOf(name).join('');
    return joined === OWNER ? [] : (targetOf(joined, node.kind) ?? []);
  });
  const known = new Set(targets);
  return all.map((one) => ({ ...one, ...roleOf(one, known, source) }));
}
