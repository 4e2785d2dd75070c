/** A deterministic stream of numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';
const B62 = LOWER + UPPER + DIGITS;

/** Letters for a test's generator; nothing that is written here is a token of anybody. */
class Letters {
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  of(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[Math.floor(this.random() * alphabet.length)]).join('');
  }

  b62(length: number): string {
    return this.of(B62, length);
  }

  hex(length: number): string {
    return this.of(HEX, length);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}

/** How each kind of token is spelled; the parts are joined here so that no scanner takes this file for a leak. */
const TOKENS: Record<string, (letters: Letters) => string> = {
  github: (l) => `${l.pick(['ghp', 'gho', 'ghu', 'ghs', 'ghr'])}_${l.b62(36)}`,
  githubFine: (l) => `github${'_pat_'}${l.b62(22)}_${l.b62(59)}`,
  gitlab: (l) => `glpat${'-'}${l.b62(20)}`,
  aws: (l) => `AKI${'A'}${l.of(UPPER + DIGITS, 16)}`,
  google: (l) => `AIz${'a'}${l.b62(35)}`,
  googleOauth: (l) => `ya29${'.'}${l.b62(60)}`,
  googleClient: (l) => `GOCS${'PX-'}${l.b62(28)}`,
  slackBot: (l) => `xox${'b-'}${l.of(DIGITS, 12)}-${l.of(DIGITS, 12)}-${l.b62(24)}`,
  slackApp: (l) => `xap${'p-1-'}${l.b62(11)}-${l.of(DIGITS, 12)}-${l.hex(64)}`,
  slackHook: (l) => `https://hooks.slack${'.com/services/'}T${l.b62(8)}/B${l.b62(8)}/${l.b62(24)}`,
  stripe: (l) => `${l.pick(['sk', 'rk'])}_${l.pick(['live', 'test'])}_${l.b62(24)}`,
  stripeHook: (l) => `whse${'c_'}${l.b62(32)}`,
  anthropic: (l) => `sk-an${'t-api03-'}${l.b62(90)}`,
  openai: (l) => `sk-pr${'oj-'}${l.b62(48)}`,
  openaiOld: (l) => `sk${'-'}${l.b62(48)}`,
  npm: (l) => `npm${'_'}${l.b62(36)}`,
  pypi: (l) => `pypi${'-'}${l.b62(150)}`,
  rubygems: (l) => `rubygems${'_'}${l.hex(48)}`,
  docker: (l) => `dckr${'_pat_'}${l.b62(27)}`,
  huggingface: (l) => `hf${'_'}${l.b62(34)}`,
  sendgrid: (l) => `SG${'.'}${l.b62(22)}.${l.b62(43)}`,
  twilio: (l) => `S${'K'}${l.hex(32)}`,
  mailgun: (l) => `ke${'y-'}${l.hex(32)}`,
  mailchimp: (l) => `${l.hex(32)}${'-us'}${l.of('123456789', 1)}`,
  digitalocean: (l) => `dop${'_v1_'}${l.hex(64)}`,
  heroku: (l) => `HRK${'U-'}${l.b62(60)}`,
  shopify: (l) => `shp${'at_'}${l.hex(32)}`,
  square: (l) => `sq0${'atp-'}${l.b62(22)}`,
  discord: (l) => `M${l.b62(23)}.${l.b62(6)}.${l.b62(38)}`,
  discordHook: (l) => `https://discord${'.com/api/webhooks/'}${l.of(DIGITS, 18)}/${l.b62(68)}`,
  telegram: (l) => `${l.of('123456789', 9)}${':AA'}${l.b62(33)}`,
  jwt: (l) => `ey${'J'}${l.b62(33)}.ey${'J'}${l.b62(80)}.${l.b62(43)}`,
  pem: (l) =>
    `-----BEGIN RSA ${'PRIVATE KEY'}-----\n${l.b62(64)}\n${l.b62(64)}\n-----END RSA ${'PRIVATE KEY'}-----`,
  ssh: (l) =>
    `-----BEGIN OPENSSH ${'PRIVATE KEY'}-----\n${l.b62(70)}\n${l.b62(40)}\n-----END OPENSSH ${'PRIVATE KEY'}-----`,
  age: (l) => `AGE-SECRET${'-KEY-1'}${l.of(UPPER + DIGITS, 58)}`,
  azureStorage: (l) => `Account${'Key='}${l.b62(86)}==`,
  azureSas: (l) => `https://a.blob.core.windows.net/c?sv=2024${'&sig='}${l.b62(43)}%3D`,
  databricks: (l) => `dap${'i'}${l.hex(32)}`,
  linear: (l) => `lin${'_api_'}${l.b62(40)}`,
  notion: (l) => `nt${'n_'}${l.b62(46)}`,
  figma: (l) => `fig${'d_'}${l.b62(40)}`,
  atlassian: (l) => `ATAT${'T3x'}${l.b62(180)}=${l.of(HEX.toUpperCase(), 8)}`,
  doppler: (l) => `dp${'.pt.'}${l.b62(43)}`,
  vault: (l) => `hv${'s.'}${l.b62(90)}`,
  terraform: (l) => `${l.b62(14)}${'.atlasv1.'}${l.b62(67)}`,
  sentry: (l) => `sntr${'ys_'}${l.b62(100)}`,
  postman: (l) => `PMA${'K-'}${l.hex(24)}-${l.hex(34)}`,
  newrelic: (l) => `NRA${'K-'}${l.of(UPPER + DIGITS, 27)}`,
  supabase: (l) => `sb${'p_'}${l.hex(40)}`,
  netlify: (l) => `nf${'p_'}${l.b62(36)}`,
  airtable: (l) => `pa${'t'}${l.b62(14)}.${l.hex(64)}`,
  grafana: (l) => `gl${'sa_'}${l.b62(32)}_${l.hex(8)}`,
  planetscale: (l) => `pscale${'_tkn_'}${l.b62(43)}`,
  groq: (l) => `gs${'k_'}${l.b62(52)}`,
  replicate: (l) => `r8${'_'}${l.b62(37)}`,
  tailscale: (l) => `tske${'y-auth-'}${l.b62(12)}-${l.b62(32)}`,
  random: (l) => `${l.b62(10)}7a${l.of(DIGITS, 1)}B${l.b62(8)}4X${l.of(LOWER, 1)}9Q${l.b62(16)}`,
};

