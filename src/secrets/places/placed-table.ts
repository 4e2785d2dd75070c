import type { Placed } from './placed.ts';

const WORD = '[^\\s"\'|]';

/** In commands, statements, files of settings and programs. */
export const IN_COMMANDS: readonly Placed[] = [
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
      `(?<![\\w-])(?:echo|printf)\\s{1,4}(?:-\\w{1,3}\\s{1,4}|["']?%s(?:\\\\n)?["']?\\s)?(?=["']?(${WORD}{4,256})["']?\\s{0,4}\\|[^|\\n]{0,160}(?:--?(?:password|pass|token|secret)-?(?:stdin|fd)|--with-token|\\bsudo\\b[^|\\n]{0,40} -S|\\b(?:passwd|cryptsetup|oathtool|kinit|openconnect|gpg|su|smbpasswd|pass insert)\\b|login[^|\\n]{0,80} -(?:\\s|$)|(?:secrets?|keyvault|kv)\\b[^|\\n]{0,40}\\b(?:create|add|put|set)\\b))`,
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
      /(?<![\w-])(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4}|["']?%s(?:\\n)?["']?\s{1,4})?(?=(["'])[^"'\n]{6,80}\1\s{0,4}\|\s{0,4}(?:sudo\s)?(?:(?:cryptsetup|gpg|openssl|veracrypt|kinit|openconnect|bw|rage|age|zfs|passwd|restic|borg|pass insert)\b|[^|\n"']{1,120}(?:--?(?:password|passphrase|pass|token|secret)-?(?:stdin|fd)|(?:secrets?|env)\s{1,2}(?:put|set|add|create)\b)))/g,
    why: 'password of a command',
    as: 'phrase',
  },
  // As a template fills it in: password={{ '…' | password_hash('sha512') }}.
  {
    hints: ['{{'],
    before: /\b\w{0,24}pass\w{0,12}\s?[=:]\s?["']?\{\{\s?(?=['"])/gi,
    why: 'password',
    as: 'any',
  },
  // A file that holds one secret: echo '…' > ~/.vault_pass
  {
    hints: ['echo', 'printf'],
    before:
      /(?<![\w-])(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4})?(?=(?:"[^"\n]{4,128}"|'[^'\n]{4,128}'|[^\s"']{4,128})\s{0,4}>{1,2}\s{0,4}[\w~./$-]{0,80}(?:pass|secret|token|[._-]key|cred|netrc))/g,
    why: 'password of a command',
    as: 'piped',
  },
  // UPDATE settings SET value = '…' WHERE name = 'mail_api_secret'
  {
    hints: ['where'],
    before:
      /\bvalue\s{0,4}=\s{0,4}(?=['"][^'"\n]{4,256}['"][^;]{0,200}?\bwhere\b[^;]{0,80}?(?:name|key)\s{0,4}=\s{0,4}['"]\w{0,40}(?:secret|passw|token|api_?key)\w{0,20}['"])/gi,
    why: 'secret of a setting',
    as: 'any',
  },
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
    before: /\bpassword\s{1,8}(?:for\s[^=;\n]{1,100})?(?:=\s{0,8})?(?:password\s{0,4}\(\s{0,4})?(?=N?["'])/gi,
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
      /\b(?:fill|type|enter|input)\b[^\n]{0,40}?(?:pass|password|passwd|passcode|pwd|pin)(?!\w)["'\])]{0,3}\s{1,2}(?:with|to|=|as)\s{1,2}(?=\S{4})/gi,
    why: 'password',
    as: 'any',
  },
  // DBPASS=$(echo '…' | base64 -d)
  {
    hints: ['=$('],
    before:
      /\w{0,24}(?:pass|pwd|secret|token|key)\w{0,12}=\$\(\s{0,2}(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4})?(?=["']?[\w+/=-]{8})/gi,
    why: 'password of a command',
    as: 'any',
  },
  {
    hints: ['rootpw'],
    before: /\brootpw\s{1,4}(?:--\w{1,16}\s{1,4}){0,3}(?=[^\s-])/g,
    why: 'password',
    as: 'any',
  },
  // What a file of SQLite is encrypted with.
  {
    hints: ['pragma'],
    before: /\bPRAGMA\s{1,4}(?:re)?key\s{0,4}=\s{0,4}(?=["'])/gi,
    why: 'key',
    as: 'quoted',
  },
  // PgBouncer's list of users: "ada" "…", a line of it.
  {
    hints: ['userlist'],
    before: /^[ \t]{0,16}"[\w.@-]{1,64}"[ \t]{1,4}(?="[^"\n]{4,128}"[ \t]*$)/gm,
    why: 'password',
    as: 'any',
  },
  // What WordPress mixes into its cookies.
  {
    hints: ['_salt', '_key'],
    before:
      /\bdefine\(\s{0,4}["'](?:(?:secure_)?auth|logged_in|nonce)_(?:key|salt)["']\s{0,4},\s{0,24}(?='[^'\n]{40,128}')/gi,
    why: 'secret',
    as: 'whole',
  },
  // What a program's tokens are signed with, below a name of theirs: "Jwt": { "Issuer": "x", "Key": "…" }.
  {
    hints: ['jwt', 'tokensettings', 'tokenoptions'],
    before:
      /["']?(?:\w{0,24}jwt\w{0,16}|token(?:settings|options))["']?\s{0,4}[:=]\s{0,4}\{[^{}]{0,300}?["']?(?:signing|security|issuersigning)?_?key["']?\s{0,4}[:=]\s{0,4}(?=["'][^"'\n]{8,256}["'])/gi,
    why: 'key',
    as: 'whole',
  },
  // A line of a device's configuration: "key 7 …".
  {
    hints: ['key', 'password', 'secret', 'psk'],
    before:
      /^\s{0,8}(?:key|password|secret|pre-shared-key|psk|passphrase)\s{1,2}(?:\d\s{1,2})?(?=["']?[^\s"']{8,128}["']?\s{0,4}$)/gm,
    why: 'password',
    as: 'strong',
  },
  // `-p` of whatever program, where nothing but a password looks so.
  {
    hints: [' -p '],
    before:
      /(?<!\S)-p\s{1,4}(?=["']?(?=[^\s"']{0,64}[a-z])(?=[^\s"']{0,64}[A-Z])(?=[^\s"']{0,64}\d)[A-Za-z0-9!@#%^&*_+]{10,64}["']?(?:\s|$))/g,
    why: 'password of a command',
    as: 'strong',
  },
];
