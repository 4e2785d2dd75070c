/** A kind of secret that is recognised by its own spelling, wherever it stands. */
export interface SecretFormat {
  name: string;
  /** Source of a regular expression: linear (no nested repetition, bounded lengths), no groups but `(?:…)`. */
  pattern: string;
  /** Begins with so rare a spelling that other letters may stand before it: `my_ghp_…`. */
  glued?: true;
  /** Holds a blank, a bracket or a bar: looked for in the whole text, where this stands. The others are in one word. */
  where?: string;
}

const WORD = '[A-Za-z0-9_-]';

/**
 * Spellings of tokens in use, from their issuers' documentation and from what leaks in public code. Data, not code;
 * each pattern begins with the literal that makes it rare in ordinary text.
 */
export const SECRET_FORMATS: readonly SecretFormat[] = [
  { name: 'GitHub token', pattern: 'gh[pousr]_[A-Za-z0-9]{20,255}', glued: true },
  { name: 'GitHub token', pattern: 'github_pat_[A-Za-z0-9_]{22,255}', glued: true },
  {
    name: 'GitLab token',
    pattern: `gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|oas|ffct|imt)-${WORD}{16,255}(?:\\.[0-9a-z]{2,12}){0,2}`,
    glued: true,
  },
  { name: 'AWS access key id', pattern: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}', glued: true },
  { name: 'Google API key', pattern: `AIza${WORD}{30,60}`, glued: true },
  { name: 'Google OAuth token', pattern: 'ya29\\.[A-Za-z0-9_.-]{20,512}', glued: true },
  { name: 'Google OAuth client secret', pattern: `GOCSPX-${WORD}{20,64}`, glued: true },
  { name: 'Slack token', pattern: 'xox[abposre](?:\\.xox[bp])?-[A-Za-z0-9-]{10,255}', glued: true },
  { name: 'Slack app token', pattern: 'xapp-[0-9]-[A-Za-z0-9-]{10,255}', glued: true },
  { name: 'Slack webhook', pattern: 'hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9/_+-]{20,255}' },
  { name: 'Stripe key', pattern: '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}', glued: true },
  { name: 'Stripe webhook secret', pattern: 'whsec_[A-Za-z0-9+/=]{16,255}', glued: true },
  { name: 'Anthropic key', pattern: `sk-ant-${WORD}{20,255}`, glued: true },
  {
    name: 'OpenAI key',
    pattern: `sk-(?=${WORD}{0,60}[0-9]${WORD}{0,60}[0-9])(?:proj-|svcacct-|admin-|or-v1-)?${WORD}{20,255}`,
  },
  { name: 'npm token', pattern: 'npm_[A-Za-z0-9]{30,64}', glued: true },
  { name: 'PyPI token', pattern: `pypi-${WORD}{50,512}`, glued: true },
  { name: 'RubyGems key', pattern: 'rubygems_[a-f0-9]{40,64}', glued: true },
  { name: 'crates.io token', pattern: 'cio[A-Za-z0-9]{32}' },
  { name: 'Docker token', pattern: `dckr_(?:pat|oat)_${WORD}{20,255}`, glued: true },
  { name: 'Hugging Face token', pattern: '(?:hf|api_org)_[A-Za-z0-9]{30,64}', glued: true },
  { name: 'SendGrid key', pattern: `SG\\.${WORD}{16,32}\\.${WORD}{32,64}`, glued: true },
  { name: 'Twilio key', pattern: 'SK[0-9a-f]{32}' },
  { name: 'Mailgun key', pattern: 'key-[0-9a-zA-Z]{32}' },
  { name: 'Mailchimp key', pattern: '[0-9a-f]{32}-us[0-9]{1,2}' },
  { name: 'DigitalOcean token', pattern: 'do[opr]_v1_[a-f0-9]{64}', glued: true },
  { name: 'Heroku key', pattern: `HRKU-${WORD}{30,100}`, glued: true },
  { name: 'Shopify token', pattern: 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,64}', glued: true },
  { name: 'Square token', pattern: `(?:EAAA${WORD}{56,64}|sq0(?:atp|csp|idp)-${WORD}{20,64})` },
  { name: 'PayPal token', pattern: 'access_token\\$(?:production|sandbox)\\$[0-9a-z]{10,32}\\$[0-9a-f]{32}' },
  { name: 'Discord token', pattern: `[MNO]${WORD}{23,28}\\.${WORD}{6}\\.${WORD}{27,40}` },
  { name: 'Discord webhook', pattern: `discord(?:app)?\\.com/api/webhooks/[0-9]{15,22}/${WORD}{40,100}` },
  { name: 'Telegram bot token', pattern: `(?<![0-9])[0-9]{8,10}:AA${WORD}{30,40}`, glued: true },
  {
    name: 'JSON web token',
    pattern: `ey[JK]${WORD}{10,4096}={0,2}\\.ey[JK]${WORD}{10,8192}={0,2}\\.${WORD}{0,4096}={0,2}`,
  },
  { name: 'age secret key', pattern: 'AGE-SECRET-KEY-1[0-9A-Z]{50,64}', glued: true },
  { name: 'Azure storage key', pattern: '(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{40,100}' },
  { name: 'Azure signature', pattern: '[?&]sig=[A-Za-z0-9%+/=_-]{30,128}', glued: true },
  { name: 'Azure AD client secret', pattern: `[A-Za-z0-9_~.]{3}8Q~[A-Za-z0-9_~.-]{31,34}` },
  { name: 'Databricks token', pattern: 'dapi[a-f0-9]{32}(?:-[0-9]{1,2})?', glued: true },
  { name: 'Linear key', pattern: 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}', glued: true },
  { name: 'Notion token', pattern: '(?:secret_|ntn_)[A-Za-z0-9]{40,60}', glued: true },
  { name: 'Figma token', pattern: `fig(?:d|u|o)_${WORD}{30,64}`, glued: true },
  { name: 'Atlassian token', pattern: `AT(?:ATT|CTT)3x${WORD}{20,255}=?[A-F0-9]{0,8}`, glued: true },
  { name: 'Doppler token', pattern: 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{30,64}' },
  { name: 'HashiCorp Vault token', pattern: 'hv[sbr]\\.[A-Za-z0-9_-]{20,255}', glued: true },
  { name: 'Terraform token', pattern: `[A-Za-z0-9]{14}\\.atlasv1\\.${WORD}{60,80}` },
  { name: 'Sentry token', pattern: 'sntr(?:ys|yu)_[A-Za-z0-9+/=_]{30,512}', glued: true },
  { name: 'Postman key', pattern: 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}', glued: true },
  { name: 'New Relic key', pattern: 'NR(?:AK|JS|II)-[A-Za-z0-9]{19,42}', glued: true },
  { name: 'Supabase token', pattern: '(?:sbp|sb_secret)_[A-Za-z0-9_]{20,64}', glued: true },
  { name: 'Netlify token', pattern: 'nfp_[A-Za-z0-9]{30,64}', glued: true },
  { name: 'Airtable token', pattern: 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}' },
  { name: 'Grafana token', pattern: 'gl(?:sa|c)_[A-Za-z0-9+/=_]{30,400}', glued: true },
  { name: 'PlanetScale token', pattern: `pscale_(?:tkn|pw|oauth)_${WORD}{30,64}`, glued: true },
  { name: 'Fly.io token', pattern: 'f(?:o1_|m[12][ar]?_)[A-Za-z0-9+/=_-]{30,512}' },
  { name: 'Buildkite token', pattern: 'bk(?:ua|at|ct)_[a-f0-9]{32,64}' },
  { name: 'Groq or xAI key', pattern: '(?:gsk_|xai-)[A-Za-z0-9]{40,100}', glued: true },
  { name: 'Perplexity key', pattern: 'pplx-[A-Za-z0-9]{40,64}', glued: true },
  { name: 'Replicate token', pattern: 'r8_[A-Za-z0-9]{36,40}', glued: true },
  { name: 'Tailscale key', pattern: 'tskey-[a-z]{3,10}-[A-Za-z0-9-]{20,80}', glued: true },
  { name: '1Password token', pattern: 'ops_ey[A-Za-z0-9+/=_-]{40,2048}', glued: true },
  {
    name: 'encrypted web token',
    pattern: `ey[JK]${WORD}{14,4096}\\.${WORD}{0,2048}\\.${WORD}{8,64}\\.${WORD}{0,8192}\\.${WORD}{16,64}`,
  },
  { name: 'PASETO token', pattern: `v[1-4]\\.(?:local|public)\\.${WORD}{32,4096}(?:\\.${WORD}{0,1024})?` },
  {
    name: 'password hash',
    pattern:
      '\\$(?:2[abxy]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}|(?:apr1|1|5|6|7|y|sha1)\\$[^\\s$:"\']{1,64}\\$[./A-Za-z0-9]{20,128})',
    glued: true,
  },
  {
    name: 'password hash',
    pattern:
      '\\$(?:argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]{0,16})\\$[^\\s"\'<>]{4,120}\\$[A-Za-z0-9+/=.]{16,256}',
    glued: true,
  },
  {
    name: 'password hash',
    pattern: 'pbkdf2_sha(?:1|256|512)\\$[0-9]{3,9}\\$[^\\s"\'$]{4,64}\\$[A-Za-z0-9+/=]{20,128}',
    glued: true,
  },
  {
    name: 'password hash',
    where: '{',
    pattern: '\\{(?:SSHA|SHA|SMD5|CRYPT)(?:256|512)?\\}[A-Za-z0-9+/$.=]{20,200}',
    glued: true,
  },
  { name: 'Alibaba access key id', pattern: 'LTAI[A-Za-z0-9]{16,24}' },
  { name: 'Artifactory token', pattern: '(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})' },
  { name: 'Adobe secret', pattern: 'p8e-[a-z0-9]{32}' },
  { name: 'Clojars token', pattern: 'CLOJARS_[a-z0-9]{60}', glued: true },
  { name: 'Duffel token', pattern: 'duffel_(?:test|live)_[A-Za-z0-9_=-]{43}', glued: true },
  { name: 'Dynatrace token', pattern: 'dt0[a-z][0-9]{2}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}', glued: true },
  { name: 'EasyPost key', pattern: 'EZ[AT]K[A-Za-z0-9]{54}' },
  { name: 'Facebook token', pattern: 'EAA[A-Z][A-Za-z0-9]{80,400}' },
  { name: 'Flutterwave key', pattern: 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,64}(?:-X)?', glued: true },
  { name: 'Frame.io token', pattern: 'fio-u-[A-Za-z0-9_=-]{64}' },
  { name: 'Infracost key', pattern: 'ico-[A-Za-z0-9]{32}' },
  { name: 'Lob key', pattern: '(?:live|test)_[a-f0-9]{35}' },
  { name: 'Mapbox token', pattern: `[st]k\\.ey[JK]${WORD}{20,200}\\.${WORD}{20,40}` },
  { name: 'Prefect key', pattern: 'pn[ub]_[A-Za-z0-9]{36}', glued: true },
  { name: 'Pulumi token', pattern: 'pul-[a-f0-9]{40}' },
  { name: 'ReadMe key', pattern: 'rdme_[a-z0-9]{70}', glued: true },
  { name: 'Scalingo token', pattern: `tk-[a-z]{2}-${WORD}{48}` },
  { name: 'Brevo key', pattern: 'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}', glued: true },
  { name: 'Shippo token', pattern: 'shippo_(?:live|test)_[a-fA-F0-9]{40}', glued: true },
  { name: 'Typeform token', pattern: `tfp_${WORD}{40,70}`, glued: true },
  { name: 'Contentful token', pattern: `CFPAT-${WORD}{40,64}`, glued: true },
  { name: 'HubSpot token', pattern: 'pat-[a-z]{2}[0-9]-[a-f0-9]{8}-[a-f0-9-]{27}' },
  { name: 'Cloudflare key', pattern: 'v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}' },
  { name: 'Sourcegraph token', pattern: 'sgp_(?:[a-zA-Z0-9]{5,16}_)?[a-f0-9]{40}', glued: true },
  { name: 'Resend key', pattern: 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}' },
  { name: 'LangSmith key', pattern: 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}', glued: true },
  { name: 'OpenShift token', pattern: `sha256~${WORD}{43}` },
  { name: 'Nostr secret key', pattern: 'nsec1[02-9ac-hj-np-z]{58}' },
  { name: 'Sonar token', pattern: 'sq[aup]_[0-9a-f]{40}' },
  { name: 'Google refresh token', pattern: `1//0[0-9a-zA-Z]${WORD}{30,200}` },
  { name: 'Bitbucket token', pattern: 'BBDC-[A-Za-z0-9+/]{40,60}' },
  { name: 'PostHog key', pattern: 'phx_[A-Za-z0-9]{40,60}', glued: true },
  { name: 'Render key', pattern: 'rnd_[A-Za-z0-9]{26,40}', glued: true },
  { name: 'MailerSend token', pattern: 'mlsn\\.[0-9a-f]{64}' },
  { name: 'Zoho token', pattern: '1000\\.[0-9a-f]{32}\\.[0-9a-f]{32}' },
  { name: 'Twitter bearer token', pattern: 'AAAAAAAAAAAAA[A-Za-z0-9%]{60,160}' },
  {
    name: 'key',
    pattern:
      '(?:sk|rk|key|tok|token|secret|api|auth|access|rzp|ak|pat)_(?:live|test|prod|production|sandbox|staging|dev)_(?=[A-Za-z0-9]{0,40}[0-9])[A-Za-z0-9]{12,255}',
  },
  { name: 'Firebase server key', pattern: `AAAA${WORD}{7}:APA91b${WORD}{100,200}`, glued: true },
  { name: 'Cloudflare tunnel token', pattern: 'eyJhIjo[iI][A-Za-z0-9+/_-]{80,400}={0,2}' },
  // base64 of "-----BEGIN … PRIVATE KEY", whatever follows.
  {
    name: 'encoded private key',
    pattern:
      'LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFU|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZB|BFTkNSWVBURUQgUFJJVkFU|BEU0EgUFJJVkFU|BQR1AgUFJJVkFU)[A-Za-z0-9+/_-]{20,16384}={0,2}',
    glued: true,
  },
  { name: 'cluster token', pattern: 'K10[0-9a-f]{64}::[a-z]{1,16}:[A-Za-z0-9]{16,64}' },
  { name: 'Dropbox token', pattern: `sl\\.${WORD}{60,1200}` },
  { name: 'calendar address', pattern: '(?<=/)private-[0-9a-f]{32}', glued: true },
  {
    name: 'webhook',
    pattern:
      '(?:hooks?|webhooks?)[a-z0-9.-]{0,40}/(?:[A-Za-z0-9_.-]{1,40}/){0,6}(?=[A-Za-z]{0,40}[0-9])(?=[0-9]{0,40}[A-Za-z])[A-Za-z0-9]{14,120}',
  },
  {
    name: 'recovery phrase',
    where: '2',
    pattern: '(?:[0-9]{1,2}[.)] ?[a-z]{3,8}[ ,\\n]{1,3}){11,23}(?:[0-9]{1,2}[.)] ?[a-z]{3,8})?',
  },
  {
    name: 'key in an address',
    pattern:
      '(?:(?:infura\\.io|alchemy\\.com|alchemyapi\\.io|quiknode\\.pro|ankr\\.com)/(?:[a-z0-9_-]{1,24}/){0,3}(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{20,80}|maker\\.ifttt\\.com/[^\\s"\'?#]{1,120}/key/[A-Za-z0-9_-]{20,64})',
  },
  { name: 'BitLocker recovery key', pattern: '(?:[0-9]{6}-){7}[0-9]{6}(?![0-9])' },
  { name: 'Octopus key', pattern: 'API-[A-Z0-9]{26}' },
  {
    name: 'Bedrock key',
    pattern: '(?:ABSK[A-Za-z0-9+/]{100,270}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{20,2048})',
  },
  { name: '1Password secret key', pattern: 'A3-[A-Z0-9]{6}-[A-Z0-9]{6}-?[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3}' },
  { name: 'GitLab runner token', pattern: `GR1348941${WORD}{20}`, glued: true },
  { name: 'Settlemint token', pattern: 'sm_[aps]at_[A-Za-z0-9]{16}' },
  { name: 'Teams webhook', pattern: 'webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/-]{80,300}' },
  { name: 'MongoDB Atlas token', pattern: 'mdb_sa_sk_[A-Za-z0-9_-]{30,64}', glued: true },
  {
    name: 'Cohere or other key',
    pattern:
      '(?:tvly|fc|jina|nvapi|voyage|pa|cpk|csk|fw|glm|e2b|tgp_v1|sk_[a-z]{2,12})[_-](?=[A-Za-z0-9_-]{0,24}[0-9])[A-Za-z0-9_-]{32,120}',
  },
  {
    name: 'password in an address',
    where: '://',
    pattern: '[a-z][a-z0-9+.-]{1,20}://[^\\s/?#@:"\']{0,128}:(?![0-9]{1,5}/)[^\\s?#@"\']{1,256}@',
  },
];
