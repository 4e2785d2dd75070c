import { describe, expect, it } from 'vitest';
import { recorded } from '../../support/recorded.ts';

const P = 'Kx7tr!ober';
const login = Buffer.from(`ada:${P}`).toString('base64');

describe('a password that a command takes at its place is masked', () => {
  it.each<[string, object]>([
    ['glued to a letter', { command: `mysqldump -u root -p${P} shop` }],
    ['of sshpass', { command: `sshpass -p ${P} ssh ada@h` }],
    ['of redis', { command: `redis-cli -a ${P} ping` }],
    ['of LDAP', { command: `ldapsearch -D cn=x -w ${P} -b dc=y` }],
    ['of a registry', { command: `docker login -u ada -p ${P} r.example.com` }],
    ['of an archive', { command: `7z x -p${P} a.7z` }],
    ['behind a name', { command: `curl -uada:${P} https://a.example` }],
    ['behind a name in quotes', { command: `curl --user 'ada:${P}' https://a.example` }],
    ['of Samba', { command: `smbclient //h/x -U ada%${P}` }],
    ['that is piped in', { command: `echo ${P} | docker login -u ada --password-stdin r` }],
    ['of a keeper of passwords', { command: `bw unlock ${P} --raw` }],
    ['of a keeper of passwords, behind its user', { command: `bw login a@b.example '${P}'` }],
    ['that a machine joins by', { command: `netbird up --setup-key ${P}` }],
    ['in several words, piped in', { command: `printf '%s' '${P} and plums' | cryptsetup open /dev/x y -` }],
    ['in several words, piped into a store', { command: `echo "${P} and plums" | wrangler secret put X` }],
    ['in a list of arguments', { args: ['--password', P, '--to', 'x'] }],
    ['glued, in a list', { args: ['mysql', '-uroot', `-p${P}`] }],
    ['in a list beside its program', { command: '/usr/bin/sshpass', args: ['-p', P, 'ssh', 'h'] }],
    ['behind a name, in a list', { args: ['curl', '-u', `ada:${P}`, 'https://a.example'] }],
    ['behind a name, in a list without its program', { words: ['-u', `ada:${P}`, 'https://a.example'] }],
    ['of a share, behind its user', { command: `net use Z: \\\\s\\x /user:ada ${P}` }],
    ['of a database, behind its user', { dsn: `jdbc:oracle:thin:app/${P}@db.example.com:1521/x` }],
    ['that somebody tells', { note: `The password of the staging box is ${P}, please log in.` }],
    ['in an option of a list', { args: [`--db-pass=${P}`] }],
    ['in a variable of a list', { env: [`SMTP_PASSWORD=${P}`] }],
    [
      'in a pair',
      {
        form: [
          ['user', 'ada'],
          ['password', P],
        ],
      },
    ],
    ['of a statement', { sql: `CREATE USER a IDENTIFIED BY '${P}'` }],
    ['of another dialect', { sql: `alter user a identified with caching_sha2_password by '${P}'` }],
    ['behind a word of SQL', { sql: `CREATE ROLE a LOGIN PASSWORD '${P}'` }],
    ['that is inserted', { sql: `INSERT INTO users (name, password) VALUES ('ada', '${P}'), ('b', 'c')` }],
    ['of .pgpass', { path: '.pgpass', content: `db.example.com:5432:app:ada:${P}\n` }],
    ['of a library', { code: `get(url, auth=("ada", "${P}"))` }],
    ['of HTTP, alone', { text: `Basic ${login}` }],
    ['of npm', { content: `//registry.example.com/:_auth=${login}` }],
    ['of Docker', { content: JSON.stringify({ auths: { r: { auth: login } } }) }],
  ])('%s', (_, args) => {
    expect(JSON.stringify(args)).toMatch(/Kx7tr|YWRh/);
    expect(recorded(args)).not.toMatch(/Kx7tr!ober|YWRhOkt4N3/);
  });

  it.each<[string, object]>([
    [
      'in a list of pairs',
      {
        headers: [
          ['Accept', '*/*'],
          ['Cookie', 'sid=81fe0a77c3d94bb2'],
        ],
      },
    ],
    ['one after the other', { rawHeaders: ['Host', 'h', 'Cookie', 'sid=81fe0a77c3d94bb2'] }],
    ['in a line', { headers: ['Cookie: theme=dark; sid=81fe0a77c3d94bb2'] }],
    ['of curl', { command: 'curl -b sid=81fe0a77c3d94bb2 https://a.example' }],
    ['set by a server', { text: 'Set-Cookie: lang=en; sid=81fe0a77c3d94bb2; Path=/' }],
  ])('and so is a cookie %s', (_, args) => {
    expect(recorded(args)).not.toContain('81fe0a77c3d94bb2');
  });

  it.each([
    'docker run -u 1000:1000 -p 8080:80 -v "$PWD":/srv nginx',
    'ssh -p 2222 ada@h; psql -p 5433 -U ada; tar -xzpf a.tgz; mkdir -p src/lib',
    'mysql -u root -p shop < dump.sql',
    'curl -u "$USER:$TOKEN" https://a.example; curl -b cookies.txt https://a.example',
    'git log -p -S "token" -- src/auth; npm test -- -t "password reset2"',
  ])('and another program’s letters are not: %s', (command) => {
    expect(recorded({ command })).toBe(JSON.stringify({ command }));
  });
});
