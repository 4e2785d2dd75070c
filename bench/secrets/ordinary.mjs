/** Ordinary calls, of which nothing may be masked: real texts of installed packages, ids of many kinds, prose. Seeded. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const WEEK = resolve(ROOT, '../shared/data/week.jsonl');

/** Ids as they are spelled, with names under which they are given. */
export const IDS = {
  uuid: (l) => [
    ['id', 'trace_id', 'workspace', 'database_id', 'text', 'note', 'requestId', 'parent'],
    uuid(l),
  ],
  notion: (l) => [['page_id', 'block_id', 'parent', 'database', 'pageId', 'id'], l.hex(32)],
  googleDoc: (l) => [
    ['documentId', 'fileId', 'spreadsheet_id', 'document', 'spreadsheet', 'file', 'folder', 'parents'],
    `1${l.url64(43)}`,
  ],
  driveUrl: (l) => [
    ['url', 'text', 'link', 'note'],
    `https://docs.google.com/document/d/1${l.url64(43)}/edit#gid=0`,
  ],
  ulid: (l) => [['id', 'event', 'run', 'text'], `01${l.upper(24)}`],
  mongo: (l) => [['_id', 'id', 'collection', 'record'], l.hex(24)],
  commit: (l) => [
    ['sha', 'ref', 'commit', 'revision', 'head', 'base', 'commit_sha', 'oid', 'treeish'],
    l.hex(40),
  ],
  commitText: (l) => [['text', 'body', 'message'], `Fixed in commit ${l.hex(40)}, please check.`],
  commitCommand: (l) => [['command'], `git show ${l.hex(40)} --stat`],
  commitUrl: (l) => [['url', 'text'], `https://github.com/a/b/commit/${l.hex(40)}`],
  sha256: (l) => [['digest', 'hash', 'sha256', 'checksum', 'etag'], l.hex(64)],
  image: (l) => [['image', 'text', 'command'], `ghcr.io/acme/api@sha256:${l.hex(64)}`],
  integrity: (l) => [['integrity', 'text', 'content', 'html'], `sha512-${l.b64(86)}==`],
  sri: (l) => [
    ['html', 'content'],
    `<script src="a.js" integrity="sha384-${l.b64(64)}" crossorigin></script>`,
  ],
  lock: (l) => [
    ['content', 'text', 'new_string'],
    `"node_modules/a": {\n  "version": "1.2.3",\n  "integrity": "sha512-${l.b64(86)}=="\n}`,
  ],
  goSum: (l) => [['content', 'text'], `golang.org/x/mod v0.17.0 h1:${l.b64(43)}=\n`],
  sshPublic: (l) => [
    ['key', 'text', 'content', 'public_key', 'ssh_key', 'ssh_public_key', 'publicKey'],
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${l.b64(43)} ada@h`,
  ],
  sshRsa: (l) => [
    ['text', 'content', 'key', 'ssh_keys'],
    `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${l.b64(338)} ada@h`,
  ],
  knownHost: (l) => [
    ['text', 'content'],
    `github.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB${l.b64(86)}=`,
  ],
  fingerprint: (l) => [['text', 'fingerprint'], `SHA256:${l.b64(43)}`],
  certificate: (l) => [
    ['certificate', 'cert', 'text', 'content', 'pem'],
    `-----BEGIN CERTIFICATE-----\n${lines(l, 12)}\n-----END CERTIFICATE-----\n`,
  ],
  publicPem: (l) => [
    ['public_key', 'text', 'content', 'key'],
    `-----BEGIN PUBLIC KEY-----\n${lines(l, 5)}\n-----END PUBLIC KEY-----\n`,
  ],
  signature: (l) => [
    ['text', 'content'],
    `-----BEGIN PGP SIGNATURE-----\n\n${lines(l, 6)}\n=${l.b64(4)}\n-----END PGP SIGNATURE-----`,
  ],
  wireguard: (l) => [['content', 'text'], `[Peer]\nPublicKey = ${l.b64(43)}=\nAllowedIPs = 10.0.0.2/32\n`],
  jwk: (l) => [
    ['content', 'text'],
    `{"kty":"EC","crv":"P-256","x":"${l.url64(43)}","y":"${l.url64(43)}","kid":"${l.url64(20)}"}`,
  ],
  cursor: (l) => [
    [
      'cursor',
      'page_token',
      'nextPageToken',
      'after',
      'before',
      'continuation',
      'pageToken',
      'starting_after',
    ],
    l.url64(48),
  ],
  cursorJson: (l) => [
    ['cursor', 'after', 'text'],
    Buffer.from(`{"offset":${l.below(900)},"sort":"created_at"}`).toString('base64'),
  ],
  stripe: (l) => [
    ['customer', 'payment_intent', 'price', 'text', 'subscription'],
    `${l.pick(['cus', 'pi', 'price', 'sub', 'ch', 'in'])}_${l.b62(l.pick([14, 24]))}`,
  ],
  stripeSession: (l) => [['session_id', 'id'], `cs_test_${l.b62(58)}`],
  openai: (l) => [
    ['assistant_id', 'thread', 'file_id', 'text', 'run_id'],
    `${l.pick(['asst', 'thread', 'run', 'msg', 'call', 'toolu'])}_${l.b62(24)}`,
  ],
  airtable: (l) => [
    ['baseId', 'recordId', 'table', 'record'],
    `${l.pick(['app', 'rec', 'tbl'])}${l.b62(14)}`,
  ],
  slack: (l) => [['channel', 'user', 'team'], `${l.pick(['C', 'U', 'T'])}${l.upper(10)}`],
  firestore: (l) => [['document', 'doc', 'docId', 'path'], l.b62(20)],
  figma: (l) => [['fileKey', 'file_key', 'url'], l.b62(22)],
  youtube: (l) => [['video', 'url', 'channelId'], `UC${l.url64(22)}`],
  gmail: (l) => [['messageId', 'threadId', 'message_id'], l.hex(16)],
  outlook: (l) => [['messageId', 'event_id', 'id', 'conversationId'], `AAMkAG${l.url64(120)}=`],
  ipfs: (l) => [
    ['cid', 'text', 'hash'],
    `Qm${l.of('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', 44)}`,
  ],
  ethereum: (l) => [['address', 'to', 'contract', 'wallet', 'text'], `0x${l.hex(40)}`],
  transaction: (l) => [['tx', 'txHash', 'transaction', 'text'], `0x${l.hex(64)}`],
  bitcoin: (l) => [['address', 'to'], `bc1q${l.of('023456789acdefghjklmnpqrstuvwxyz', 38)}`],
  trace: (l) => [['traceparent', 'text'], `00-${l.hex(32)}-${l.hex(16)}-01`],
  span: (l) => [['span', 'trace', 'spanId', 'build', 'job'], l.hex(16)],
  arn: (l) => [['arn', 'resource'], `arn:aws:s3:::acme-${l.lower(6)}/${l.hex(12)}`],
  s3: (l) => [['key', 'Key', 'path', 'object'], `uploads/2026/11/${uuid(l)}/report-${l.hex(8)}.pdf`],
  s3Random: (l) => [['key', 'object_key', 'path'], `${l.hex(32)}.png`],
  s3Version: (l) => [['versionId', 'version_id'], l.b62(32)],
  etag: (l) => [['etag', 'if_match', 'ifMatch'], `"${l.hex(32)}"`],
  asset: (l) => [
    ['text', 'command', 'path', 'content'],
    `dist/assets/index-${l.url64(8)}.js dist/assets/vendor-${l.hex(20)}.css`,
  ],
  dataUri: (l) => [
    ['text', 'html', 'image', 'src', 'content'],
    `<img src="data:image/png;base64,iVBORw0KGgo${l.b64(200)}">`,
  ],
  base64Image: (l) => [['data', 'image', 'content', 'blob'], `iVBORw0KGgo${l.b64(600)}`],
  base64Text: (l) => [
    ['content', 'data', 'body'],
    Buffer.from(
      `# ${l.lower(6)}\n\nThis is an ordinary text number ${l.below(9999)}, nothing more.\n`,
    ).toString('base64'),
  ],
  nonce: (l) => [['html'], `<script nonce="${l.b64(22)}==">run()</script>`],
  phone: (l) => [['phone', 'to', 'text'], `+49 151 ${l.digits(8)}`],
  iban: (l) => [['iban', 'account'], `DE${l.digits(20)}`],
  tracking: (l) => [['tracking_number', 'text', 'order'], `1Z${l.upper(16)}`],
  salesforce: (l) => [['record_id', 'account', 'id'], `001${l.b62(15)}`],
  spotify: (l) => [['track', 'uri', 'playlist'], `spotify:track:${l.b62(22)}`],
  messageId: (l) => [['in_reply_to', 'text', 'references'], `<CAF${l.url64(43)}@mail.gmail.com>`],
  docker: (l) => [['container', 'containerId', 'command'], l.hex(64)],
  idempotency: (l) => [['idempotency_key', 'idempotencyKey', 'cache_key', 'dedupe_key'], l.b62(32)],
  element: (l) => [['ref', 'element', 'selector'], `#ember${l.digits(4)} > .css-${l.b62(7)}`],
  zoom: (l) => [['meeting', 'text'], `https://zoom.us/j/${l.digits(11)}`],
  version: (l) => [['version', 'text'], `1.2.3-rc.${l.digits(2)}+${l.hex(40)}`],
};
const uuid = (l) => `${l.hex(8)}-${l.hex(4)}-4${l.hex(3)}-a${l.hex(3)}-${l.hex(12)}`;
const lines = (l, count) => Array.from({ length: count }, () => l.b64(64)).join('\n');

