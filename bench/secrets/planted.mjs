/** Secrets that are planted: kinds of secrets, names that tell one, and carriers that they stand in. Seeded. */
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const B62 = LOWER + UPPER + DIGITS;
const B64 = `${B62}+/`;
const URL64 = `${B62}-_`;

/** A deterministic stream of numbers in [0, 1). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function lettersFrom(random) {
  const of = (alphabet, length) =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  return {
    of,
    random,
    pick: (from) => from[Math.floor(random() * from.length)],
    b62: (length) => of(B62, length),
    b64: (length) => of(B64, length),
    url64: (length) => of(URL64, length),
    hex: (length) => of(HEX, length),
    digits: (length) => of(DIGITS, length),
    lower: (length) => of(LOWER, length),
    upper: (length) => of(UPPER + DIGITS, length),
    below: (most) => Math.floor(random() * most),
  };
}

const base64 = (text) => Buffer.from(text).toString('base64');
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Spelled as their issuers spell them; the parts are joined here so that no scanner takes this file for a leak. */
export const TOKENS = {
  github: (l) => `${l.pick(['ghp', 'gho', 'ghs'])}${'_'}${l.b62(36)}`,
  githubFine: (l) => `github${'_pat_'}${l.b62(22)}_${l.b62(59)}`,
  gitlab: (l) => `glpat${'-'}${l.url64(20)}`,
  gitlabRunner: (l) => `glrt${'-'}${l.url64(20)}`,
  aws: (l) => `AKI${'A'}${l.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
  google: (l) => `AIz${'a'}Sy${l.url64(33)}`,
  slack: (l) => `xox${'b-'}${l.digits(12)}-${l.digits(12)}-${l.b62(24)}`,
  stripe: (l) => `sk${'_live_'}${l.b62(24)}`,
  anthropic: (l) => `sk-an${'t-api03-'}${l.url64(93)}AA`,
  openai: (l) => `sk-pr${'oj-'}${l.url64(74)}T3BlbkFJ${l.url64(74)}`,
  npm: (l) => `npm${'_'}${l.b62(36)}`,
  pypi: (l) => `pypi${'-AgEIcHlwaS5vcmc'}${l.url64(120)}`,
  docker: (l) => `dckr${'_pat_'}${l.url64(27)}`,
  huggingface: (l) => `hf${'_'}${l.b62(34)}`,
  sendgrid: (l) => `SG${'.'}${l.url64(22)}.${l.url64(43)}`,
  digitalocean: (l) => `dop${'_v1_'}${l.hex(64)}`,
  telegram: (l) => `${l.of('123456789', 10)}${':AA'}${l.url64(33)}`,
  vault: (l) => `hv${'s.'}${l.url64(90)}`,
  jwt: (l) => `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: l.digits(10), iat: 1 })}.${l.url64(43)}`,
  jwtPadded: (l) => `${base64('{"alg":"HS256"}')}${'.'}${base64(`{"sub":"${l.digits(4)}"}`)}.${l.b62(43)}=`,
  jwe: (l) => `${part({ alg: 'dir', enc: 'A256GCM' })}${'..'}${l.url64(16)}.${l.url64(80)}.${l.url64(22)}`,
  jweFull: (l) =>
    `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${l.url64(342)}.${l.url64(16)}.${l.url64(80)}.${l.url64(22)}`,
  paseto: (l) => `${l.pick(['v2', 'v4'])}.${l.pick(['local', 'public'])}.${l.url64(120)}`,
  pasetoFooter: (l) => `v4${'.local.'}${l.url64(120)}.${l.url64(20)}`,
  alibaba: (l) => `LTA${'I'}${l.b62(20)}`,
  artifactory: (l) => `AKC${'p'}${l.b62(69)}`,
  adobe: (l) => `p8e${'-'}${l.hex(32)}`,
  clojars: (l) => `CLOJARS${'_'}${l.hex(60)}`,
  duffel: (l) => `duffel${'_live_'}${l.url64(43)}`,
  dynatrace: (l) => `dt0c01${'.'}${l.upper(24)}.${l.upper(64)}`,
  easypost: (l) => `EZA${'K'}${l.b62(54)}`,
  flutterwave: (l) => `FLWSECK${'_TEST-'}${l.hex(12)}`,
  frameio: (l) => `fio${'-u-'}${l.url64(64)}`,
  infracost: (l) => `ico${'-'}${l.b62(32)}`,
  lob: (l) => `live${'_'}${l.hex(35)}`,
  mapbox: (l) => `sk${'.'}${part({ u: 'ada', a: l.lower(25) })}.${l.url64(22)}`,
  prefect: (l) => `pnu${'_'}${l.b62(36)}`,
  pulumi: (l) => `pul${'-'}${l.hex(40)}`,
  readme: (l) => `rdme${'_'}${l.of(LOWER + DIGITS, 70)}`,
  scalingo: (l) => `tk-us${'-'}${l.url64(48)}`,
  sendinblue: (l) => `xkeysib${'-'}${l.hex(64)}-${l.b62(16)}`,
  shippo: (l) => `shippo${'_live_'}${l.hex(40)}`,
  typeform: (l) => `tfp${'_'}${l.url64(44)}_${l.url64(14)}`,
  slackConfig: (l) => `xoxe.xox${'p-1-'}${l.b62(166)}`,
  contentful: (l) => `CFPAT${'-'}${l.url64(43)}`,
  hubspot: (l) => `pat${'-na1-'}${l.hex(8)}-${l.hex(4)}-${l.hex(4)}-${l.hex(4)}-${l.hex(12)}`,
  cloudflareCa: (l) => `v1.0${'-'}${l.hex(24)}-${l.hex(146)}`,
  sourcegraph: (l) => `sgp${'_'}${l.hex(16)}_${l.hex(40)}`,
  resend: (l) => `re${'_'}${l.b62(8)}_${l.b62(24)}`,
  langsmith: (l) => `lsv2${'_pt_'}${l.hex(32)}_${l.hex(10)}`,
  bcrypt: (l) => `$2b${'$12$'}${l.of(`./${B62}`, 53)}`,
  apr1: (l) => `$apr1${'$'}${l.b62(8)}$${l.b62(22)}`,
  sha512crypt: (l) => `$6${'$'}${l.b62(16)}$${l.of(`./${B62}`, 86)}`,
  argon2: (l) => `$argon2id${'$v=19$m=65536,t=3,p=4$'}${l.b64(22)}$${l.b64(43)}`,
  pem: (l) =>
    `-----BEGIN ${'PRIVATE KEY'}-----\n${l.b64(64)}\n${l.b64(64)}\n${l.b64(30)}==\n-----END ${'PRIVATE KEY'}-----`,
  age: (l) => `AGE-SECRET${'-KEY-1'}${l.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
};

