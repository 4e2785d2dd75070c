/** What a server says with a refusal, in the parameters of its Bearer challenge (RFC 6750, RFC 9728). */
export interface Challenge {
  error?: string | undefined;
  scope?: string | undefined;
  resource_metadata?: string | undefined;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
const PARAMETER = new RegExp(
  `^(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))[ \\t]*(?:,|$)`,
  's',
);
const SCHEME = new RegExp(`^(${TOKEN})(?:[ \\t]+|(?=,|$))`);
const TOKEN68 = /^[\w.~+/-]+=*[ \t]*(?:,|$)/;
/** A header that goes on for longer says nothing that counts. */
const LONGEST = 16 * 1024;

/** The first Bearer challenge of a WWW-Authenticate header, which may hold several challenges; undefined for none. */
export function bearerChallenge(header: string | undefined): Challenge | undefined {
  let rest = (header ?? '').slice(0, LONGEST);
  let scheme = '';
  let found: Record<string, string> | undefined;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    if (rest === '') return found;
    const parameter = scheme === '' ? null : PARAMETER.exec(rest);
    if (parameter !== null) {
      const [whole, name = '', quoted, plain] = parameter;
      if (found !== undefined) found[name.toLowerCase()] ??= quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '';
      rest = rest.slice(whole.length);
      continue;
    }
    if (found !== undefined) return found;
    const next = SCHEME.exec(rest);
    if (next === null) return undefined;
    scheme = (next[1] ?? '').toLowerCase();
    rest = rest.slice(next[0].length);
    if (scheme === 'bearer') found = Object.create(null) as Record<string, string>;
    const one = PARAMETER.test(rest) ? null : TOKEN68.exec(rest);
    if (one !== null) rest = rest.slice(one[0].length);
  }
}
