/** A kind of secret that is recognised by its own spelling, wherever it stands. */
export interface SecretFormat {
  name: string;
  /** Source of a regular expression: linear (no nested repetition, bounded lengths), no groups but `(?:…)`. */
  pattern: string;
}

const WORD = '[A-Za-z0-9_-]';

/**
 * Spellings of tokens in use, from their issuers' documentation and from what leaks in public code. Data, not code;
 * each pattern begins with the literal that makes it rare in ordinary text.
 */
export const SECRET_FORMATS: readonly SecretFormat[] = [
  { name: 'GitHub token', pattern: 'gh[pousr]_[A-Za-z0-9]{20,255}' },
  { name: 'GitHub token', pattern: 'github_pat_[A-Za-z0-9_]{22,255}' },
  { name: 'GitLab token', pattern: `gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|oas)-${WORD}{16,255}` },
  { name: 'AWS access key id', pattern: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}' },
  { name: 'Google API key', pattern: `AIza${WORD}{30,60}` },
  { name: 'Google OAuth token', pattern: 'ya29\\.[A-Za-z0-9_.-]{20,512}' },
  { name: 'Google OAuth client secret', pattern: `GOCSPX-${WORD}{20,64}` },
  { name: 'Slack token', pattern: 'xox[abposre]-[A-Za-z0-9-]{10,255}' },
  { name: 'Slack app token', pattern: 'xapp-[0-9]-[A-Za-z0-9-]{10,255}' },
  { name: 'Slack webhook', pattern: 'hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9/_+-]{20,255}' },
  { name: 'Stripe key', pattern: '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}' },
  { name: 'Stripe webhook secret', pattern: 'whsec_[A-Za-z0-9+/=]{16,255}' },
  { name: 'Anthropic key', pattern: `sk-ant-${WORD}{20,255}` },
  { name: 'OpenAI key', pattern: `sk-(?:proj-|svcacct-|admin-|or-v1-)?${WORD}{20,255}` },
  { name: 'npm token', pattern: 'npm_[A-Za-z0-9]{30,64}' },
  { name: 'PyPI token', pattern: `pypi-${WORD}{50,512}` },
  { name: 'RubyGems key', pattern: 'rubygems_[a-f0-9]{40,64}' },
  { name: 'crates.io token', pattern: 'cio[A-Za-z0-9]{32}' },
  { name: 'Docker token', pattern: `dckr_(?:pat|oat)_${WORD}{20,255}` },
  { name: 'Hugging Face token', pattern: '(?:hf|api_org)_[A-Za-z0-9]{30,64}' },
  { name: 'SendGrid key', pattern: `SG\\.${WORD}{16,32}\\.${WORD}{32,64}` },
  { name: 'Twilio key', pattern: 'SK[0-9a-f]{32}' },
  { name: 'Mailgun key', pattern: 'key-[0-9a-zA-Z]{32}' },
  { name: 'Mailchimp key', pattern: '[0-9a-f]{32}-us[0-9]{1,2}' },
  { name: 'DigitalOcean token', pattern: 'do[opr]_v1_[a-f0-9]{64}' },
  { name: 'Heroku key', pattern: `HRKU-${WORD}{30,100}` },
  { name: 'Shopify token', pattern: 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,64}' },
  { name: 'Square token', pattern: `(?:EAAA${WORD}{56,64}|sq0(?:atp|csp|idp)-${WORD}{20,64})` },
  { name: 'PayPal token', pattern: 'access_token\\$(?:production|sandbox)\\$[0-9a-z]{10,32}\\$[0-9a-f]{32}' },
  { name: 'Discord token', pattern: `[MNO]${WORD}{23,28}\\.${WORD}{6}\\.${WORD}{27,40}` },
  { name: 'Discord webhook', pattern: `discord(?:app)?\\.com/api/webhooks/[0-9]{15,22}/${WORD}{40,100}` },
  { name: 'Telegram bot token', pattern: `[0-9]{8,10}:AA${WORD}{33}` },
  { name: 'JSON web token', pattern: `ey[JK]${WORD}{10,4096}\\.ey[JK]${WORD}{10,8192}\\.${WORD}{0,4096}` },
  { name: 'age secret key', pattern: 'AGE-SECRET-KEY-1[0-9A-Z]{50,64}' },
  { name: 'Azure storage key', pattern: '(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{40,100}' },
  { name: 'Azure signature', pattern: '[?&]sig=[A-Za-z0-9%+/=]{30,128}' },
  { name: 'Azure AD client secret', pattern: `[A-Za-z0-9_~.]{3}8Q~[A-Za-z0-9_~.-]{31,34}` },
  { name: 'Databricks token', pattern: 'dapi[a-f0-9]{32}(?:-[0-9]{1,2})?' },
  { name: 'Linear key', pattern: 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}' },
  { name: 'Notion token', pattern: '(?:secret_|ntn_)[A-Za-z0-9]{40,60}' },
  { name: 'Figma token', pattern: `fig(?:d|u|o)_${WORD}{30,64}` },
  { name: 'Atlassian token', pattern: `AT(?:ATT|CTT)3x${WORD}{20,255}=?[A-F0-9]{0,8}` },
  { name: 'Doppler token', pattern: 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{30,64}' },
  { name: 'HashiCorp Vault token', pattern: 'hv[sbr]\\.[A-Za-z0-9_-]{20,255}' },
  { name: 'Terraform token', pattern: `[A-Za-z0-9]{14}\\.atlasv1\\.${WORD}{60,80}` },
  { name: 'Sentry token', pattern: 'sntr(?:ys|yu)_[A-Za-z0-9+/=_]{30,512}' },
  { name: 'Postman key', pattern: 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}' },
  { name: 'New Relic key', pattern: 'NR(?:AK|JS|II)-[A-Za-z0-9]{19,42}' },
  { name: 'Supabase token', pattern: '(?:sbp|sb_secret)_[A-Za-z0-9_]{20,64}' },
  { name: 'Netlify token', pattern: 'nfp_[A-Za-z0-9]{30,64}' },
  { name: 'Airtable token', pattern: 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}' },
  { name: 'Grafana token', pattern: 'gl(?:sa|c)_[A-Za-z0-9+/=_]{30,400}' },
  { name: 'PlanetScale token', pattern: `pscale_(?:tkn|pw|oauth)_${WORD}{30,64}` },
  { name: 'Fly.io token', pattern: 'f(?:o1_|m[12][ar]?_)[A-Za-z0-9+/=_-]{30,512}' },
  { name: 'Buildkite token', pattern: 'bk(?:ua|at|ct)_[a-f0-9]{32,64}' },
  { name: 'Groq or xAI key', pattern: '(?:gsk_|xai-)[A-Za-z0-9]{40,100}' },
  { name: 'Perplexity key', pattern: 'pplx-[A-Za-z0-9]{40,64}' },
  { name: 'Replicate token', pattern: 'r8_[A-Za-z0-9]{36,40}' },
  { name: 'Tailscale key', pattern: 'tskey-[a-z]{3,10}-[A-Za-z0-9-]{20,80}' },
  { name: '1Password token', pattern: 'ops_ey[A-Za-z0-9+/=_-]{40,2048}' },
  {
    name: 'password in an address',
    pattern: '[a-z][a-z0-9+.-]{1,20}://[^\\s/?#@:"\']{0,128}:[^\\s/?#@"\']{1,256}@',
  },
];
