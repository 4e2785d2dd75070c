import { isHeaderName } from '../remote/wire/web-names.ts';
import { type MapTree, type Member, valueAt } from './formats/tree.ts';
import { article } from './spelled.ts';

/** Headers whose values are those of variables that the client has: by the variable's name. */
export interface ByVariable {
  /** The member that says so. */
  member: Member;
  /** `bearer`: the variable holds a token, and the header has "Bearer " before it. */
  all: { name: string; variable: string; bearer: boolean }[];
}

const VARIABLE = /^[A-Za-z_]\w*$/;
const HEADERS = 'env_http_headers';
const BEARER = 'bearer_token_env_var';

/** As Codex spells them; `others`: the headers that it has besides. A text: why they cannot be had, as the end of a sentence. */
export function byVariableOf(entry: MapTree, others: readonly string[]): ByVariable | undefined | string {
  // An empty one counts: Codex takes neither key beside a command, whatever stands behind it.
  const [member, second] = entry.members.filter(
    ({ key, value }) =>
      (key === HEADERS || key === BEARER) && !(value.kind === 'scalar' && value.value === null),
  );
  if (member === undefined) return undefined;
  if (second !== undefined)
    return `it has "${BEARER}" beside "${HEADERS}": leave one, such as ${HEADERS} with an Authorization whose variable holds "Bearer " and the token`;
  if (valueAt(entry, 'env_vars') !== undefined) return `it has "env_vars" beside "${member.key}"`;
  return member.key === BEARER ? bearerIn(member, others) : headersIn(member);
}

function bearerIn(member: Member, others: readonly string[]): ByVariable | string {
  const { value } = member;
  if (value.kind !== 'scalar' || typeof value.value !== 'string')
    return `its "${BEARER}" is ${article(value)}, not a text`;
  if (!VARIABLE.test(value.value)) return `its "${BEARER}" names no variable`;
  if (others.some((name) => name.toLowerCase() === 'authorization'))
    return `it has an Authorization beside "${BEARER}": leave one`;
  return { member, all: [{ name: 'Authorization', variable: value.value, bearer: true }] };
}

function headersIn(member: Member): ByVariable | string {
  const { value } = member;
  if (value.kind !== 'map') return `its "${HEADERS}" is ${article(value)}, not a map`;
  if (member.start === undefined)
    return `its "${HEADERS}" is a table of its own: write it on one line, as ${HEADERS} = { … }`;
  const all = value.members.map(({ key, value: one }) => ({
    name: key,
    variable: one.kind === 'scalar' && typeof one.value === 'string' ? one.value : '',
    bearer: false,
  }));
  const odd = all.some(({ name, variable }) => !isHeaderName(name) || !VARIABLE.test(variable));
  return odd ? `its "${HEADERS}" names no variable for one of them` : { member, all };
}