/** Without a spelling of their own. */
export const RANDOM = {
  awsSecret: (l) => `${l.b64(17)}/${l.b64(22)}`,
  b62x32: (l) => l.b62(32),
  b62x40: (l) => l.b62(40),
  b64x44: (l) => `${l.b64(43)}=`,
  url64x43: (l) => l.url64(43),
};
export const HEXES = { hex32: (l) => l.hex(32), hex40: (l) => l.hex(40), hex64: (l) => l.hex(64) };

const WORDS = ['winter', 'Tiger', 'Dragon', 'sommer', 'Monkey', 'berlin', 'Ocean', 'purple'];
export const PASSWORDS = {
  leet: (l) => `${l.pick(WORDS).replace('e', '3').replace('o', '0')}${l.pick('!#&%*')}${l.digits(3)}x`,
  wordDigits: (l) => `${l.pick(WORDS)}${l.digits(4)}`,
  mixed: (l) => `${l.lower(3)}${l.digits(2)}${l.of(UPPER, 2)}${l.pick('!?%^*')}${l.lower(4)}`,
  short: (l) => `s3c${l.lower(3)}${l.digits(2)}`,
  generated: (l) => `${l.of(LOWER, 4)}7${l.of(UPPER, 4)}2${l.b62(8)}`,
};

