import { isNoSecret } from '../names/fits-kind.ts';
import { looksMadeUp } from '../shapes/password-shape.ts';
import type { TextSpan } from '../shapes/text-span.ts';

/**
 * What a function of a program takes at a place: `at` is the argument's, from nought; `least` as many are given.
 * `sure`: whatever stands there in quotes, for the function is called with nothing else.
 */
interface Taking {
  call: RegExp;
  at: number;
  least: number;
  sure?: true;
}

const TAKINGS: readonly Taking[] = [
  // Where, who, with what: DBI->connect, new mysqli, DriverManager.getConnection, new PDO, oci_connect's own order below.
  {
    call: /^(?:mysqli|mysqli_connect|mysql_connect|mysql_pconnect|getConnection|PDO|odbc_connect|ssh2_auth_password|ftp_login|imap_open)$/,
    at: 2,
    least: 3,
    sure: true,
  },
  {
    call: /^(?:connect|createConnection|open|newClient|NewClient|dbConnect|Connection|Database)$/,
    at: 2,
    least: 3,
  },
  { call: /^(?:PlainAuth)$/, at: 2, least: 3, sure: true },
  // With a handle before them: the libraries of C, directories.
  { call: /^mysql_real_connect$/, at: 3, least: 4, sure: true },
  { call: /^PQsetdbLogin$/, at: 6, least: 7, sure: true },
  {
    call: /^(?:libssh2_userauth_password|ssh_userauth_password|mosquitto_username_pw_set|ldap_simple_bind(?:_s)?|ldap_bind|LogonUser[AW]?|mysql_change_user)$/,
    at: 2,
    least: 3,
    sure: true,
  },
  // Tables of another database, as ClickHouse takes them: where, database, table, who, with what.
  { call: /^(?:postgresql|mysql|mongodb|remote|remoteSecure)$/, at: 4, least: 5, sure: true },
  { call: /^(?:s3|s3Cluster|gcs|oss|deltaLake|iceberg)$/, at: 2, least: 3 },
  // What codes of six digits are made from.
  { call: /^(?:TOTP|HOTP)$/, at: 0, least: 1, sure: true },
  // Who and with what.
  {
    call: /^(?:NetworkCredential|UsernamePasswordCredentials|PasswordAuthentication|UsernamePasswordCredential|HTTPBasicAuth|HTTPDigestAuth|HTTPProxyAuth|BasicAuth|SetBasicAuth|basic_auth|basicAuth|UserPassword|oci_connect|PlainTextAuthProvider|PasswordAuthenticator|setHttpAuth|authenticateAsync|CURLOPT_USERPWD|UsernamePasswordAuthenticationToken|BasicAuthentication|BasicAWSCredentials|AwsBasicCredentials|StaticCredentials)$/,
    at: 1,
    least: 2,
    sure: true,
  },
  { call: /^(?:begin|beginAP|softAP)$/, at: 1, least: 2 },
  {
    call: /^(?:login|logIn|log_in|signIn|sign_in|signInWithEmailAndPassword|authenticate|auth|setCredentials|create_user|createUser|set_credentials|username_pw_set|create_superuser|withBasicAuth)$/,
    at: 1,
    least: 2,
  },
  // With what alone.
  {
    call: /^(?:auth|AUTH|setPassword|set_password|password|passwd|withPassword|usePassword|check_password|requirePass|crypt|unlock|decrypt|setPassphrase)$/,
    at: 0,
    least: 1,
  },
  // Signing and encrypting.
  { call: /^(?:createHmac|createCipheriv|createDecipheriv|HMAC|hmac_sha256|hash_hmac)$/, at: 1, least: 2 },
  {
    call: /^(?:pgp_sym_encrypt|pgp_sym_decrypt|sign|verify|encode|decode|encrypt|decrypt|crypt|pgp_sym_\w+|signAsync|verifyAsync)$/,
    at: 1,
    least: 2,
  },
  {
    call: /^(?:Fernet|session_secret|cookieParser|secretOrKey|setSigningKey|signWith|SecretKeySpec|AES\.new)$/,
    at: 0,
    least: 1,
  },
];

