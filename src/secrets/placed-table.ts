/**
 * Where a password stands, without a name of its own before it. `as`: what is taken there. `any`: whatever is no
 * variable. `piped`: the same but for small letters alone, which could be a command. `phrase`: also several words in
 * quotes. `quoted`: in quotes anything, else what looks made up. `likely`: what looks made up; words stand there
 * too. `strong`: what nothing else looks like.
 */
export interface Placed {
  /** One of these is in every text that has such a place, in small letters of three and more; none: it is cheap. */
  hints: readonly string[];
  /** Its match ends where the value begins. Linear: bounded, no nested repetition. */
  before: RegExp;
  why: string;
  as: 'any' | 'piped' | 'quoted' | 'phrase' | 'likely' | 'strong';
}

const WORD = '[^\\s"\'|]';
const WHO =
  'admin|administrator|administrador|root|user|usuario|benutzer|login|guest|pi|sa|postgres|ubuntu|operator|oracle|deploy|test';

export const PLACES: readonly Placed[] = [
  // `-u ada:…`, whatever program takes it.
  {
    hints: ['-u ', '-u=', '--user'],
    before: /(?<!\S)(?:-u|--user)[ =]{1,4}["']?[^\s:"'/]{1,64}:(?=[^\s"'/:]{3})/g,
    why: 'credential',
    as: 'any',
  },
  // What a program reads instead of asking for it.
  {
    hints: ['echo', 'printf'],
    before: new RegExp(
      `(?<![\\w-])(?:echo|printf)\\s{1,4}(?:-\\w{1,3}\\s{1,4}|["']?%s(?:\\\\n)?["']?\\s)?(?=["']?(${WORD}{4,256})["']?\\s{0,4}\\|[^|\\n]{0,160}(?:--?(?:password|pass|token|secret)-?(?:stdin|fd)|--with-token|\\bsudo\\b[^|\\n]{0,40} -S|\\b(?:passwd|cryptsetup|kinit|openconnect|gpg|su|smbpasswd|pass insert)\\b|login[^|\\n]{0,80} -(?:\\s|$)|(?:secrets?|keyvault|kv)\\b[^|\\n]{0,40}\\b(?:create|add|put|set)\\b))`,
      'g',
    ),
    why: 'password of a command',
    as: 'piped',
  },
  {
    hints: ['<<<'],
    before: /<<<\s{0,2}(?=["']?[^\s"'|]{6,256}["']?\s{0,4}(?:\n|$))/g,
    why: 'password of a command',
    as: 'strong',
  },
  {
    hints: ['chpasswd'],
    before:
      /(?<![\w-])echo\s{1,4}["']?[\w.-]{1,64}:(?=([^\s"'|]{4,256})["']?\s{0,4}\|[^|\n]{0,40}\bchpasswd\b)/g,
    why: 'password of a command',
    as: 'any',
  },
  {
    hints: ['echo', 'printf'],
    before:
      /(?<![\w-])(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4})?(?=(["'])[^"'\n]{6,80}\1\s{0,4}\|\s{0,4}(?:sudo\s)?(?:cryptsetup|gpg|openssl)\b)/g,
    why: 'password of a command',
    as: 'phrase',
  },
  // What mail and file servers are told: AUTH LOGIN in base64, LOGIN "user" "…", PASS ….
  {
    hints: ['334 '],
    before: /\b334 [\w+/=]{0,24}\s{1,4}(?:[CS]:\s{0,2}|[<>]\s{0,2})?(?=[A-Za-z0-9+/]{6,200}={0,2}(?:\s|$))/g,
    why: 'credential',
    as: 'any',
  },
  { hints: ['auth plain'], before: /\bAUTH PLAIN\s{1,2}(?=[A-Za-z0-9+/]{8})/g, why: 'credential', as: 'any' },
  {
    hints: ['login '],
    before: /\bLOGIN\s{1,2}"?[^\s"]{1,64}"?\s{1,2}(?=["']?[^\s"']{4})/g,
    why: 'credential',
    as: 'quoted',
  },
  {
    hints: ['pass '],
    before: /^(?:[CS]:\s{0,2}|-{0,4}[<>]\s{0,2})?PASS\s{1,2}(?=\S{4,128}\s{0,2}$)/gm,
    why: 'credential',
    as: 'any',
  },
  // As a template fills it in: password={{ '…' | password_hash('sha512') }}.
  {
    hints: ['{{'],
    before: /\b\w{0,24}pass\w{0,12}\s?[=:]\s?["']?\{\{\s?(?=['"])/gi,
    why: 'password',
    as: 'any',
  },
  // A passphrase of several words in quotes.
  {
    hints: ['pass'],
    before:
      /\bpass(?:phrase|word|code)\b[^"“\n]{0,60}?(?:\b(?:is|now|to|was)|:)\s{1,2}(?=["“`][^"”`\n]{6,60}["”`])/gi,
    why: 'password',
    as: 'phrase',
  },
  {
    hints: ['combination'],
    before: /\bcombination\b[^\n\d]{0,40}?(?=\d{1,2}-\d{1,2}-\d{1,2}(?!\d))/gi,
    why: 'code',
    as: 'any',
  },
  // "creds for the demo: demo@acme.io / …"
  {
    hints: ['cred', 'login', 'log in', 'zugangs', 'acceso', 'identifiant', 'accessi', 'acesso'],
    before:
      /\b(?:creds?|credentials?|logins?|log in|zugangsdaten|accesos?|identifiants?|accessi|acessos?)\b[^\n]{0,60}?[\w.+-]{1,64}@[\w.-]{1,64}\s{0,2}(?:\/|\||:|,| - )\s{1,2}(?=[^\s/]{6})/gi,
    why: 'credential',
    as: 'any',
  },
  { hints: ['-hmac'], before: /\bdgst\b[^\n|;]{0,80}?\s-hmac\s{1,2}/g, why: 'key of a command', as: 'any' },
  // expect "assword:" { send "…\r" }
  {
    hints: ['assword'],
    before: /assword[^\n]{0,40}\bsend(?:line)?(?:\s{1,2}--)?[\s(]{0,3}\\?(?=["'])/g,
    why: 'password of a command',
    as: 'quoted',
  },
  // Standard SQL names a password so, and dialects by words between.
  {
    hints: ['identified'],
    before:
      /\bidentified\s{1,8}(?:with\s{1,8}["'`]?\w{1,64}["'`]?\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?(?=["'\w])/gi,
    why: 'password',
    as: 'quoted',
  },
  {
    hints: ['password'],
    before: /\bpassword\s{1,8}(?:for\s[^=;]{1,100})?(?:=\s{0,8})?(?:password\s{0,4}\(\s{0,4})?(?=N?["'])/gi,
    why: 'password',
    as: 'quoted',
  },
  {
    hints: ['setuser'],
    before: /\bacl\s{1,4}setuser\s{1,4}[^\n]{1,80}?\s[><](?=\S)/gi,
    why: 'password',
    as: 'any',
  },
  {
    hints: ['securestring'],
    before: /\bConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?(?=["'])/gi,
    why: 'password',
    as: 'any',
  },
  // As libraries take a name and a password in one.
  {
    hints: ['auth'],
    before: /\bauth\s{0,2}[=:]\s{0,2}(?:\w{0,24}\(|\[)\s{0,4}["'][^"'\n]{1,64}["']\s{0,4},\s{0,4}(?=["'])/gi,
    why: 'credential',
    as: 'likely',
  },
  // Routers and switches: "enable secret 5 …", "snmp-server community … RW".
  {
    hints: ['enable', 'snmp', 'neighbor', 'tacacs', 'radius', 'isakmp', 'username', 'wpa-psk', 'key-string'],
    before:
      /^[ \t]{0,8}(?:enable|username|snmp-server|neighbor|tacacs-server|radius-server|tacacs|radius|crypto|isakmp|ppp|ntp|ip|set|key|line|standby|vrrp|wpa-psk)\b[^\n]{0,80}?\b(?:secret|password|community|key|key-string|authentication-key|pre-shared-key|ascii-text|md5|wpa-psk ascii)\s{1,2}(?:\d\s{1,2})?(?=["']?[^\s"']{5})/gim,
    why: 'password',
    as: 'likely',
  },
  // What Terraform keeps in its state of a password that it made.
  {
    hints: ['random_password'],
    before: /"random_password"[^\0]{0,600}?"(?:result|bcrypt_hash)"\s{0,4}:\s{0,4}(?=")/g,
    why: 'password',
    as: 'quoted',
  },
  // A network that a code is scanned for: WIFI:T:WPA;S:name;P:…;;
  { hints: ['wifi:'], before: /\bWIFI:[^\n]{0,120}?;P:(?=[^;\n])/g, why: 'password', as: 'any' },
  // A user of SNMP, a client of Twilio, an account of a chain.
  {
    hints: ['createuser'],
    before: /\bcreateUser\s{1,4}\S{1,64}\s{1,4}(?:MD5|SHA[\w-]{0,4})\s{1,4}(?=["']?\S{8})/g,
    why: 'password',
    as: 'any',
  },
  {
    hints: [],
    before: /\bAC[0-9a-f]{32}["']\s{0,4},\s{0,4}(?=["'][0-9a-f]{32}["'])/g,
    why: 'auth token',
    as: 'any',
  },
  {
    hints: ['account', 'private key'],
    before:
      /(?:\baccounts?["']?\s{0,2}[:=]\s{0,2}\[\s{0,8}|private key[^\n]{0,20}?)(?=["']?(?:0x)?[0-9a-f]{64}\b)/gi,
    why: 'private key',
    as: 'any',
  },
  // Steps of a browser: "fill #pass with …".
  {
    hints: ['fill ', 'type ', 'enter ', 'input '],
    before:
      /\b(?:fill|type|enter|input)\b[^\n]{0,40}?(?:pass\w{0,12}|pwd|pin)["'\])]{0,3}\s{1,2}(?:with|to|=|as)\s{1,2}(?=\S{4})/gi,
    why: 'password',
    as: 'any',
  },
  // As people tell one another: "the password of the staging box is …", "router: admin / …".
  {
    hints: ['pass', 'kennwort', 'contrase', 'senha', 'wifi', 'wi-fi', 'wlan', 'vpn'],
    before:
      /\b(?:password|passphrase|passcode|passwort|kennwort|contraseña|senha|mot de passe|(?:code|clé|clave|chiave|key) (?:du |de la |del )?(?:wi-?fi|wlan|vpn)|(?:wi-?fi|wlan|vpn)[- ](?:code|key|schlüssel))\b[^.:=\n]{0,60}?\s(?:is|are|ist|lautet|es|é|è|est)\s{1,4}["'`]?(?=[^\s"'`]{6,64})/giu,
    why: 'password',
    as: 'likely',
  },
  {
    hints: ['admin', 'root', 'user', 'usuario', 'login', 'guest', 'postgres', 'ubuntu', ' sa ', ' pi '],
    before: new RegExp(
      `\\b(?:${WHO})\\b["'\`*]{0,3}\\s{0,2}(?:\\/|\\||:|,| - )\\s{0,2}["'\`*]{0,3}(?!\\w{1,8}:)(?=[^\\s"'\`*])`,
      'gi',
    ),
    why: 'password',
    as: 'strong',
  },
];