/** What people, programs and agents write about secrets without any. */
export const ABOUT = [
  { code: 'const token = await getToken();\nif (!token) throw new Error("token missing");' },
  { code: 'interface Login {\n  user: string;\n  password: string;\n  token?: string | undefined;\n}' },
  { code: 'password = os.environ["DB_PASSWORD"]\napi_key = config.get("api_key")\n' },
  { code: 'def login(username: str, password: str, token: Optional[str] = None) -> bool:\n    pass' },
  { code: 'const { password, confirmPassword } = form.values;\nif (password !== confirmPassword) return;' },
  { code: 'user.password = hash(password, salt);\nawait user.save();' },
  { code: 'token = tokens[i]; key = keys.next().value; secret = this.secret;' },
  {
    code: 'SECRET_KEY = env("SECRET_KEY")\nPASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
  },
  {
    code: 'expect(screen.getByLabelText("Password")).toBeVisible();\nawait page.fill("#password", password);',
  },
  { code: 'private static final String PASSWORD_FIELD = "password";' },
  { code: 'process.env.API_KEY ?? process.env.OPENAI_API_KEY' },
  {
    code: 'if (req.headers.authorization?.startsWith("Bearer ")) token = req.headers.authorization.slice(7);',
  },
  {
    content:
      '{"password": "Passwort", "token": "Token", "forgot": "Passwort vergessen?", "username": "Benutzername"}',
  },
  {
    translations: {
      password: 'Passwort',
      forgotPassword: 'Passwort vergessen?',
      passwordHint: 'Mindestens 8 Zeichen',
    },
  },
  { translations: { password: 'Mot de passe', secret: 'Secret', token: 'Jeton' } },
  { content: 'login:\n  password: Password\n  forgot_password: Forgot your password?\n  submit: Sign in\n' },
  {
    schema: {
      type: 'object',
      properties: { password: { type: 'string', minLength: 8 }, token: { type: 'string' } },
    },
  },
  {
    content:
      '{"type":"object","properties":{"password":{"type":"string","format":"password"}},"required":["password"]}',
  },
  {
    html: '<label for="password">Password</label><input type="password" name="password" id="password" placeholder="Your password">',
  },
  {
    html: '<form><input type="hidden" name="token" value=""><a href="/password/reset">Forgot password?</a></form>',
  },
  { text: 'Reset instructions: open Settings > Security, choose "Change password" and follow the steps.' },
  {
    text: 'Your password must have 12 characters, one digit and one symbol. Passwords expire after 90 days.',
  },
  { text: 'The API key is rotated every 30 days; ask the platform team for a new token.' },
  { text: 'Token: the smallest unit a lexer returns. Key: value pairs are separated by commas.' },
  { text: 'The secret of good bread: time. The key to success is patience.' },
  { text: 'password: required\ntoken: optional\nsecret: see the vault' },
  { text: 'Use `--password-stdin` instead of `--password`, and `PGPASSFILE` instead of `PGPASSWORD`.' },
  {
    text: '| field | type | required |\n| --- | --- | --- |\n| password | string | yes |\n| api_key | string | no |',
  },
  { sql: 'SELECT id, email, password_hash, token FROM users WHERE password IS NOT NULL' },
  { sql: 'CREATE TABLE users (id int primary key, password varchar(255) not null, api_key text)' },
  { sql: 'ALTER TABLE users ADD COLUMN password_reset_token varchar(64), DROP COLUMN secret' },
  { sql: 'UPDATE users SET password = $1, token = NULL WHERE id = $2' },
  { command: 'echo $GITHUB_TOKEN | gh auth login --with-token' },
  { command: 'PGPASSWORD=$DB_PASS psql -h db -U app -c "select 1"' },
  { command: 'mysql -u root -p shop < dump.sql' },
  { command: 'docker run -p 8080:80 -v "$PWD":/srv nginx && mkdir -p src/lib && cp -p a b' },
  { command: 'grep -rn "password\\|secret\\|api_key" src/ | head -20' },
  { command: 'kubectl get secret db-credentials -o yaml; kubectl delete secret old-token' },
  { command: 'gh secret list; vault kv get secret/app; pass show mail' },
  { command: 'ssh -p 2222 ada@h; scp -P 2222 a ada@h:; tar -xzpf a.tgz; ps -u ada; sudo -u postgres psql' },
  { command: 'git log -p -S "token" -- src/auth; curl -u "$USER:$PASS" https://a.example' },
  { command: 'openssl rand -base64 32 > secret.key; ssh-keygen -t ed25519 -f key' },
  { command: 'npm config get //registry.npmjs.org/:_authToken' },
  { args: ['--password-file', '/run/secrets/db', '--token', '$TOKEN'] },
  { args: ['--key', 'name', '--token-type', 'bearer', '-p', '8080:80'] },
  {
    yaml: 'apiVersion: v1\nkind: Pod\nspec:\n  imagePullSecrets:\n    - name: regcred\n  env:\n    - name: DB_PASSWORD\n      valueFrom:\n        secretKeyRef:\n          name: db\n          key: password\n',
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write it
    yaml: 'on: push\njobs:\n  a:\n    env:\n      TOKEN: ${{ secrets.GITHUB_TOKEN }}\n    permissions:\n      id-token: write\n',
  },
  {
    content:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write it
      'DB_PASSWORD=\nAPI_KEY=your-api-key-here\nSECRET=changeme\nTOKEN=<token>\nJWT_SECRET=${JWT_SECRET}\n',
  },
  { content: 'variable "password" {\n  type = string\n  sensitive = true\n}\npassword = var.password\n' },
  { fields: ['id', 'email', 'password', 'token', 'secret'], columns: ['api_key', 'password2'] },
  { key: 'Enter', keys: ['Control', 'a'], primary_key: 'id', sort_key: 'created_at', hotkey: 'ctrl+shift+p' },
  { max_tokens: 4096, tokens: 1200, token_count: 12, tokenizer: 'cl100k_base', token: 'comma' },
  { auth: 'oauth2', authentication: { type: 'none' }, auth_type: 'basic', authMethod: 'password' },
  { auth: { type: 'oauth2', scopes: ['read', 'write'], provider: 'github' } },
  { password_policy: 'strict', passwordMinLength: 12, require_password: true, secretName: 'db-credentials' },
  { session_id: 'browser-1', sid: 4, pass: true, passed: 12, pass_rate: 0.97, test: 'pass' },
  {
    title: 'Rotate API key of billing',
    labels: ['secret-scanning', 'token'],
    body: 'Depends on the password policy.',
  },
  {
    path: 'src/authentication/passwordReset.test.ts',
    old_string: 'password: string',
    new_string: 'password?: string',
  },
  { path: '/etc/ssl/private/server.key', pattern: 'BEGIN PRIVATE KEY', query: 'path:**/*.pem' },
  { url: 'https://example.com/login?next=%2Fsettings%2Fpassword&token_type=bearer&key=name' },
  {
    url: 'https://accounts.example.com/oauth/authorize?response_type=code&client_id=abc.apps.example&scope=openid',
  },
  { url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf&index=2' },
  { url: 'https://www.figma.com/design/aB3dE5fG7hI9jK1lM3nO5p/Checkout?node-id=12-345&t=Xy12AbCd34EfGh56-1' },
  { css: '.password-field,.token-list>li{color:#3f9c2a}.pin:before{content:"\\f08d"}' },
  { selector: '#login-form input[name="password"], [data-testid="api-key-2"]' },
  { text: 'Keyboard shortcuts: press Key: Enter. Pin: the message. Pass: 12, Fail: 3, pass rate 97%.' },
  { text: 'pin 1234 messages; the passenger passed; bypass the cache; compass and passage; author: Ada' },
  { text: 'Bearer tokens are sent in the Authorization header: `Authorization: Bearer <token>`.' },
  { text: 'Basic usage and basic authentication are described in BasicAuthenticationFilterConfiguration2.' },
  { text: 'Set-Cookie is a response header; cookies: necessary, statistics, marketing.' },
  { message: 'fix(auth): refresh the session token before it expires (#4821)' },
  { message: 'feat: add `secret` field, rename password to passphrase, drop apiKey2' },
];

const PROSE = [
  'Das Passwort wird beim ersten Start abgefragt und nie gespeichert. Bitte den Schlüssel im Büro abholen.',
  'Le mot de passe doit contenir au moins douze caractères. La clé du succès : la patience.',
  'La contraseña debe tener al menos ocho caracteres; la clave es practicar todos los días.',
  'Пароль должен содержать не менее восьми символов. Ключ к успеху: терпение.',
  'パスワードを忘れた場合は、設定画面から再設定してください。価格は1,200円です。',
  '请在设置页面修改密码,密码长度至少为八位。会议改到15:30。',
  '비밀번호를 잊으셨나요? 설정에서 변경할 수 있습니다.',
  'Hasło musi mieć co najmniej osiem znaków. Klucz do sukcesu: cierpliwość.',
  'A senha deve ter pelo menos oito caracteres. O segredo é a alma do negócio.',
  'Het wachtwoord moet minstens acht tekens bevatten. Parola non valida, riprova più tardi.',
  'יש להזין סיסמה בת שמונה תווים לפחות. كلمة المرور يجب أن تحتوي على ثمانية أحرف.',
  'Şifre en az sekiz karakter olmalı. Lösenordet måste bytas var tredje månad.',
];

const NAMES = [
  ['path', 'content'],
  ['file_path', 'new_string'],
  ['path', 'text'],
  ['filename', 'body'],
  ['title', 'message'],
  ['path', 'data'],
];
const KINDS = /(?:\.md|\.d\.ts|\.js|\.mjs|\.cjs|\.json|\.css|\.ts|\.map|LICENSE|\.ya?ml|\.txt|\.html)$/;
const LONGEST_FILE = 400_000;

/** Files of installed packages, at most some of each folder. */
function* files(folder, depth = 0) {
  if (depth > 5) return;
  let taken = 0;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory() && name !== 'holdpoint') yield* files(path, depth + 1);
    else if (stat.isFile() && KINDS.test(name) && stat.size < LONGEST_FILE && taken < 6) {
      taken += 1;
      yield path;
    }
  }
}