const CALL = /(?<![\w$])([A-Za-z_]\w{1,40})\s?\(\s{0,20}/g;
/** A function's name that may be one of these: looked for behind brackets, which are fewer than letters. */
export const CALLED =
  /\((?<=(?:connect\w{0,40}|mysqli|pdo|auth\w{0,40}|login|log_in|sign\w{0,40}|verify|credentials?|hmac\w{0,40}|encode|decode|encrypt|decrypt|crypt|fernet|user\w{0,40}|password|passwd|set\w{0,40}|cookieParser|open|Client|Database|Connection|Keyspec|unlock|begin\w{0,40}|softAP|libssh2_\w{1,32}|mosquitto_\w{1,32}|ldap_\w{1,16}|PQsetdbLogin|LogonUserA?|LogonUserW|postgresql|mysql|mongodb|remote|s3|s3Cluster|gcs|oss|deltaLake|iceberg|TOTP|HOTP|mysql_change_user)\s?\()/i;
const ARGUMENT =
  /\s{0,40}(?:(?:@|N|L|b|r|u8?|f|new\s)?(["'`])((?:[^"'`\\\n]|\\[^\n]|(?!\1)["'`]){0,300})\1|\{[^{}\n]{0,160}\}|\[[^[\]\n]{0,160}\]|[^,()"'`{}[\]\n]{0,120}(?:\([^()\n]{0,120}\)[^,()"'`\n]{0,40})?)\s{0,40}([,)])/y;
const MOST_ARGUMENTS = 8;
const MOST_CALLS = 400;

interface Argument {
  start: number;
  /** Undefined for what is no text in quotes. */
  said: string | undefined;
}

function argumentsAt(text: string, from: number): Argument[] {
  const found: Argument[] = [];
  let at = from;
  while (found.length < MOST_ARGUMENTS) {
    ARGUMENT.lastIndex = at;
    const match = ARGUMENT.exec(text);
    if (match === null) break;
    const quote = match[1];
    const said = quote === undefined ? undefined : (match[2] ?? '');
    found.push({ start: said === undefined ? at : text.indexOf(quote ?? '', at) + 1, said });
    at = ARGUMENT.lastIndex;
    if (match[3] === ')') break;
  }
  return found;
}

/** Who logs in: an address of mail. */
const LOGIN = /^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}$/;
const WORDS_ONLY = /^[a-z]+(?:[-_ :/.][a-z]+)*$/i;

function isTaken(said: string, sure: boolean): boolean {
  const bare = said.replace(/^\{\w{1,12}\}/, '');
  if (bare.length < 4 || /\s|^\$|\$\{|\{\w*\}|^%|:\/\//.test(bare) || isNoSecret(bare)) return false;
  if (sure) return !/^(?:utf-?8|localhost|\d+|null|none)$/i.test(bare);
  return looksMadeUp(bare) && !WORDS_ONLY.test(bare);
}

/** Passwords and keys that a call in source code is given at a place: `mysqli('host', 'user', '…')`. Linear. */
export function givenToCalls(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  if (!CALLED.test(text)) return found;
  let calls = 0;
  for (const match of text.matchAll(CALL)) {
    const takings = TAKINGS.filter(({ call }) => call.test(match[1] ?? ''));
    if (takings.length === 0) continue;
    calls += 1;
    if (calls > MOST_CALLS) break;
    const given = argumentsAt(text, match.index + match[0].length);
    const mail = given.findIndex(({ said }) => LOGIN.test(said ?? ''));
    for (const { at: usual, least, sure } of takings) {
      const at = usual === 1 && mail > 0 ? mail + 1 : usual;
      const said = given[at]?.said;
      if (said === undefined || given.length < least || (at === 0 && given.length > 2)) continue;
      const start = given[at]?.start ?? 0;
      const login = mail !== -1 && at === mail + 1;
      if (isTaken(said, sure === true || login))
        found.push({ start, end: start + said.length, why: 'password of a call' });
    }
  }
  return found;
}
