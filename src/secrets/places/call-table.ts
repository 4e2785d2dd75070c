/**
 * What a function of a program takes at a place: `at` is the argument's, from nought; `least` as many are given.
 * `sure`: whatever stands there in quotes, for the function is called with nothing else.
 */
export interface Taking {
  call: RegExp;
  at: number;
  least: number;
  sure?: true;
  /** What the function is one of, where its own name says little: `bcrypt.hash`. Ends at the function's name. */
  of?: RegExp;
}

/** From the documentation of languages and libraries. */
export const TAKINGS: readonly Taking[] = [
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
    call: /^(?:setPassword|set_password|withPassword|with_password|usePassword|setPassphrase|requirePass|AzureKeyCredential|ApiKeyCredential|SetAuthToken|setAccessToken|setApiKey)$/,
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
  { call: /^(?:new|from)$/, of: /\bSecret(?:String|Str|Box)?::$/, at: 0, least: 1, sure: true },
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
