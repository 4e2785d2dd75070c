import { base64Bytes } from '../text/decoded.ts';
import type { TextSpan } from './find-in-text.ts';
import { looksLikePassword } from './password-shape.ts';
import { insertedSecrets } from './table-cells.ts';
import { isPlace, valueAt } from './text-values.ts';

/** What stands before a password that its program takes without naming it. */
interface Option {
  programs: string;
  before: RegExp;
  /** A user's name and a password in one. */
  login?: true;
  cookies?: true;
}

const USER = '["\']?[^\\s:"\'%]{0,64}';

/** From the manuals of these programs. A program's own letter says nothing elsewhere: `-p` is a port, a path, a page. */
const OPTIONS: readonly Option[] = [
  {
    programs:
      'mysql|mysqldump|mysqladmin|mysqlimport|mysqlpump|mysqlsh|mycli|mariadb|mariadb-dump|mariadb-admin|7z|7za|7zz|7zr|rar|unrar',
    before: /\s-(?:p|hp)(?=[^\s-])/g,
  },
  { programs: 'sshpass', before: /\s-p\s{0,4}(?=\S)/g },
  {
    programs:
      '(?:docker|podman|helm|nerdctl|skopeo|buildah|oras|crane|az|oc|argocd|cf|heroku|npm)(?:\\s+[\\w-]{1,20}){0,2}\\s+login|mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|cqlsh|cypher-shell|evil-winrm|crackmapexec|nxc|netexec|psexec|xfreerdp|rdesktop|mssql-cli|adb-pair',
    before: /\s(?:-p|\/p:)\s{0,4}(?=[^\s-])/g,
  },
  { programs: 'redis-cli|valkey-cli|keydb-cli', before: /\s(?:-a|--pass)[\s=]{1,4}/g },
  { programs: 'ldap(?:search|add|modify|delete|whoami|passwd|modrdn|compare)', before: /\s-w\s{1,4}/g },
  {
    programs:
      'zip|unzip|zipcloak|sqlcmd|bcp|osql|isql|tsql|mosquitto_pub|mosquitto_sub|ipmitool|mqttx|ncftpget|ncftpput',
    before: /\s-P\s{0,4}(?=[^\s-])/g,
  },
  { programs: 'openssl|qpdf', before: /[\s=](?:pass:|-[kK]\s{1,4}|--encrypt\s{1,4})/g },
  { programs: 'smbclient|smbmap|rpcclient|smbget|net|smbtree', before: /-U\s{0,4}["']?[^\s%"']{1,64}%/g },
  {
    programs: 'htpasswd',
    before: /\s-(?:\w*n\w*b\w*|\w*b\w*n\w*)\s+\S{1,64}\s+|\s-\w*b\w*\s+\S{1,256}\s+\S{1,64}\s+/g,
  },
  { programs: 'plink|pscp|psftp|putty|kitty', before: /\s-pw\s{1,4}/g },
  { programs: 'snmp(?:get|walk|set|bulkwalk|getnext)', before: /\s-[AX]\s{1,4}/g },
  {
    programs: 'curl',
    before: new RegExp(`\\s(?:-u|--user|-U|--proxy-user)[\\s=]{0,4}${USER}:`, 'g'),
    login: true,
  },
  { programs: 'curl', before: /\s(?:-b|--cookie)[\s=]{0,4}(?=["']?[\w.%-]{1,64}=)/g, cookies: true },
  {
    programs: 'http|https|xh|xhs',
    before: new RegExp(`\\s(?:-a|--auth)[\\s=]{0,4}${USER}:`, 'g'),
    login: true,
  },
  {
    programs: 'net',
    before: /\suse\s+(?:[A-Za-z*]:?\s+)?\\\\\S{1,200}\s+(?:\/user:\S{1,64}\s+)?(?=[^\s/*])/g,
  },
  { programs: 'gh', before: /\ssecret\s+set\s[^\n]{0,100}?(?:--body|-b)[\s=]{1,4}/g },
];
const EACH = OPTIONS.map((option) => ({ ...option, named: new RegExp(`^(?:${option.programs})$`) }));
const PROGRAM = new RegExp(
  `(?<![\\w.-])(${[...new Set(OPTIONS.map(({ programs }) => programs))].join('|')})(?:\\.exe)?(?=\\s)`,
  'g',
);
/** Up to what ends it in a shell. */
const ONE_COMMAND = /^(?:[^;|&\n"'\\]|&(?![&\s])|\\[\s\S]|"[^"\n]{0,400}"|'[^'\n]{0,400}'){0,600}/;
/** Of a command so much is searched for its options. */
const LONGEST = 600;

/** `-u ada:…`, whatever program takes it. */
const USER_AND_PASSWORD = /(?<!\S)(?:-u|--user)[ =]{1,4}["']?[^\s:"'/]{1,64}:(?=[^\s"'/:]{3})/g;
const TO_STDIN =
  /(?<![\w-])(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4}|["']?%s(?:\\n)?["']?\s)?(?=["']?([^\s"'|]{4,256})["']?\s{0,4}\|[^|\n]{0,160}(?:--?(?:password|pass|token|secret)-?(?:stdin|fd)|--with-token|\bsudo\b[^|\n]{0,20} -S|\b(?:passwd|cryptsetup|kinit|openconnect|gpg|su)\b|login[^|\n]{0,80} -(?:\s|$)))/g;
const CHPASSWD =
  /(?<![\w-])echo\s{1,4}["']?[\w.-]{1,64}:(?=([^\s"'|]{4,256})["']?\s{0,4}\|[^|\n]{0,40}\bchpasswd\b)/g;
/** Standard SQL names a password so, and dialects by words between. */
const IDENTIFIED =
  /\bidentified\s{1,8}(?:with\s{1,8}["'`]?\w{1,64}["'`]?\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?(?=["'\w])/gi;
const SQL_PASSWORD =
  /\bpassword\s{1,8}(?:for\s[^=;]{1,100})?(?:=\s{0,8})?(?:password\s{0,4}\(\s{0,4})?(?=N?["'])/gi;
/** As libraries take a name and a password in one. */
const TUPLE =
  /\bauth\s{0,2}[=:]\s{0,2}(?:\w{0,24}\(|\[)\s{0,4}["'][^"'\n]{1,64}["']\s{0,4},\s{0,4}(?=["'])/gi;
/** host:port:database:user:password, a line of .pgpass. */
const PGPASS = /^[\w.*-]{1,128}:(?:\d{1,5}|\*):[\w.*-]{1,64}:[\w.*@-]{1,64}:(?=[^\s:]{4,128}$)/gm;
const BASIC = /\bbasic\s{1,4}(?=[A-Za-z0-9+/]{8,512}={0,2}(?![\w.]))/gi;

/** Oracle's thin driver names a user and a password before the host. */
const ORACLE = /\bjdbc:oracle:\w{2,8}:[\w$#]{1,64}\/(?=[^\s@/]{3,128}@)/gi;
/** As people tell one another: "the password of the staging box is …". */
const TOLD =
  /\b(?:password|passphrase|passcode|passwort|kennwort|contraseña|senha|mot de passe)\b[^.:=\n]{0,60}?\s(?:is|are|ist|lautet|es|é|est)\s{1,4}["'`]?(?=[^\s"'`]{6,64})/giu;

const HINT =
  /(?<!\S)-[\w-]|jdbc:oracle|kennwort|passwort|contrase|senha|mot de passe|pass|identified|insert|net\s|auth\b|\bbasic\s|--with-token/i;
const WHY = 'password of a command';

/** Passwords that a command, a statement or a file takes at a place instead of by a name. */
export function placedSecrets(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  if (HINT.test(text)) {
    for (const match of text.matchAll(PROGRAM)) optionsOf(text, match, found);
    for (const match of text.matchAll(USER_AND_PASSWORD)) take(text, match, found, { why: 'credential' });
    for (const pattern of [TO_STDIN, CHPASSWD])
      for (const match of text.matchAll(pattern)) take(text, match, found, { why: WHY, as: 'likely' });
    for (const match of text.matchAll(IDENTIFIED)) take(text, match, found, { why: 'password', as: 'named' });
    for (const match of text.matchAll(SQL_PASSWORD))
      take(text, match, found, { why: 'password', as: 'named' });
    for (const match of text.matchAll(TUPLE)) take(text, match, found, { why: 'credential', as: 'likely' });
    for (const { index, 0: before } of text.matchAll(ORACLE)) {
      const start = index + before.length;
      found.push({ start, end: text.indexOf('@', start), why: 'password' });
    }
    for (const match of text.matchAll(TOLD)) take(text, match, found, { why: 'password', as: 'likely' });
    found.push(...insertedSecrets(text));
    for (const match of text.matchAll(BASIC)) basic(text, match, found);
  }
  if (text.includes(':'))
    for (const match of text.matchAll(PGPASS)) take(text, match, found, { why: 'password', as: 'likely' });
  return found;
}

function optionsOf(text: string, program: RegExpExecArray, found: TextSpan[]): void {
  const from = program.index + program[0].length;
  const rest = text.slice(from, from + LONGEST);
  const line = ONE_COMMAND.exec(rest)?.[0] ?? '';
  for (const { named, before, login, cookies } of EACH) {
    if (!named.test(program[1] ?? '')) continue;
    for (const match of line.matchAll(before)) {
      const at = from + match.index + match[0].length;
      const kind = cookies === true ? 'secret' : 'text';
      const value = valueAt(text, at, { kind });
      if (value === undefined) continue;
      const said = text.slice(value.start, value.end);
      if (isComputed(said) || said.length < 3 || isPlace(said) || (login && /^\d+$/.test(said))) continue;
      found.push({
        start: value.start,
        end: value.end,
        why: cookies ? 'cookie' : login ? 'credential' : WHY,
      });
    }
  }
}

/** What a shell puts in its place is none. */
const isComputed = (said: string): boolean => /^\$[A-Za-z_{(]|^%\w+%$|^<|\$\(/.test(said);

/** `likely`: words stand in such a place too, so only what looks like a password is taken; `named`: in quotes anything is. */
interface Taken {
  why: string;
  as?: 'likely' | 'named';
}

function take(text: string, match: RegExpExecArray, found: TextSpan[], { why, as }: Taken): void {
  const value = valueAt(text, match.index + match[0].length, { kind: 'text' });
  if (value === undefined) return;
  const said = text.slice(value.start, value.end);
  if (isComputed(said) || isPlace(said) || /^.{0,2}$|\s/.test(said)) return;
  if (as === undefined && /^\d+$/.test(said)) return;
  if ((as === 'likely' || (as === 'named' && !value.quoted)) && !looksLikePassword(said)) return;
  found.push({ start: value.start, end: value.end, why });
}

/** HTTP's Basic (RFC 7617): it decodes to a name and a password, whatever word "basic" else begins. */
function basic(text: string, match: RegExpExecArray, found: TextSpan[]): void {
  const at = match.index + match[0].length;
  const word = /[A-Za-z0-9+/]{8,512}={0,2}/y;
  word.lastIndex = at;
  const said = word.exec(text)?.[0] ?? '';
  const login = String.fromCharCode(...(base64Bytes(said) ?? []));
  if (/^[^:\n]{1,128}:[^\n]{1,256}$/.test(login))
    found.push({ start: at, end: at + said.length, why: 'credential' });
}