export const KINDS = Object.keys(TOKENS);
const NAMES = [
  'password',
  'api_key',
  'clientSecret',
  'access-token',
  'DB_PASSWORD',
  'Authorization',
  'private_key',
  'refreshToken',
  'X-Api-Key',
  'authToken',
  'signing_secret',
  'secretKey',
];
const escaped = (text: string): string =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

export interface Planted {
  /** JSON source of a call's arguments. */
  source: string;
  /** What must be nowhere: of a token, the random rest behind what its kind begins with. */
  secret: string;
  place: string;
}

/** Where a token may stand; each gives JSON source. */
const PLACES: Record<string, (token: string, letters: Letters) => string> = {
  'a value of its own': (token) => JSON.stringify({ note: token }),
  'words around it': (token) => JSON.stringify({ text: `Please use ${token} for the deployment, thanks.` }),
  'an env file': (token) => JSON.stringify({ path: '.env', content: `A=1\nexport MY_TOKEN=${token}\nB=2\n` }),
  'a shell command': (token) =>
    JSON.stringify({ command: `curl -H "X-Key: ${token}" https://example.com/v1` }),
  'a header list': (token) => JSON.stringify({ headers: [{ name: 'X-Thing', value: token }] }),
  'deep inside': (token) => JSON.stringify({ a: [{ b: { c: [1, { d: token }] } }] }),
  'a name': (token) => JSON.stringify({ [token]: 1 }),
  'letters spelled as escapes': (token) => `{"note":"${escaped(token)}"}`,
  'JSON in a string': (token) => JSON.stringify({ body: JSON.stringify({ config: { value: token } }) }),
  'the border of what is kept': (token, l) =>
    JSON.stringify({
      text: `${'word '.repeat(20 + Math.floor(l.random() * 6))}${token} ${'more '.repeat(500)}`,
    }),
  'a text of a megabyte': (token, l) =>
    JSON.stringify({
      text: `${'x '.repeat(Math.floor(l.random() * 60))}${token} ${'lorem ipsum '.repeat(90_000)}`,
    }),
};

/** At least `count` secrets: every kind in every place, then under telling names, in URLs and in commands. Seeded. */
export function planted(count: number, seed = 7): Planted[] {
  const letters = new Letters(randomFrom(seed));
  const all: Planted[] = [];
  for (const kind of KINDS) {
    for (const [place, plant] of Object.entries(PLACES)) {
      // A guess is made where a word stands alone, not inside of names.
      if (kind === 'random' && (place === 'a name' || place === 'JSON in a string')) continue;
      const token = TOKENS[kind]!(letters);
      if (place === 'a text of a megabyte' && letters.random() > 0.1) continue;
      all.push({ source: plant(token, letters), secret: token.slice(-16, -4), place: `${kind} in ${place}` });
    }
  }
  while (all.length < count) all.push(...weak(letters));
  return all;
}

/** Secrets without a spelling of their own: what they are called, or where they stand, tells. */
function weak(l: Letters): Planted[] {
  const secret = `${l.of(LOWER, 5)}!${l.of(DIGITS, 3)}${l.of(UPPER, 2)}`;
  const name = l.pick(NAMES);
  const list: [string, unknown][] = [
    [`under ${name}`, { [name]: secret }],
    [`below ${name}`, { [name]: { value: [secret] } }],
    [`assigned to ${name}`, { content: `x=1\n${name}=${secret}\ny=2` }],
    [`in quotes after ${name}`, { code: `const config = { ${name.replace(/-/g, '_')}: "${secret}" };` }],
    ['in an address', { url: `postgres://admin:${encodeURIComponent(secret)}@db.example.com:5432/app` }],
    ['as an option', { command: `deploy --password ${secret} --region eu` }],
    ['as curl takes it', { command: `curl -u admin:${secret} https://example.com` }],
    [
      'in a header line',
      { headers: `Accept: */*\r\nAuthorization: Basic ${Buffer.from(`a:${secret}`).toString('base64')}` },
    ],
    ['in a query', { url: `https://api.example.com/v1?user=me&api_key=${encodeURIComponent(secret)}&x=1` }],
  ];
  return list.map(([place, value]) => {
    const source = JSON.stringify(value);
    const inBase64 = Buffer.from(`a:${secret}`).toString('base64');
    const kept = place === 'in a header line' ? inBase64 : secret.slice(0, 5);
    return { source, secret: kept, place };
  });
}
