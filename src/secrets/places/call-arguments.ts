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
  /** What the function is one of, where its own name says little: `bcrypt.hash`. Ends at the function's name. */
  of?: RegExp;
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
  // Of a tenant, an application, with what.
  { call: /^(?:ClientSecretCredential|ServicePrincipalCredentials?)$/, at: 2, least: 3, sure: true },
  // Who and with what.
  {
    call: /^(?:NetworkCredential|UsernamePasswordCredentials|PasswordAuthentication|UsernamePasswordCredential|HTTPBasicAuth|HTTPDigestAuth|HTTPProxyAuth|BasicAuth|SetBasicAuth|basic_auth|basicAuth|UserPassword|oci_connect|PlainTextAuthProvider|PasswordAuthenticator|setHttpAuth|authenticateAsync|CURLOPT_USERPWD|UsernamePasswordAuthenticationToken|BasicAuthentication|BasicAWSCredentials|AwsBasicCredentials|StaticCredentials|BasicAuthCredentials|DigestAuthCredentials|BasicCredentials|PasswordCredential|UserPassCredentials|UserPasswordCredential|AzureNamedKeyCredential|StorageSharedKeyCredential|BasicSessionCredentials)$/,
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
  { call: /^(?:basic)$/, of: /Credentials\.$/, at: 1, least: 2, sure: true },
  // With what alone.
  {
    call: /^(?:setPassword|set_password|withPassword|usePassword|setPassphrase|requirePass|AzureKeyCredential|ApiKeyCredential|SetAuthToken|setAccessToken|setApiKey)$/,
    at: 0,
    least: 1,
    sure: true,
  },
  {
    call: /^(?:auth|AUTH|password|passwd|check_password|crypt|unlock|decrypt)$/,
    at: 0,
    least: 1,
  },
  // What is hashed to be compared with later.
  {
    call: /^(?:hash|hashSync|hash_raw|hashpw|checkpw|compare|compareSync|verify|create|make|check|GenerateFromPassword|scrypt|encode)$/,
    of: /(?:bcrypt(?:js)?|BCrypt|argon2|Argon2|scrypt|Hash::|BCrypt::Password|pwd_?[cC]ontext|[pP]asswordEncoder(?:\(\))?|[hH]asher(?:\(\))?)(?:\.|::|->)?$/,
    at: 0,
    least: 1,
    sure: true,
  },
  {
    call: /^(?:password_hash|password_verify|generate_password_hash|make_password|hash_password|hashPassword|encrypt_password|pbkdf2Sync|scryptSync)$/,
    at: 0,
    least: 1,
    sure: true,
  },
  { call: /^(?:check_password_hash|pbkdf2_hmac)$/, at: 1, least: 2, sure: true },
  { call: /^verify$/, of: /(?:argon2|Argon2|\bph|[hH]asher)\.$/, at: 1, least: 2, sure: true },
  // Signing and encrypting.
  {
    call: /^(?:createHmac|createCipheriv|createDecipheriv|createCipher|HMAC|hmac_sha256|AES_ENCRYPT|AES_DECRYPT|aes_encrypt|aes_decrypt|pgp_sym_encrypt|pgp_sym_decrypt)$/,
    at: 1,
    least: 2,
    sure: true,
  },
  { call: /^(?:hash_hmac|openssl_encrypt|openssl_decrypt)$/, at: 2, least: 3, sure: true },
  { call: /^(?:new|digest)$/, of: /\bhmac\.$/, at: 0, least: 1, sure: true },
  { call: /^(?:New|hexdigest|digest|new)$/, of: /\b(?:hmac|HMAC)\.$/, at: 1, least: 2, sure: true },
  {
    call: /^(?:sign|verify|encode|decode|signAsync|verifyAsync)$/,
    of: /(?:jwt|JWT|Jwt|jsonwebtoken|jose|JWTService|[jJ]wtService)(?:\.|::|->)$/,
    at: 1,
    least: 2,
    sure: true,
  },
  {
    call: /^(?:encrypt|decrypt|HmacSHA\d{1,3}|HmacMD5)$/,
    of: /(?:CryptoJS\.(?:AES|DES|TripleDES|Rabbit|RC4)\.|CryptoJS\.)$/,
    at: 1,
    least: 2,
    sure: true,
  },
  {
    call: /^(?:sign|verify|encode|decode|encrypt|decrypt|crypt|pgp_sym_\w+|signAsync|verifyAsync)$/,
    at: 1,
    least: 2,
  },
  { call: /^(?:SecretKeySpec|HMACSHA\d{1,3}|SymmetricSecurityKey|Fernet)$/, at: 0, least: 1, sure: true },
  {
    call: /^(?:session_secret|cookieParser|secretOrKey|setSigningKey|signWith)$/,
    at: 0,
    least: 1,
  },
];

