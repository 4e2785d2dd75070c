import { describe, expect, it } from 'vitest';
import { findInText } from '../../../src/secrets/find-in-text.ts';
import { recorded } from '../../support/recorded.ts';

const P = 'Kx7tr!ober';
const SEED = 'JBSWY3DPEHPK3PXQ';

describe('a secret that a call in source code takes at its place is masked', () => {
  it.each<[string, string]>([
    ['of MySQL in C', `mysql_real_connect(&m, host, "app", "${P}", db, 0, NULL, 0);`],
    ['of PostgreSQL in C', `PQsetdbLogin(host, port, NULL, NULL, "app", "kim", "${P}");`],
    ['of a directory', `ldap_bind($c, 'cn=admin', '${P}');`],
    ['of SSH', `ssh_userauth_password(session, NULL, "${P}");`],
    ['of Windows', `LogonUserW(L"kim", L"DOM", "${P}", 2, 0, &token);`],
    ['of a broker', `mosquitto_username_pw_set(m, "sensor", "${P}");`],
    ['of a table of MySQL', `SELECT * FROM mysql('h:3306', 'd', 't', 'kim', '${P}')`],
    ['of a table of PostgreSQL', `SELECT * FROM postgresql('h:5432', 'd', 't', 'kim', '${P}') LIMIT 5`],
    ['of a table elsewhere', `INSERT INTO FUNCTION remote('h:9000', 'd', 't', 'kim', '${P}') SELECT 1`],
    ['of a table of MongoDB', `SELECT * FROM mongodb('h:27017', 'd', 'c', 'kim', '${P}', 'a String')`],
  ])('%s', (_, code) => {
    expect(recorded({ code })).not.toContain(P);
  });

  it.each<[string, string]>([
    ['hashed in PHP', "password_hash('Plum-Cake', PASSWORD_DEFAULT)"],
    ['hashed in Laravel', "['password' => Hash::make('Plum-Cake')]"],
    ['hashed in Node', "await bcrypt.hash('Plum-Cake', 12, done)"],
    ['hashed in Java', 'passwordEncoder.encode("Plum-Cake")'],
    ['hashed in Ruby', "BCrypt::Password.create('Plum-Cake')"],
    ['hashed in Python', 'user.password = make_password("Plum-Cake")'],
    ['compared with a hash', "await argon2.verify(stored, 'Plum-Cake')"],
    ['stretched', "crypto.scryptSync('Plum-Cake', 'salt', 32)"],
    ['for a signature in Python', 'hmac.new(b"Plum-Cake", body, sha256)'],
    ['for a signature in Go', 'hmac.New(sha256.New, []byte("Plum-Cake"))'],
    ['for a signature in PHP', "hash_hmac('sha256', $body, 'Plum-Cake')"],
    ['for a signature in Ruby', "OpenSSL::HMAC.hexdigest('SHA256', 'Plum-Cake', data)"],
    ['for a signature in C#', 'new HMACSHA256(Encoding.UTF8.GetBytes("Plum-Cake"))'],
    ['for a token', "jwt.verify(process.argv[1], 'Plum-Cake')"],
    ['for a cipher', "CryptoJS.AES.encrypt(text, 'Plum-Cake')"],
    ['for a cipher of a database', "SELECT AES_DECRYPT(note, 'Plum-Cake') FROM t"],
    ['of a client in Kotlin', 'credentials { BasicAuthCredentials("kim", "Plum-Cake") }'],
    ['of a client of a cloud', 'ClientSecretCredential(tenant, app_id, "Plum-Cake")'],
    ['in an option', '.basic_auth("kim", Some("Plum-Cake"))'],
    ['set', 'config.setPassword("Plum-Cake");'],
    ['of a connection, though nothing else names it', "new PDO($dsn, 'kim', 'Plum-Cake')"],
    ['in several words', "smtp.login('kim@a.example', 'Plum Cake with tea')"],
  ])('though it is words alone: %s', (_, code) => {
    expect(recorded({ code })).not.toContain('Plum');
  });

  it.each([
    ['bcrypt.hash(password, 10); bcrypt.compare(given, user.hash)'],
    ["jwt.sign({ sub: 'kim-of-Berlin' }, privateKey, { algorithm: 'RS256', keyid: 'main-key-One' })"],
    ["jwt.verify(token, 'your-secret-key'); jwt.decode(token, 'secret')"],
    ["crypto.createHmac('sha256', key).update('hello world text').digest('hex')"],
    ["hashlib.new('sha256'); Hash.create('name-of-Thing'); list.make('a-b-C')"],
    ["bcrypt.hash('sha512', x); crypto.createHmac('md5', 'sha512')"],
    ["new PDO('sqlite:db.sqlite', null, null)"],
    ['o.SelectToken("Makers[0].Parts[1].Name")'],
  ])('but not what is no password: %s', (code) => {
    expect(recorded({ code })).not.toContain('[masked');
  });

  it('is found in time that grows with the text', () => {
    for (const piece of ['hmac.new(', 'jwt.sign(a,', 'f(', 'Hash::make("a b ', 'jwt: { '])
      expect(findInText(piece.repeat(100_000), true).length).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, object]>([
    ['in Python', { code: `pyotp.TOTP('${SEED}').now()` }],
    ['in Ruby', { code: `ROTP::TOTP.new("x"); OTP.HOTP("${SEED}")` }],
    ['of a program', { command: `oathtool -b --totp ${SEED}` }],
    ['of a program, in parts', { command: `oathtool --totp -b '${SEED} ${SEED}'` }],
    ['piped into a program', { command: `echo ${SEED} | oathtool -b --totp -` }],
    ['kept on a key', { command: `ykman oath accounts add Mail ${SEED}` }],
  ])('what one-time codes are made from, %s', (_, args) => {
    expect(recorded(args)).not.toContain(SEED);
  });

  it.each([
    ["git.remote('origin', 'main', 'a', 'b', 'c')"],
    ['new TOTP(secretOfUser, { digits: 6 })'],
    ["SELECT * FROM s3('https://b.example/x.csv', 'CSV', 'a String, b String')"],
  ])('but not what is none: %s', (code) => {
    expect(recorded({ code })).not.toContain('[masked');
  });
});
