/** Words that name a secret when they end a name: `userPassword`, `client_secret`. */
const SECRETS = new Set(
  'password passwd passwort passphrase pwd secret secrets credential credentials authorization cookie cookies apikey passwords otp totp cvv cvc bearer'.split(
    ' ',
  ),
);
/** Words that may follow one: `password_confirmation`, `secretValue`. */
const FOLLOWERS = new Set(
  'value string text plain plaintext confirm confirmation again hash new old current base64'.split(' '),
);
/** `token` and `key` are ordinary words; these before them make a secret. */
const OF_TOKEN = new Set(
  'access auth api refresh bearer session bot user personal oauth oauth2 security secret private github gitlab slack npm deploy id csrf xsrf jwt service device registry webhook app'.split(
    ' ',
  ),
);
const OF_KEY = new Set(
  'api access secret private encryption decryption signing auth master account subscription ssh service hmac aes shared app webhook rsa license'.split(
    ' ',
  ),
);
/** Alone, `token` and `pin` mean a secret only by what they hold. */
const NOT_A_TOKEN = new Set(
  'page next previous prev continuation pagination cursor sync start resume max min count limit change'.split(
    ' ',
  ),
);

/** `clientSecret`, `client-secret`, `CLIENT_SECRET` → client, secret. */
export function nameWords(name: string): string[] {
  return name
    .slice(0, 128)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether a value under this name is a secret, whatever it looks like. */
export function namesSecret(name: string, value: string): boolean {
  const words = nameWords(name);
  while (words.length > 1 && FOLLOWERS.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const before = words.at(-2);
  if (SECRETS.has(last)) return last !== 'secrets' || value.length >= 8;
  if (last === 'token') return isToken(before, value);
  if (last === 'key') return before !== undefined && OF_KEY.has(before);
  if (last === 'pin' || last === 'passcode') return /^\d{4,12}$/.test(value);
  if (last === 'string') return before === 'connection';
  return last === 'dsn' && value.includes('@');
}

function isToken(before: string | undefined, value: string): boolean {
  if (before !== undefined && NOT_A_TOKEN.has(before)) return false;
  if (before !== undefined && OF_TOKEN.has(before)) return true;
  // `token: "comma"` is a word of a parser; a real one is longer and holds no space.
  return /^[^\s]{12,}$/.test(value) && /\d/.test(value);
}
