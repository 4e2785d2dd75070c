import type { Risk, ToolDefinition } from './classes/tool-risk.ts';

/** Arguments by which a caller says in another language what is to be done: then the class says little. */
const FREE = new Set(
  'sql query queries url urls uri uris command commands cmd code script expression statement function'.split(
    ' ',
  ),
);
/** What is read may itself be what must not get about. */
const SECRET =
  /(?:^|[^a-z])(?:secrets?|passwords?|passphrases?|credentials?|private[ _-]?keys?|api[ _-]?keys?|tokens?|cookies?|otp|mfa|vaults?)(?:[^a-z]|$)/i;
/** Tokens that only turn pages, or count words. */
const HARMLESS =
  /(?:page|next|cursor|continuation|continue|sync|start|starting|pagination|max|min|prompt|completion|total)[ _-]?tokens?/gi;

function spaced(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

function argumentNames(schema: unknown): string[] {
  const { properties } = (schema ?? {}) as { properties?: unknown };
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

const SEARCHED = /^(?:query|search_?query)$/i;

/** Languages of queries: what is asked in one may do whatever the language can. */
const LANGUAGES =
  /\b(?:\w{0,8}sql|\w{0,3}ql|graphql|cypher|sparql|mql|lucene|xpath|expressions?|statements?|aggregation|pipeline|script|commands?|\$where|insert|update|delete)\b/i;

/** The words to search for, and no language: `search_users` with `query: string`. */
function isSearched(
  { name, title = '', description = '', inputSchema }: ToolDefinition,
  asked: string,
): boolean {
  const { properties } = inputSchema as {
    properties: Record<string, { type?: unknown; description?: unknown } | null>;
  };
  const query = properties[asked];
  if (query?.type !== 'string') return false;
  const said = [spaced(name), title, description, query.description ?? ''].join(' ').replace(/_/g, ' ');
  return (
    /\b(?:search|find|lookup|list)/i.test(spaced(`${name}_${asked}`).replace(/[_-]/g, ' ')) &&
    !LANGUAGES.test(said)
  );
}

/**
 * Whether a tool may run unasked where nobody wrote a policy: surely a read, without an argument in a
 * language of its own, and naming no secret.
 */
export function isPlainRead(tool: ToolDefinition, risk: Risk): boolean {
  const { name, title = '', inputSchema } = tool;
  if (risk.class !== 'read' || !risk.sure) return false;
  const names = argumentNames(inputSchema);
  const words = names
    .filter((one) => !SEARCHED.test(one) || !isSearched(tool, one))
    .flatMap((one) =>
      spaced(one)
        .toLowerCase()
        .split(/[^a-z]+/),
    );
  if (words.some((word) => FREE.has(word))) return false;
  return ![name, String(title), ...names].some((text) => SECRET.test(spaced(text).replace(HARMLESS, '')));
}
