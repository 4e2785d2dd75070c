import { type JsonNode, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';

/** One argument of a call, and what it is for whoever permits more of its kind. */
export interface Argument {
  name: string;
  role: Role;
  /** Decoded; of a list of texts its items joined by a line's end. */
  text: string;
  node: JsonNode;
}

/**
 * `folder`, `host`, `repository`, `channel`, `place`: names the target. `within`: names something inside one. `content`:
 * what is written there. `how`: pages, orders and shapes an answer. `other`: must stay as it is.
 */
export type Role =
  | 'folder'
  | 'host'
  | 'repository'
  | 'channel'
  | 'place'
  | 'within'
  | 'content'
  | 'how'
  | 'other';

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const CONTENT =
  set(`text body content contents edit edits message comment comments description title subject summary
  note notes markdown html diff patch changes values fields properties blocks newtext oldtext newstring oldstring newstr
  oldstr filetext replacement attachments`);
const REPOSITORY = set('owner repo repository repositoryname reponame repofullname');
const CHANNEL = set(
  'channel channelid channelname chatid chat room roomid recipient to phone phonenumber email',
);
const PLACE =
  set(`table tablename database databasename dataset collection bucket bucketname namespace project projectid
  projectkey board boardid team teamid workspace workspaceid calendarid spreadsheetid documentid docid list listid
  baseid index indexname space spaceid spacekey`);
/** Of a repository, a table or a channel: something in it. */
const WITHIN =
  set(`issuenumber pullnumber pullrequestnumber prnumber number issue pr head commentid discussionnumber
  threadts ts replyto messageid parentid rowid recordid row record`);
const HOW =
  set(`limit page perpage pagesize offset cursor sort order orderby direction fields format maxresults count first
  last maxlength startindex raw nexttoken`);

/** A file's whole place, spelled in one way only: what else it may be is not permitted beforehand. */
const PLAIN_PATH = /^(?:\/[^/\\%\0-\x1f]{1,255}){2,64}$/;
const DOTS = /\/\.{1,2}(?:\/|$)/;
const PLAIN_URL = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#]|$)/;

function textOf(node: JsonNode, source: JsonSource): string {
  if (node.kind === 'string') return stringOf(source, node);
  if (node.items !== undefined) return node.items.map((item) => textOf(item, source)).join('\n');
  return source.slice(node.start, node.end);
}

function roleOf(name: string, node: JsonNode, text: string): Role {
  const joined = wordsOf(name).join('');
  if (CONTENT.has(joined)) return 'content';
  if (HOW.has(joined)) return 'how';
  if (node.kind !== 'string' && node.kind !== 'number') return CHANNEL.has(joined) ? 'channel' : 'other';
  if (REPOSITORY.has(joined)) return 'repository';
  if (WITHIN.has(joined)) return 'within';
  if (CHANNEL.has(joined)) return 'channel';
  if (PLACE.has(joined)) return 'place';
  if (node.kind !== 'string') return 'other';
  const kind = kindOf([name], text);
  if (kind === 'path' && PLAIN_PATH.test(text) && !DOTS.test(text)) return 'folder';
  if (kind === 'url' && PLAIN_URL.test(text)) return 'host';
  return 'other';
}

/** The arguments of a call, in their order. */
export function argumentsOf(root: JsonNode, source: JsonSource): Argument[] {
  return (root.members ?? []).map(({ key, value }) => {
    const text = textOf(value, source);
    return { name: key, role: roleOf(key, value, text), text, node: value };
  });
}
