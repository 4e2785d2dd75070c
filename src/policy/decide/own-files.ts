import type { JsonSource } from '../../protocol/json-source.ts';
import { certainlyNone } from './quick-no.ts';
import type { OwnPlaces } from './types.ts';

/** Separators between the words of a command line or a list of paths. */
const BREAKS = /[\s"'`=;|&<>(),]+/;
/**
 * File names under which MCP clients keep their servers, and our project file (research/ecosystem.md 1.1).
 * A name alone is enough: a wrong yes costs one question.
 */
const CLIENT_CONFIG =
  /(?:^|[/\\"'\s=:])(?:\.policyrc(?:\.(?:jsonc?|ya?ml))?|claude_desktop_config\.json|\.claude\.json|\.?mcp\.json|mcp_config\.json|mcp_settings\.json|cline_mcp_settings\.json|mcp-config\.json|\.codex\/config\.toml|\.gemini\/settings\.json|\.claude\/settings(?:\.local)?\.json|opencode\.jsonc?)(?![\w.-])/i;

/** What every name above holds: a quick no for almost every call, however long its arguments. */
const MAYBE_CONFIG = /\.(?:json|toml|policyrc)/i;
const CONFIG_ENDINGS = ['.json', '.toml', '.policyrc'];

/** The strings of the arguments, keys included, decoded: numbers are no paths. */
function stringsOf(argumentsText: string): string[] {
  const strings: string[] = [];
  JSON.parse(argumentsText, (key, value: unknown) => {
    strings.push(key);
    if (typeof value === 'string') strings.push(value);
    return value;
  });
  return strings;
}

/** A text to search for names in: the source as it stands, unless an escape in it may spell a letter or a slash. */
function textOf(argumentsText: string): string {
  const plain = !argumentsText.includes('\\u') && !argumentsText.includes('\\/');
  return plain ? argumentsText : stringsOf(argumentsText).join('\n');
}

function decodedPercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `.`, `..` and empty parts resolved, without asking the disk. */
function resolved(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function absolute(word: string, places: OwnPlaces): string {
  const path = word.toLowerCase().startsWith('file:')
    ? decodedPercent(word.replace(/^file:(?:\/\/[^/]*)?/i, ''))
    : word;
  const expanded = path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/i, places.userHome);
  return resolved(expanded.startsWith('/') ? expanded : `${places.workingFolder}/${expanded}`);
}

let lastName: { name: string; pattern: RegExp } | undefined;

/** A quick no for almost every call: neither the home's own name nor a file URL, in any case. */
function maybeNamed(name: string): RegExp {
  if (lastName?.name !== name) {
    lastName = { name, pattern: new RegExp(`${name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}|file:`, 'i') };
  }
  return lastName.pattern;
}

function liesIn(path: string, folder: string): boolean {
  const [inner, outer] = [path.toLowerCase(), folder.toLowerCase()];
  return inner === outer || inner.startsWith(`${outer}/`);
}

/**
 * Whether the arguments name a path inside the holdpoint home: lexically (`~`, `$HOME`, `..`, `file://`, case).
 * Links, shell globs and split words are not seen; the README says so.
 */
export function namesOwnHome(source: JsonSource, places: OwnPlaces): boolean {
  const folder = places.holdpointHome;
  const name = folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();
  const inside = liesIn(places.workingFolder, folder);
  if (!inside && certainlyNone(source, [name, 'file:'])) return false;
  if (!inside && !maybeNamed(name).test(textOf(source.text))) return false;
  // A path into the folder says its name, or hides it behind percent signs.
  const may = (word: string): boolean =>
    inside || word.toLowerCase().includes(name) || (/^file:/i.test(word) && word.includes('%'));
  const words = stringsOf(source.text).flatMap((text) => text.split(BREAKS).filter(may));
  const finer = words.flatMap((word) => (/^file:/i.test(word) ? [] : word.split(/[:[\]{}\\]+/)));
  return [...words, ...finer].some((word) => {
    if (word === '' || (inside && !word.includes('/') && !word.includes('.'))) return false;
    if (liesIn(absolute(word, places), folder)) return true;
    // A relative path may start anywhere (a server has a root of its own), so the folder's name in it is enough.
    return !word.startsWith('/') && name.startsWith('.') && word.toLowerCase().split('/').includes(name);
  });
}

/** Whether the arguments name a file in which an MCP client, or a project, keeps what guards it. */
export function namesClientConfig(source: JsonSource): boolean {
  if (certainlyNone(source, CONFIG_ENDINGS)) return false;
  const text = textOf(source.text);
  return MAYBE_CONFIG.test(text) && CLIENT_CONFIG.test(text);
}
