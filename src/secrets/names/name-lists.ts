/** Words of a list that is written as one text. */
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Letters that Unicode takes for whole ones. */
const UNDIVIDED: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ı: 'i', ß: 'ss' };

/** As names are compared: without accents, in small letters, in one width. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøđıß]/g, (letter) => UNDIVIDED[letter] ?? letter);
}

/** Words, or words without what parts them (`mot_de_passe`), that name a secret at the end of a name. */
export const SECRETS = new Set(
  words(`
    password passwords passwd passwds passwort passworter passphrase pwd pswd pword passw passwrd paswd psswd securityanswer secretanswer stringdata clientkeydata privatekeydata secret secrets credential credentials creds
    authorization cookie cookies setcookie apikey apikeys otp totp hotp cvv cvc cvv2 bearer psk
    mnemonic seedphrase seedwords recoveryphrase recoverywords backupphrase walletphrase secretphrase
    kennwort kennworter geheimnis geheim geheimschlussel schluesselgeheim losungswort zugangskennwort
    mdp motdepasse motsdepasse contrasena contrasenas contrasenya clavesecreta clavedeacceso clavepersonal
    senha senhas palavrapasse palavrachave segredo parola parole parolachiave chiavesegreta segreto segreta secreto secreta secrete secretes segreta
    wachtwoord wachtwoorden losenord adgangskode passord kodeord salasana jelszo sifre haslo hasla heslo hesla
    geslo lozinka zaporka parool slaptazodis fjalekalim pasahitza lykilord katasandi sandi matkhau
    пароль пароля пароли парола лозинка секрет 密码 密碼 密钥 密鑰 秘钥 秘密鍵 シークレット 비밀키 시크릿 口令 パスワード 暗証番号 비밀번호 암호 패스워드
    סיסמה סיסמא كلمةالمرور كلمهالمرور كلمةالسر κωδικος κωδικοσ συνθηματικο रहस्य पासवर्ड รหัสผ่าน
  `).map(plainLetters),
);

/** The same where they end a longer word: `rootpassword`, `clientsecret`. */
export const ENDINGS: readonly string[] = [...SECRETS].filter(
  (word) => word.length >= 6 || /[^a-z0-9]/.test(word),
);

/** Before `pass` and `pwd` in one word: other words that end so are none (`bypass`, `compass`). */
export const BEFORE_PASS = new Set(
  words(
    'db user usr root require master bind my admin mysql pg sql smtp mail email ftp sftp ssh sudo login store key trust wifi http proxy ldap redis ssl imap rdp vpn app api sys sshp ssh old new',
  ),
);

/** What may follow without changing what is named: `password_confirmation`, `secretValue`, `password_db`. */
export const FOLLOWERS = new Set(
  words(`value string text plain plaintext confirm confirmation again repeat repeated hash new old current base64 b64
    field input box textbox feld champ campo db database user root admin prod production dev test staging live main
    utente usuario бд base`),
);

/** `token` and `key` are ordinary words; these before them make a secret. */
export const OF_TOKEN = new Set(
  words(
    'access auth api refresh bearer session bot user personal oauth oauth2 security secret private github gitlab slack npm deploy id csrf xsrf jwt service device registry webhook app',
  ),
);
export const OF_KEY = new Set(
  words(
    'api access secret private encryption decryption signing auth master account subscription ssh service hmac jwt cipher setup enrollment enrolment join aes shared app webhook rsa license licence wifi wpa product activation internal maps mapbox openweather openai anthropic gemini deepl sendgrid twilio mailgun mailchimp',
  ),
);
/** These before `token` name a place in a list, or part of a language or a look. */
export const NOT_A_TOKEN = new Set(
  words(
    'page select expect expected unexpected consume peek match lex current lookahead keyword next previous prev continuation pagination cursor sync start resume max min count limit change progress cancellation design color css theme style stop pad mask eos bos unk',
  ),
);
/** These before `key` name what is found by it. */
export const NOT_A_KEY = new Set(
  words(
    'public recv keyserver refresh trusted public-key primary foreign sort partition cache object s3 file row idempotency dedupe map query i18n translation shortcut hot issue project lookup image video media index group record document item page route react list space verify verification column field range hash dict json sorting partitionkey host property event state',
  ),
);
/** Before `code`: what is typed once to get in. */
export const OF_CODE = new Set(
  words(
    'verification security auth authentication access mfa 2fa fa otp sms recovery backup reset unlock onetime time login guard steam confirmation activation user pairing pair token box locker keybox lockbox entry entrance door gate alarm safe pin',
  ),
);
/** Names of numbers on a card. */
export const CARDS = new Set(
  words('cardnumber creditcard creditcardnumber ccnumber cardno debitcard ccnum cardnum pan'),
);
export const SESSIONS = new Set(words('sid sessid phpsessid jsessionid sessionid aspsessionid connectsid'));

/**
 * Last words of names of what identifies and does not open, or holds a file's bytes: random letters in them are
 * ordinary.
 */
export const IDENTIFIERS = new Set(
  words(`
    id ids uid gid pid oid kid jid uuid guid hash sha sha1 sha256 sha512 md5 digest checksum etag ref refs cursor token
    revision rev version commit commits tree treeish blob image images thumbnail data content contents base64 bytes
    doc docs document documents file files folder folders parent parents child children page pages block blocks
    database databases spreadsheet spreadsheets sheet sheets object objects build builds trace span run runs job jobs
    task tasks issue issues ticket thread threads event events record records table tables base bases view views item items
    node nodes user users account accounts customer customers channel channels team teams project projects workspace
    board boards card cards list lists tag tags branch head tail from to before after since until
    integrity fingerprint fingerprints nonce address addresses tx txhash transaction transactions cid
    cert certs certificate certificates chain public pub pem path paths url urls uri uris href link links src source filename
    marker continuation offset position selector element locator query q search filter xpath video track playlist album artist
    contract wallet container containers pod resource resources arn price product subscription intent invoice order orders
    payment charge meeting assistant conversation session slug handle reference references match
    traceparent state snapshot volume instance instances vpc subnet group groups org organization company contact
    contacts deal lead campaign form survey response responses asset assets media attachment attachments layer frame
    artifact package packages lockfile deployment environment region zone cluster service endpoint host domain
    crs model dataset sub jti aud azp iss collection index bucket key keys signature sig mappings sourcemap patch diff
  `),
);

/** A key in other languages: of a house, of a table, or a secret, which its value tells. */
export const FOREIGN_KEYS = new Set(
  words(
    'clave claves llave chiave cle schlussel schluessel sleutel nyckel nokkel nogle avain kulcs klucz klic anahtar ключ κλειδι キー 키',
  ).map(plainLetters),
);
/** What parts what is named from what it is for: `senha_do_banco`, `password_for_db`. */
export const PREPOSITIONS = new Set(
  words('for of to do da de del della di der des du la le na dla для от fur fuer voor van'),
);

/** Last words of names of what is said about a password: `password_hint`, `passwordPolicy`. */
export const ABOUT = new Set(
  words(`hint hints policy policies length len min max reset expiry expires expiration name names id ids file path url uri type kind count
    required enabled disabled label store manager ref refs arn rotation days age at date version strategy provider algorithm rule rules
    regex pattern score strength error errors message prompt title selector column table header domain options option config
    settings ttl limit limits budget format encoder hasher hashers validator validators status state mode method page form link
    protected protection visible placeholder attempts history key keys token tokens test tests location scope`),
);