export const NAMES = {
  english: ['password', 'passwd', 'pwd', 'passphrase', 'secret', 'api_key', 'apiKey', 'access_token'],
  short: ['pass', 'db_pass', 'DB_PASS', 'smtpPass', 'userpass', 'ftp_pass', 'mail.pass'],
  compound: [
    'rootpassword',
    'dbPassword',
    'MYSQL_ROOT_PASSWORD',
    'admin-password',
    'password2',
    'passwordConfirm',
    'newPassword',
    'keystore.password',
    'spring.datasource.password',
    'PGPASSWORD',
    'adminpwd',
    'wifiPassword',
    'clientsecret',
    'app_secret',
    'APP_SECRET_KEY',
    'jwtSecret',
    'webhook-secret',
    'AWS_SECRET_ACCESS_KEY',
    'STRIPE_SECRET_KEY',
    'encryption_key',
    'x-api-key',
    'authToken',
    'GITLAB_TOKEN',
    'bot_token',
    'sessionToken',
    'masterKey',
    'signingKey',
    'privateKey',
    'apikey',
    'consumer_secret',
    'credentials.secret',
  ],
  languages: [
    'Passwort',
    'kennwort',
    'mot_de_passe',
    'motDePasse',
    'mdp',
    'contraseña',
    'contrasena',
    'clave_secreta',
    'senha',
    'parola',
    'пароль',
    'пароль_бд',
    'hasło',
    'haslo',
    'heslo',
    'wachtwoord',
    'lösenord',
    'adgangskode',
    'passord',
    'salasana',
    'jelszó',
    'şifre',
    'sifre',
    '密码',
    '密碼',
    'パスワード',
    '비밀번호',
    'mật_khẩu',
    'kata_sandi',
    'סיסמה',
    'كلمة_المرور',
    'κωδικός',
    'geheimnis',
    'schluessel_geheim',
    'palavra_passe',
    'password_utente',
    'лозинка',
  ],
};

