import { type JsonNode, memberOf, stringOf } from './json/json-scan.ts';
import type { JsonSource } from './json/json-source.ts';
import { MOST_NAME } from './line-refusal.ts';

/** What a client says of itself. */
export interface ClientInfo {
  name: string;
  version: string;
}

/** Whether a string is as short as names are. */
export function isName({ start, end }: JsonNode): boolean {
  return end - start <= MOST_NAME;
}

/** What a client says of itself: `{name, version}`, or undefined; what is too long for a name is none. */
export function clientInfo(source: JsonSource, info: JsonNode | undefined): ClientInfo | undefined {
  const name = memberOf(info, 'name');
  const version = memberOf(info, 'version');
  if (name?.kind !== 'string' || !isName(name)) return undefined;
  return {
    name: stringOf(source, name),
    version: version?.kind === 'string' && isName(version) ? stringOf(source, version) : '',
  };
}
