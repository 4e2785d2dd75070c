import { describe, expect, it } from 'vitest';
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