/** Pieces of real files, as a call that writes or edits gives them. */
function textCalls(l, count, root) {
  const paths = [...files(join(root, 'node_modules')), join(root, 'package-lock.json')];
  return Array.from({ length: count }, (_, at) => {
    const path = at % 20 === 0 ? paths.at(-1) : l.pick(paths);
    const text = readFileSync(path, 'utf8');
    const size = 200 + l.below(1_600);
    const from = l.below(Math.max(1, text.length - size));
    const [name, content] = l.pick(NAMES);
    const piece = text.slice(text.indexOf('\n', from) + 1 || from).slice(0, size);
    return {
      kind: `file ${path.split('.').at(-1).slice(0, 8)}`,
      arguments: { [name]: path.slice(root.length), [content]: piece },
    };
  });
}

/** So many ordinary calls of every kind: `{kind, arguments}`. */
export function ordinary(l, { ids, texts, root = ROOT }) {
  const calls = ABOUT.map((arguments_, at) => ({ kind: `about ${at}`, arguments: arguments_ }));
  for (const text of PROSE)
    for (const name of ['text', 'message']) calls.push({ kind: 'prose', arguments: { [name]: text } });
  for (const [kind, make] of Object.entries(IDS)) {
    for (let at = 0; at < ids; at += 1) {
      const [names, value] = make(l);
      const name = names[at % names.length];
      calls.push({ kind: `id ${kind} ${name}`, arguments: { [name]: value, limit: 10 } });
    }
  }
  if (existsSync(WEEK))
    for (const line of readFileSync(WEEK, 'utf8').split('\n').filter(Boolean))
      calls.push({ kind: 'week', arguments: JSON.parse(line).arguments });
  return [...calls, ...textCalls(l, texts, root)];
}