const LONGEST_NAME = 41;
const ARGUMENT =
  /\s{0,40}(?:(?:@|N|L|b|r|u8?|f|new\s)?(["'`])((?:[^"'`\\\n]|\\[^\n]|(?!\1)["'`]){0,300})\1|\{[^{}\n]{0,160}\}|\[[^[\]\n]{0,160}\]|[^,()"'`{}[\]\n]{0,120}(?:(?:\([^()\n]{0,120}\)|\[[^()[\]\n]{0,40}\])[^,()"'`\n]{0,40})?)\s{0,40}([,)])/y;
/** A text within what makes bytes, an option or a secret of it: `Buffer.from('…', 'hex')`, `Some("…")`, `"…".getBytes()`. */
const WRAPPED =
  /\s{0,40}(?:new\s)?(?:(?:Buffer\.from|Some|String::from|Secret(?:String|Str)?(?:::new|::from)?|bytes\.fromhex|hex::decode|(?:base64\.)?b64decode|\[\]byte|Encoding\.\w{4,7}\.GetBytes|Convert\.FromBase64String|bytes|bytearray|TextEncoder\(\)\.encode|utf8\.encode|atob|hexToBytes|CryptoJS\.enc\.\w{3,9}\.parse|createSecretKey)\(\s{0,4}b?(["'`])((?:[^"'`\\\n]|\\[^\n]|(?!\1)["'`]){0,300})\1(?:\s{0,4},\s{0,4}["']?[\w-]{1,12}["']?)?\s{0,4}\)|(?:b|u8?)?(["'])((?:[^"'\\\n]|\\[^\n]|(?!\3)["']){0,300})\3(?:\.(?:encode|getBytes|toCharArray|to_string|to_owned|into|as_bytes|toByteArray|bytes|data|utf8)(?:\([^()\n]{0,40}\))?))\s{0,40}([,)])/y;
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
    WRAPPED.lastIndex = at;
    ARGUMENT.lastIndex = at;
    const wrapped = WRAPPED.exec(text);
    const match = wrapped ?? ARGUMENT.exec(text);
    if (match === null) break;
    const quote = match[1] ?? (wrapped === null ? undefined : match[3]);
    const said = quote === undefined ? undefined : (match[2] ?? match[4] ?? '');
    found.push({ start: said === undefined ? at : text.indexOf(quote ?? '', at) + 1, said });
    at += match[0].length;
    if (match[0].endsWith(')')) break;
  }
  return found;
}

/** Who logs in: an address of mail. */
const LOGIN = /^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}$/;
const WORDS_ONLY = /^[a-z]+(?:[-_ :/.][a-z]+)*$/i;

/** Several words: a passphrase, where nothing else stands. */
const PHRASE = /^[^\s%{}<>]+(?: [^\s%{}<>]+){1,7}$/;

function isTaken(said: string, sure: boolean): boolean {
  const bare = said.replace(/^\{\w{1,12}\}/, '');
  if (bare.length < 4 || /^\$|\$\{|\{\w*\}|^%|:\/\//.test(bare) || isNoSecret(bare)) return false;
  if (/\s/.test(bare)) return sure && PHRASE.test(bare);
  if (sure) return !/^(?:utf-?8|localhost|\d+|null|none)$/i.test(bare);
  return looksMadeUp(bare) && !WORDS_ONLY.test(bare);
}

/** By what functions were called; a text may name many, so few are kept. */
const KEPT = 2_000;
const kept = new Map<string, readonly Taking[]>();

function takingsOf(name: string): readonly Taking[] {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const takings = TAKINGS.filter(({ call }) => call.test(name));
  if (kept.size >= KEPT) kept.clear();
  kept.set(name, takings);
  return takings;
}

const isLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x5f;

/** Where the name of what is called at a bracket begins and ends; undefined: nothing is called there. */
function nameBefore(text: string, bracket: number): { start: number; end: number } | undefined {
  const end = /\s/.test(text[bracket - 1] ?? '') ? bracket - 1 : bracket;
  let start = end;
  while (start > 0 && end - start <= LONGEST_NAME && isLetter(text.charCodeAt(start - 1))) start -= 1;
  const length = end - start;
  return length < 2 || length > LONGEST_NAME || text[start - 1] === '$' ? undefined : { start, end };
}

/** So much before a name tells what it is a function of. */
const REACH = 40;

/** Passwords and keys that a call in source code is given at a place: `mysqli('host', 'user', '…')`. Linear. */
export function givenToCalls(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  let calls = 0;
  for (let at = text.indexOf('('); at !== -1 && calls <= MOST_CALLS; at = text.indexOf('(', at + 1)) {
    const name = nameBefore(text, at);
    const takings = name === undefined ? [] : takingsOf(text.slice(name.start, name.end));
    if (name === undefined || takings.length === 0) continue;
    calls += 1;
    const before = text.slice(Math.max(0, name.start - REACH), name.start);
    taken(
      text,
      at + 1,
      takings.filter(({ of }) => of === undefined || of.test(before)),
      found,
    );
  }
  return found;
}

function taken(text: string, from: number, takings: readonly Taking[], found: TextSpan[]): void {
  const given = takings.length === 0 ? [] : argumentsAt(text, from);
  const mail = given.findIndex(({ said }) => LOGIN.test(said ?? ''));
  for (const { at: usual, least, sure } of takings) {
    const at = usual === 1 && mail > 0 ? mail + 1 : usual;
    const said = given[at]?.said;
    if (said === undefined || given.length < least || (at === 0 && sure !== true && given.length > 2))
      continue;
    const start = given[at]?.start ?? 0;
    const login = mail !== -1 && at === mail + 1;
    if (isTaken(said, sure === true || login))
      found.push({ start, end: start + said.length, why: 'password of a call' });
  }
}
