import { PlainError } from '../platform/plain-error.ts';
import { visible } from '../text/visible.ts';
import { entriesOf, type ServerEntry } from './entries.ts';
import { JSON_FORMAT, JSONC_FORMAT } from './formats/json.ts';
import { TOML_FORMAT } from './formats/toml.ts';
import { type Format, type Read, SyntaxFault, type Tree } from './formats/tree.ts';
import { YAML_FORMAT } from './formats/yaml.ts';
import { sectionsOf } from './sections.ts';
import type { FormatName, Place } from './table.ts';

const FORMATS: Record<FormatName, Format> = {
  json: JSON_FORMAT,
  jsonc: JSONC_FORMAT,
  yaml: YAML_FORMAT,
  toml: TOML_FORMAT,
};

/** A client's configuration, read without changing a byte of it. */
export interface ConfigFile {
  path: string;
  text: string;
  place: Place;
  format: Format;
  tree: Tree;
  value: unknown;
  entries: ServerEntry[];
  /** Whether it has a place for servers at all. */
  hasServers: boolean;
}

/**
 * Reads a client's configuration. Throws a PlainError with line and column for a text that its format does not
 * allow, and for one whose servers stand twice or are no map.
 */
export function readConfig(path: string, text: string, place: Place): ConfigFile {
  const format = FORMATS[place.format];
  const { tree, value } = parsed(path, text, place, format);
  const sections = sectionsOf(tree, place, visible(path));
  const entries = sections.flatMap((section) => entriesOf(section, place.spelling ?? 'words'));
  return { path, text, place, format, tree, value, entries, hasServers: sections.length > 0 };
}

function parsed(path: string, text: string, place: Place, format: Format): Read {
  try {
    return format.read(text);
  } catch (cause) {
    if (cause instanceof SyntaxFault) throw syntaxError(path, text, { place, format, fault: cause });
    // The parsers recurse, so a file nested thousands deep overflows their stack.
    if (!(cause instanceof RangeError)) throw cause;
    throw new PlainError(`${visible(path)} is nested too deep to be read; nothing was changed.`, 1, {
      cause,
    });
  }
}

interface Fault {
  place: Place;
  format: Format;
  fault: SyntaxFault;
}

/** Git writes these where it could not merge. */
const CONFLICT = /^(?:<{7}|={7}|>{7})(?: |$)/m;

function syntaxError(path: string, text: string, { place, format, fault }: Fault): PlainError {
  const before = text.slice(0, fault.offset).split('\n');
  const at = `${visible(path)}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  if (CONFLICT.test(text)) {
    return new PlainError(
      `${at} holds the marks of a merge conflict (<<<<<<<); nothing was changed. Resolve it first.`,
    );
  }
  const advice =
    place.format === 'json'
      ? ' This client reads strict JSON: a comment or a trailing comma silently disables all of its servers.'
      : '';
  return new PlainError(
    `${at} is not ${format.name} (${visible(fault.message)}); nothing was changed. Mend it first.${advice}`,
  );
}
