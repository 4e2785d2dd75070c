const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
const NOT_WORD = /[^\p{L}\p{N}]/gu;

/** What needs no folding but of its case. */
const PLAIN = /^[\w./-]*$/;

/** What lenient readers may make of a name: compatibility forms, case and unseen characters gone. */
const fold = (name: string): string =>
  PLAIN.test(name)
    ? name.toLowerCase()
    : name.normalize('NFKC').replace(UNSEEN, '').toUpperCase().toLowerCase();

/**
 * The protocol key that a lenient server may read this key as, though it is spelled otherwise; else undefined.
 * Go's decoder folds case and U+017F/U+212A (CVE-2026-27896), others drop a NUL suffix (GHSA-q382-vc8q-7jhj).
 */
export function looksLikeKey(key: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(key)) return undefined;
  const folded = fold(key);
  for (const name of known) if (folded === name.toLowerCase()) return name;
  return undefined;
}

/** Whether a method is not `tools/call` but could be routed as it (`Tools/Call`, `/tools/call`, `tools.call`). */
export function looksLikeToolsCall(method: string): boolean {
  return method !== 'tools/call' && fold(method).replace(NOT_WORD, '') === 'toolscall';
}
