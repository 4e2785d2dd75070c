import type { JsonNode, Member } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { isNoSecret } from './names/fits-kind.ts';
import { nameKind, nameSaid } from './names/secret-names.ts';

/** Which of the values that a statement is given are secrets, by the node's start: why. */
export type Bound = Map<number, string>;

const STATEMENT = /^(?:query|sql|statement|mutation|command|text|document|q)$/i;
const VALUES = /^(?:variables|params|parameters|args|arguments|values|bindings|binds|bind_?vars)$/i;
/** `password: $p`, `pwd = :p`, `password = ?`, `crypt(…)` around it. */
const NAMED =
  /([\p{L}_][\p{L}\p{N}_]{2,40})["'`\]]?\s{0,4}(?::|=)\s{0,4}(?:\w{1,24}\(\s{0,2}){0,2}(?:[$:@](\w{1,40})|(\?|%s))/gu;
const INSERTED =
  /insert\s{1,8}into\s{1,8}[^\s(]{1,100}\s{0,8}\(([^()]{1,400})\)\s{0,8}values\s{0,8}\(([^;]{1,400})/i;
const PLACE = /[$:@](\w{1,40})|\?|%s/g;
const LONGEST = 8_000;

/** What names the places of a statement, by the name or number (from nought) of a value. */
function secretPlaces(statement: string): Map<string, string> {
  const found = new Map<string, string>();
  const note = (column: string, place: string | undefined, at: number): void => {
    if (nameKind(column) !== 'secret' && nameKind(column) !== 'pass') return;
    found.set(place === undefined ? String(at) : numbered(place), nameSaid(column));
  };
  for (const { 1: column = '', 2: place, 3: mark, index, 0: whole } of statement.matchAll(NAMED))
    note(column, place, mark === undefined ? 0 : marksBefore(statement, index + whole.length - mark.length));
  const inserted = INSERTED.exec(statement);
  if (inserted === null) return found;
  const places = [...(inserted[2] ?? '').matchAll(PLACE)];
  for (const [at, column] of (inserted[1] ?? '').split(',').entries())
    if (places[at] !== undefined) note(column.replace(/[\s"'`[\]]/g, ''), places[at][1], at);
  return found;
}

/** `$2` is the second value; `$p` is called p. */
const numbered = (place: string): string => (/^\d+$/.test(place) ? String(Number(place) - 1) : place);

const marksBefore = (statement: string, at: number): number =>
  statement.slice(0, at).match(/\?|%s/g)?.length ?? 0;

/** Values beside a statement that binds them to names of secrets: GraphQL's variables, parameters of SQL. */
export function boundSecrets(members: readonly Member[], source: JsonSource): Bound {
  const found: Bound = new Map();
  if (members.length < 2) return found;
  const values = members.find(({ key, value }) => VALUES.test(key) && (value.members ?? value.items));
  const statement = members.find(
    ({ key, value }) => STATEMENT.test(key) && value.kind === 'string' && value.end - value.start < LONGEST,
  );
  if (values === undefined || statement === undefined) return found;
  const places = secretPlaces(source.string(statement.value.start, statement.value.end));
  if (places.size === 0) return found;
  const take = (node: JsonNode | undefined, why: string): void => {
    if (node?.kind !== 'string' || node.members !== undefined || node.items !== undefined) return;
    if (!isNoSecret(source.string(node.start, node.end))) found.set(node.start, why);
  };
  for (const [place, why] of places) {
    take(values.value.items?.[Number(place)], why);
    take(values.value.members?.find(({ key }) => key.replace(/^[$:@]/, '') === place)?.value, why);
  }
  return found;
}
