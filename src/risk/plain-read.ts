import type { Risk, ToolDefinition } from './classify.ts';

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
  /(?:page|next|cursor|continuation|continue|sync|start|max|min|prompt|completion|total)[ _-]?tokens?/gi;

function spaced(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

function argumentNames(schema: unknown): string[] {
  const { properties } = (schema ?? {}) as { properties?: unknown };
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/**
 * Whether a tool may run unasked where nobody wrote a policy: surely a read, without an argument in a
 * language of its own, and naming no secret.
 */
export function isPlainRead({ name, title = '', inputSchema }: ToolDefinition, risk: Risk): boolean {
  if (risk.class !== 'read' || !risk.sure) return false;
  const names = argumentNames(inputSchema);
  const words = names.flatMap((one) =>
    spaced(one)
      .toLowerCase()
      .split(/[^a-z]+/),
  );
  if (words.some((word) => FREE.has(word))) return false;
  return ![name, String(title), ...names].some((text) => SECRET.test(spaced(text).replace(HARMLESS, '')));
}