const q = JSON.stringify;
const xml = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const percent = encodeURIComponent;
const U = (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const dashed = (name) => name.replace(/_/g, '-').toLowerCase();
const constant = (name) => name.replace(/[^\p{L}\p{N}]+/gu, '_').toUpperCase();

/** A name and what it names: (name, secret, letters) to arguments. */
export const NAMED = {
  member: (n, s) => ({ [n]: s }),
  memberDeep: (n, s) => ({ config: { db: [{ host: 'h', [n]: s }] } }),
  jsonText: (n, s) => ({ body: q({ user: 'ada', [n]: s }) }),
  jsonInJson: (n, s) => ({ body: q({ payload: q({ user: 'ada', [n]: s }) }) }),
  jsonPretty: (n, s) => ({ content: JSON.stringify({ a: 1, [n]: s, b: 2 }, null, 2) }),
  yaml: (n, s) => ({ content: `name: x\n${n}: ${s}\nport: 1` }),
  yamlNested: (n, s) => ({ content: `db:\n  host: h\n  ${n}: ${s}\n` }),
  yamlFirst: (n, s) => ({ content: `db:\n  ${n}: ${s}\n  host: h\n` }),
  yamlQuoted: (n, s) => ({ content: `db:\n  ${n}: "${s}"\n` }),
  yamlFlow: (n, s) => ({ content: `db: {host: h, ${n}: ${s}, port: 5432}` }),
  yamlBlock: (n, s) => ({ content: `data:\n  ${n}: |\n    ${s}\n  other: x\n` }),
  yamlEnvList: (n, s) => ({ content: `env:\n  - name: ${constant(n)}\n    value: ${s}\n` }),
  composeList: (n, s) => ({ content: `services:\n  db:\n    environment:\n      - ${constant(n)}=${s}\n` }),
  toml: (n, s) => ({ content: `[database]\nhost = "h"\n${n.replace(/[.]/g, '_')} = "${s}"\n` }),
  ini: (n, s) => ({ content: `[db]\nuser = ada\n${n} = ${s}\nport=1` }),
  properties: (n, s) => ({ content: `app.name=x\n${n}=${s}\n` }),
  dotenv: (n, s) => ({ content: `A=1\n${constant(n)}=${s}\nB=2\n` }),
  dotenvQuoted: (n, s) => ({ content: `A=1\nexport ${constant(n)}='${s}'\n` }),
  dockerfile: (n, s) => ({ content: `FROM node:20\nENV ${constant(n)}=${s}\nRUN npm ci` }),
  dockerfileSpace: (n, s) => ({ content: `FROM node:20\nENV ${constant(n)} ${s}\nRUN npm ci` }),
  xmlElement: (n, s) => ({ body: `<config><user>ada</user><${n}>${xml(s)}</${n}></config>` }),
  xmlWithAttribute: (n, s) => ({ body: `<ds:${n} type="text">${xml(s)}</ds:${n}>` }),
  xmlAttribute: (n, s) => ({ body: `<db user="ada" ${n}="${xml(s)}" host="h"/>` }),
  xmlProperty: (n, s) => ({ body: `<property name="${n}" value="${xml(s)}"/>` }),
  xmlAdd: (n, s) => ({ body: `<add key="${n}" value="${xml(s)}" />` }),
  xmlString: (n, s) => ({ body: `<string name="${n}">${xml(s)}</string>` }),
  plist: (n, s) => ({ body: `<key>${n}</key>\n  <string>${xml(s)}</string>` }),
  htmlInput: (n, s) => ({ html: `<input type="password" name="${n}" value="${xml(s)}">` }),
  flagEquals: (n, s) => ({ command: `deploy --${dashed(n)}=${s} --region eu` }),
  flagSpace: (n, s) => ({ command: `deploy --${dashed(n)} ${s} --region eu` }),
  flagQuoted: (n, s) => ({ command: `deploy --${dashed(n)} '${s}' --region eu` }),
  flagOneDash: (n, s) => ({ command: `tool -${dashed(n)} ${s} -v` }),
  argv: (n, s) => ({ args: ['deploy', `--${dashed(n)}`, s, '--region', 'eu'] }),
  argvEquals: (n, s) => ({ args: ['deploy', `--${dashed(n)}=${s}`] }),
  argvInText: (n, s) => ({ content: q({ args: ['deploy', `--${dashed(n)}`, s] }) }),
  dockerRun: (n, s) => ({ command: `docker run -e ${constant(n)}=${s} -p 80:80 nginx` }),
  kubectl: (n, s) => ({ command: `kubectl create secret generic db --from-literal=${n}=${s}` }),
  helm: (n, s) => ({ command: `helm install x ./c --set auth.${n}=${s}` }),
  envInFront: (n, s) => ({ command: `${constant(n)}=${s} node server.js` }),
  exported: (n, s) => ({ command: `export ${constant(n)}="${s}" && npm start` }),
  powershell: (n, s) => ({ command: `$env:${constant(n)} = "${s}"; node x` }),
  setx: (n, s) => ({ command: `setx ${constant(n)} "${s}"` }),
  query: (n, s) => ({ url: `https://api.example.com/v1?u=me&${percent(n)}=${percent(s)}&x=1` }),
  fragment: (n, s) => ({ url: `https://app.example.com/cb#state=1&${percent(n)}=${percent(s)}` }),
  form: (n, s) => ({ body: `user=ada&${percent(n)}=${percent(s)}&remember=1` }),
  formTwice: (n, s) => ({ body: `next=${percent(`user=ada&${percent(n)}=${percent(s)}&x=1`)}` }),
  percentJson: (n, s) => ({ body: `data=${percent(q({ [n]: s }))}` }),
  headerText: (n, s) => ({ headers: `Accept: */*\r\nX-${dashed(n)}: ${s}\r\nHost: h` }),
  headerCurl: (n, s) => ({ command: `curl -H 'X-${dashed(n)}: ${s}' https://api.example.com` }),
  headerPairs: (n, s) => ({
    headers: [
      ['Accept', '*/*'],
      [`X-${dashed(n)}`, s],
    ],
  }),
  headerList: (n, s) => ({ headers: [`X-${dashed(n)}: ${s}`] }),
  keyed: (n, s) => ({
    env: [
      { name: 'A', value: '1' },
      { name: n, value: s },
    ],
  }),
  keyedKey: (n, s) => ({ vars: [{ key: n, value: s, masked: true }] }),
  keyedInText: (n, s) => ({ content: q([{ name: n, value: s }]) }),
  keyedField: (n, s) => ({ fields: [{ field: n, text: s }] }),
  pairList: (n, s) => ({
    form: [
      ['user', 'ada'],
      [n, s],
    ],
  }),
  envArray: (n, s) => ({ env: [`${constant(n)}=${s}`] }),
  ado: (_, s) => ({ conn: `Server=h;Database=d;User Id=sa;Password=${s};Encrypt=True` }),
  jdbc: (_, s) => ({ url: `jdbc:sqlserver://h:1433;databaseName=d;user=sa;password=${s};` }),
  jdbcQuery: (_, s) => ({ url: `jdbc:mysql://h/d?user=ada&password=${percent(s)}` }),
  libpq: (_, s) => ({ dsn: `host=h user=ada password=${s} dbname=x` }),
  code: (n, s) => ({ code: `const config = {\n  user: 'ada',\n  "${n}": '${s}',\n};` }),
  codeAssign: (n, s) => ({ code: `settings["${n}"] = "${s}"\nrun()` }),
  codeWalrus: (n, s) => ({ code: `${n.replace(/[^\p{L}\p{N}_]/gu, '_')} := "${s}"\nuse()` }),
  codeArrow: (n, s) => ({ code: `$c = ['${n}' => '${s}'];` }),
  heredoc: (n, s) => ({ command: `cat > .env <<EOF\nA=1\n${constant(n)}=${s}\nEOF` }),
  diffAdded: (n, s) => ({ diff: `@@ -1,2 +1,2 @@\n-${n}: old\n+${n}: ${s}\n` }),
  diffRemoved: (n, s) => ({ diff: `@@ -1,2 +1,1 @@\n a=1\n-${constant(n)}=${s}\n` }),
  markdownList: (n, s) => ({ text: `Logins\n\n- user: ada\n- **${n}**: \`${s}\`\n` }),
  markdownTable: (n, s) => ({ text: `| field | value |\n| --- | --- |\n| user | ada |\n| ${n} | ${s} |\n` }),
  csv: (n, s) => ({ text: `user,${n},role\nada,${s},admin\n` }),
  tsv: (n, s) => ({ text: `user\t${n}\nada\t${s}\n` }),
  sentence: (n, s) => ({ text: `Please log in as ada, the ${n} is ${s}, thanks.` }),
  colonSentence: (n, s) => ({ text: `Hi! ${n}: ${s} - please do not share` }),
  escapedUnicode: (n, s) => ({ body: `{"${U(n)}":"${U(s)}"}` }),
  escapedMember: (n, s) => `{"${U(n)}":"${U(s)}"}`,
  logLine: (n, s) => ({ text: `2026-11-25T10:00:00Z INFO connect user=ada ${n}=${s} retries=3` }),
  terraform: (n, s) => ({
    content: `resource "x" "y" {\n  ${n.replace(/[^\p{L}\p{N}_]/gu, '_')} = "${s}"\n}`,
  }),
  base64Env: (n, s) => ({ content: base64(`A=1\n${constant(n)}=${s}\nB=2\n`) }),
};

/** A token that nothing names. */
export const BARE = {
  alone: (s) => ({ text: s }),
  note: (s) => ({ note: s }),
  words: (s) => ({ text: `Please use ${s} for the deployment, thanks.` }),
  quoted: (s) => ({ message: `my key is "${s}".` }),
  list: (s) => ({ values: ['a', s] }),
  inJson: (s) => ({ body: q({ x: s }) }),
  argument: (s) => ({ args: ['run', s] }),
  lines: (s) => ({ text: `line one\n${s}\nline three` }),
};
export const FORMATTED = {
  key: (s) => ({ [s]: 1 }),
  glued: (s) => ({ text: `my_${s}` }),
  gluedKey: (s) => ({ [`my_${s}`]: true }),
  base64: (s) => ({ content: base64(s) }),
  base64Words: (s) => ({ content: base64(`token: ${s}\n`) }),
  base64Url: (s) => ({ data: Buffer.from(`use ${s} now`).toString('base64url') }),
  hex: (s) => ({ data: Buffer.from(s).toString('hex') }),
  percented: (s) => ({ url: `https://e.example/?u=${percent(`https://x/?q=${s}`)}` }),
  userinfo: (s) => ({ url: `https://oauth2:${s}@git.example.com/a/b.git` }),
  inPath: (s) => ({ url: `https://api.example.com/${/^\d+:/.test(s) ? 'bot' : ''}${s}/send` }),
};

const auth = (s) => base64(`ada:${s}`);
/** Carriers that name nothing but the place: (password) to arguments; `hidden` says what must not be found. */
export const PLACED = {
  userinfo: (s) => ({ url: `postgres://ada:${percent(s)}@h/d` }),
  redis: (s) => ({ url: `redis://:${percent(s)}@h:6379/0` }),
  mongo: (s) => ({ uri: `mongodb+srv://ada:${percent(s)}@c0.example.net/d` }),
  amqp: (s) => ({ uri: `amqps://ada:${percent(s)}@h/v` }),
  curlU: (s) => ({ command: `curl -u ada:${s} https://a.example` }),
  curlGlued: (s) => ({ command: `curl -uada:${s} https://a.example` }),
  curlUser: (s) => ({ command: `curl --user 'ada:${s}' https://a.example` }),
  curlArgv: (s) => ({ args: ['curl', '-u', `ada:${s}`, 'https://a.example'] }),
  mysql: (s) => ({ command: `mysql -uroot -p${s} -h db` }),
  mysqldump: (s) => ({ command: `mysqldump -u root -p'${s}' shop > x.sql` }),
  mysqlArgv: (s) => ({ command: 'mysql', args: ['-uroot', `-p${s}`, 'shop'] }),
  sshpass: (s) => ({ command: `sshpass -p ${s} ssh ada@h` }),
  sshpassGlued: (s) => ({ command: `sshpass -p'${s}' scp a ada@h:` }),
  dockerLogin: (s) => ({ command: `docker login -u ada -p ${s} r.example.com` }),
  redisCli: (s) => ({ command: `redis-cli -h h -a ${s} ping` }),
  ldap: (s) => ({ command: `ldapsearch -D cn=admin -w ${s} -b dc=x` }),
  zip: (s) => ({ command: `zip -P ${s} out.zip a` }),
  sevenZip: (s) => ({ command: `7z x -p${s} a.7z` }),
  openssl: (s) => ({ command: `openssl enc -aes-256-cbc -in a -pass pass:${s}` }),
  sqlcmd: (s) => ({ command: `sqlcmd -S h -U sa -P ${s} -Q "select 1"` }),
  keytool: (s) => ({ command: `keytool -list -keystore a.jks -storepass ${s}` }),
  smb: (s) => ({ command: `smbclient //h/x -U ada%${s}` }),
  htpasswd: (s) => ({ command: `htpasswd -b f ada ${s}` }),
  chpasswd: (s) => ({ command: `echo 'ada:${s}' | chpasswd` }),
  stdinLogin: (s) => ({ command: `echo ${s} | docker login -u ada --password-stdin r` }),
  netrc: (s) => ({ content: `machine api.example.com login ada password ${s}\n` }),
  netrcLines: (s) => ({ content: `machine api.example.com\n  login ada\n  password ${s}\n` }),
  pgpass: (s) => ({ path: '.pgpass', content: `db.example.com:5432:app:ada:${s}\n` }),
  sqlIdentified: (s) => ({ sql: `CREATE USER a@'%' IDENTIFIED BY '${s}'` }),
  sqlWith: (s) => ({ sql: `ALTER USER a IDENTIFIED WITH mysql_native_password BY '${s}'` }),
  sqlPassword: (s) => ({ sql: `CREATE ROLE a LOGIN PASSWORD '${s}'` }),
  sqlEncrypted: (s) => ({ sql: `alter user a with encrypted password '${s}';` }),
  sqlEquals: (s) => ({ sql: `CREATE LOGIN a WITH PASSWORD = N'${s}'` }),
  sqlFunction: (s) => ({ sql: `SET PASSWORD FOR 'a'@'h' = PASSWORD('${s}')` }),
  basicObject: (s) => ({ headers: { Authorization: `Basic ${auth(s)}` } }),
  basicBare: (s) => ({ text: `Basic ${auth(s)}` }),
  basicLine: (s) => ({ text: `Authorization: Basic ${auth(s)}` }),
  basicPairs: (s) => ({ headers: [['Authorization', `Basic ${auth(s)}`]] }),
  npmAuth: (s) => ({ content: `//registry/:_auth=${auth(s)}` }),
  npmAuthMember: (s) => ({ _auth: auth(s) }),
  dockerConfig: (s) => ({ content: q({ auths: { r: { auth: auth(s) } } }) }),
  authList: (s) => ({ auth: ['ada', s] }),
  authObject: (s) => ({ auth: { user: 'ada', pass: s } }),
  authValue: (s) => ({ auth: { username: 'ada', value: s } }),
  authPair: (s) => ({ auth: `ada:${s}` }),
  credentials: (s) => ({ credentials: { user: 'ada', value: s } }),
  pythonAuth: (s) => ({ code: `requests.get(u, auth=("ada", "${s}"))` }),
  httpieAuth: (s) => ({ command: `http -a ada:${s} https://a.example` }),
  wget: (s) => ({ command: `wget --user=ada --password=${s} https://a.example` }),
  mountCifs: (s) => ({ command: `mount -t cifs //h/s /m -o username=ada,password=${s},vers=3.0` }),
  login: (s) => ({ code: `page.fill("#password", "${s}")` }),
  setter: (s) => ({ code: `ds.setPassword("${s}");` }),
  typed: (s) => ({ selector: '#password', text: s }),
  field: (s) => ({ element: 'Password field', ref: 'e12', text: s }),
};
export const COOKIES = {
  object: (s) => ({ headers: { Cookie: `theme=dark; sid=${s}` } }),
  pairs: (s) => ({ headers: [['Cookie', `sid=${s}`]] }),
  text: (s) => ({ text: `GET / HTTP/1.1\r\nCookie: theme=dark; sid=${s}\r\n` }),
  setCookie: (s) => ({ text: `Set-Cookie: sid=${s}; Path=/; HttpOnly` }),
  curlB: (s) => ({ command: `curl -b sid=${s} https://a.example` }),
  curlCookie: (s) => ({ command: `curl --cookie "a=1; sid=${s}" https://a.example` }),
  header: (s) => ({ command: `curl -H 'Cookie: a=1; session=${s}' https://a.example` }),
  php: (s) => ({ text: `PHPSESSID=${s}` }),
  named: (s) => ({ cookies: [{ name: 'sid', value: s, domain: 'a.example' }] }),
};
export const CODES = {
  otp: (l) => [{ otp: l.digits(6) }],
  otpNumber: (l) => [{ otp: 100000 + l.below(899999) }],
  pin: (l) => [{ pin: l.digits(4) }],
  card: (l) => [{ card_number: `4${l.digits(15)}` }],
  cardNumber: (l) => [{ cardNumber: 4e15 + l.below(1e9) }],
  cardSpaced: (l) => [
    { payment: { creditCard: `4${l.digits(3)} ${l.digits(4)} ${l.digits(4)} ${l.digits(4)}` } },
  ],
  cvv: (l) => [{ cvv: l.digits(3) }],
  mnemonic: () => [
    { mnemonic: 'legal winner thank year wave sausage worth useful legal winner thank yellow' },
  ],
  phrase: () => [
    { text: 'seed phrase: legal winner thank year wave sausage worth useful legal winner thank yellow' },
  ],
  recovery: (l) => [{ recovery_codes: [`${l.hex(5)}-${l.hex(5)}`] }],
  verification: (l) => [{ verification_code: l.digits(6) }],
  sentence: (l) => [{ text: `Your one-time code: OTP ${l.digits(6)}` }],
};
