import type { Outgoing } from './outgoing.ts';
import { isHeaderName } from './web-names.ts';

/** An argument that a tool's schema wants mirrored into a header of its own (`x-mcp-header`, SEP-2243). */
export interface Mirrored {
  header: string;
  path: readonly string[];
}

export type MirroredOf = (tool: string) => readonly Mirrored[];

const MIRRORED_TYPES = new Set(['string', 'integer', 'boolean']);
const PLAIN = /^[\t\x20-\x7e]+$/;
const MOST_MIRRORED = 64;
const DEEPEST = 16;

/**
 * The headers by which a request of 2026-07-28 says what its body says, taken from that body and nothing else. None for
 * an older one: those carry what was agreed on at their start.
 */
export function mirrorHeaders(line: Outgoing, mirroredOf: MirroredOf): Record<string, string> {
  if (line.version === undefined || line.kind !== 'request') return {};
  const headers: Record<string, string> = {
    'mcp-protocol-version': encoded(line.version),
    'mcp-method': encoded(line.method),
  };
  if (line.name !== undefined) headers['mcp-name'] = encoded(line.name);
  if (line.method !== 'tools/call' || line.arguments === undefined) return headers;
  const mirrored = mirroredOf(line.name ?? '');
  if (mirrored.length === 0) return headers;
  const given: unknown = JSON.parse(line.arguments.text);
  for (const { header, path } of mirrored) {
    const said = spelled(path.reduce(member, given));
    if (said !== undefined) headers[`mcp-param-${header.toLowerCase()}`] = encoded(said);
  }
  return headers;
}

/**
 * Which arguments each tool of a `tools/list` answer wants mirrored. A tool with one declaration that the specification
 * does not allow has none: clients leave such a tool out.
 */
export function mirroredTools(answer: unknown): Map<string, readonly Mirrored[]> {
  const tools = member(member(answer, 'result'), 'tools');
  const all = new Map<string, readonly Mirrored[]>();
  for (const tool of Array.isArray(tools) ? tools : []) {
    const name = member(tool, 'name');
    const found: Mirrored[] = [];
    if (typeof name !== 'string' || !collect(member(tool, 'inputSchema'), [], found)) continue;
    const headers = new Set(found.map(({ header }) => header.toLowerCase()));
    if (headers.size === found.length) all.set(name, found);
  }
  return all;
}

/** False for a declaration that may not be. */
function collect(schema: unknown, path: readonly string[], found: Mirrored[]): boolean {
  const header = member(schema, 'x-mcp-header');
  if (header !== undefined) {
    if (typeof header !== 'string' || !isHeaderName(header) || path.length === 0) return false;
    if (!MIRRORED_TYPES.has(String(member(schema, 'type')))) return false;
    found.push({ header, path });
  }
  const properties = member(schema, 'properties');
  if (typeof properties !== 'object' || properties === null || path.length >= DEEPEST) return true;
  return Object.entries(properties).every(
    ([key, one]) => found.length <= MOST_MIRRORED && collect(one, [...path, key], found),
  );
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function spelled(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** As a field's value: what is not plain ASCII goes as Base64 (2026-07-28, "Value Encoding"). */
function encoded(value: string): string {
  const marked = value.startsWith('=?base64?') && value.endsWith('?=');
  if (PLAIN.test(value) && value === value.trim() && !marked) return value;
  return `=?base64?${Buffer.from(value).toString('base64')}?=`;
}
