const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const NOT_WORD = /[^\p{L}\p{N}]/gu;
/** What needs no folding but of its case. */
const PLAIN = /^[\w./-]*$/;
/** A dotted capital I leaves its dot behind when it is lowered; Java's equalsIgnoreCase takes it for an i. */
const DOT_ABOVE = /\u0307/g;

/** What lenient readers may make of a name: compatibility forms, case and unseen characters gone. */
const fold = (name: string): string =>
  PLAIN.test(name)
    ? name.toLowerCase()
    : name.normalize('NFKC').replace(UNSEEN, '').toUpperCase().toLowerCase().replace(DOT_ABOVE, '');

/** Letters and digits alone: `_meta`, `meta` and `META` are one word, and so are `inputResponses` and `input_responses`. */
const word = (name: string): string => fold(name).replace(NOT_WORD, '');

/** A reader of C strings stops at a NUL. */
const untilNul = (name: string): string => name.slice(0, name.indexOf('\0') + 1 || undefined);

const words = new WeakMap<ReadonlySet<string>, Map<string, string>>();

function wordsOf(known: ReadonlySet<string>): Map<string, string> {
  let found = words.get(known);
  if (found === undefined) {
    found = new Map([...known].map((name) => [word(name), name]));
    words.set(known, found);
  }
  return found;
}

/**
 * The protocol key that a lenient server may read this key as, though it is spelled otherwise; else undefined.
 * Go's decoder folds case and U+017F/U+212A (CVE-2026-27896), others drop a NUL suffix (GHSA-q382-vc8q-7jhj), and
 * models with aliases take snake case for camel case.
 */
export function looksLikeKey(key: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(key)) return undefined;
  const forms = wordsOf(known);
  return forms.get(word(key)) ?? (key.includes('\0') ? forms.get(word(untilNul(key))) : undefined);
}

const TOOLS_CALL = 'toolscall';

/** Whether a method is not `tools/call` but could be routed as it (`Tools/Call`, `/tools/call`, `tools.call`, `tools%2Fcall`). */
export function looksLikeToolsCall(method: string): boolean {
  if (method === 'tools/call') return false;
  const forms = [method, untilNul(method), unescaped(method)];
  return forms.some((form) => word(form) === TOOLS_CALL);
}

function unescaped(method: string): string {
  return method.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/**
 * Whether a name is not what it looks like: it holds what nobody sees, or a server that normalises or trims names
 * would take it for another. Such a name is never allowed unasked.
 */
export function isDeceptive(name: string): boolean {
  if (PLAIN.test(name)) return false;
  return (
    name.normalize('NFKC') !== name || name.replaceAll(' ', '').search(UNSEEN) !== -1 || name.trim() !== name
  );
}
