const ALPHABET = /^[A-Za-z0-9][A-Za-z0-9_=+-]{15,511}$/;
const RANDOM_FROM = 16;
/** What an issuer writes before the random part: `sk_live_`, `github_pat_`. */
const MOST_AROUND = 16;
const LONGEST_AROUND = 12;

/** A password that a person made up with care: with such a mark in it, it is no name of anything. */
const PASSWORD = /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!^])[A-Za-z0-9!^]{10,64}$/;

/** Letters as a generator gives them: no stretch of small letters that could be a word, and digits in between. */
function isRandom(part: string): boolean {
  if (part.length < RANDOM_FROM) return false;
  const digits = part.match(/[0-9]/g)?.length ?? 0;
  return digits >= 3 && !/[a-z]{7}|[A-Z]{7}/.test(part) && !/^[A-Za-z]*[0-9]+$/.test(part);
}

/**
 * Whether a text is one token and can be nothing else: no path, address, option, name or command. Only such a text
 * may be approved without having been seen. A wrong no costs a person one key.
 */
export function isPlainToken(text: string): boolean {
  if (PASSWORD.test(text)) return true;
  if (!ALPHABET.test(text)) return false;
  const parts = text.split(/[_=+-]+/);
  const around = parts.filter((part) => !isRandom(part));
  const rest = around.reduce((sum, part) => sum + part.length, 0);
  return (
    around.length < parts.length &&
    rest <= MOST_AROUND &&
    around.every((part) => part.length <= LONGEST_AROUND)
  );
}
