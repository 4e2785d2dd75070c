/** A path that the policy names, from the arguments' root: names, and `*` for any member or item. */
export type ListedPath = readonly string[];

const PATH = /^args(?:\.(?:[A-Za-z_$][\w$-]*|\*)|\["(?:[^"\\]|\\.)*"\]|\[\*\])+$/;
const STEP = /\.([A-Za-z_$][\w$-]*|\*)|\[("(?:[^"\\]|\\.)*")\]|\[\*\]/g;

/** `args.customer.card`, `args.items.*.iban`, `args["x y"]`; undefined for anything else. */
export function listedPath(text: string): ListedPath | undefined {
  if (!PATH.test(text)) return undefined;
  try {
    return [...text.slice(4).matchAll(STEP)].map(([, name, quoted]) =>
      quoted === undefined ? (name ?? '*') : (JSON.parse(quoted) as string),
    );
  } catch {
    return undefined;
  }
}
