import type { Placed } from './placed.ts';

const WHO =
  'admin|administrator|administrador|root|user|usuario|benutzer|login|guest|pi|sa|postgres|ubuntu|operator|oracle|deploy|test';

/** In sentences, and in what people and machines say to one another. */
export const IN_SENTENCES: readonly Placed[] = [
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
    hints: [
      'cred',
      'login',
      'log in',
      'account',
      'konto',
      'compte',
      'cuenta',
      'zugangs',
      'acceso',
      'identifiant',
      'accessi',
      'acesso',
    ],
    before:
      /\b(?:creds?|credentials?|logins?|log in|accounts?|konto|compte|cuenta|zugangsdaten|accesos?|identifiants?|accessi|acessos?)\b[^\n]{0,60}?[\w.+-]{1,64}@[\w.-]{1,64}["'`*]{0,3}\s{0,2}(?:\/|\||:|,| - )\s{1,2}[*]{0,2}(?=[^\s/]{6})/gi,
    why: 'credential',
    as: 'any',
  },
  // Who and with what, whatever the sentence says: "qa@acme.example / …".
  {
    hints: [],
    holds: '@',
    before:
      /@[\w-]{1,40}(?:\.[\w-]{1,40}){0,3}\.[a-z]{2,12}["'`*]{0,3}\s{1,2}[/|]\s{1,2}["'`*]{0,3}(?=[^\s"'`*]{6})/g,
    why: 'credential',
    as: 'strong',
  },
  // As Postman keeps what a request is sent with: "apikey": [{"key": "value", "value": "…"}].
  {
    hints: ['apikey'],
    before:
      /"apikey"\s{0,2}:\s{0,2}\[[^\]]{0,300}?"key"\s{0,2}:\s{0,2}"value"\s{0,2},\s{0,40}(?:"type"\s{0,2}:\s{0,2}"\w{1,12}"\s{0,2},\s{0,40})?"value"\s{0,2}:\s{0,2}(?=")/g,
    why: 'api key',
    as: 'quoted',
  },
  {
    hints: ['apikey'],
    before:
      /"apikey"\s{0,2}:\s{0,2}\[[^\]]{0,300}?"value"\s{0,2}:\s{0,2}(?="[^"\n]{4,256}"\s{0,2},\s{0,40}"key"\s{0,2}:\s{0,2}"value")/g,
    why: 'api key',
    as: 'quoted',
  },
  { hints: ['-hmac'], before: /\bdgst\b[^\n|;]{0,80}?\s-hmac\s{1,2}/g, why: 'key of a command', as: 'any' },
  // A network that a code is scanned for: WIFI:T:WPA;S:name;P:…;;
  { hints: ['wifi:'], before: /\bWIFI:[^\n]{0,120}?;P:(?=[^;\n])/g, why: 'password', as: 'any' },
  // "login: facility / …", "ada:…@tcp(host)", a list of chpasswd.
  {
    hints: ['login', 'cred', 'zugang', 'account', 'acceso', 'anmeld'],
    before:
      /\b(?:logins?|creds?|credentials?|zugang|account|acceso|anmeldung)\b[^\n:=]{0,30}[:=]\s{1,2}[\w.@+-]{2,64}\s{1,2}[/|]\s{1,2}(?=[^\s/]{5})/gi,
    why: 'credential',
    as: 'any',
  },
  {
    hints: ['@tcp(', '@unix(', '@udp('],
    before: /(?<![\w/])[\w.-]{1,32}:(?=[^\s@"'`/]{3,64}@(?:tcp|unix|udp)\()/g,
    why: 'password in an address',
    as: 'any',
    until: '@',
  },
  {
    hints: [],
    holds: '@',
    before:
      /(?<![\w/.:-])(?!(?:mailto|sip|xmpp|acct|git|npm|ssh|sftp|docker|image):)[\w.-]{2,32}:(?=[^\s@"'`/:]{6,64}@[\w-]{1,40}(?:\.[\w-]{1,40}){0,4}\.[a-z]{2,12}(?![\w.-]))/g,
    why: 'password in an address',
    as: 'likely',
    until: '@',
  },
  {
    hints: ['chpasswd'],
    before: /\bchpasswd:[^\0]{0,160}?\n\s{2,24}(?:- )?[\w.-]{1,32}:(?=\S{4,128}\s{0,4}(?:\n|$))/g,
    why: 'password',
    as: 'any',
  },
  // What is typed once: "Ihr Bestätigungscode … lautet 273962".
  {
    hints: ['code', 'kod', 'codice', 'código'],
    before:
      /\b(?:(?:best(?:ä|ae)tigungs|sicherheits|zugangs|freischalt|einmal|verifizierungs|anmelde)code|(?:verification|security|log-?in|sign-?in|one-?time|confirmation|access|auth\w{0,12}|2fa|sms|pairing|unlock|reset|activation) (?:code|passcode)|(?:code|código|codice|kod) (?:de |di |d['’])?(?:vérification|verificación|seguridad|sécurité|acceso|accès|confirmación|confirmation|verifica|sicurezza|accesso|weryfikacyjny|sms))\b[^\n\d]{0,80}?(?=\d{4,8}(?!\d)|\d{3} \d{3}(?!\d))/giu,
    why: 'code',
    as: 'digits',
  },
  {
    hints: [],
    before: /(?:验证码|驗證碼|認証コード|인증번호)[^\n\d]{0,20}(?=\d{4,8}(?!\d))/g,
    why: 'code',
    as: 'digits',
  },
  // Of a network, and of what is opened with it.
  {
    hints: ['wifi', 'wi-fi', 'wlan', 'network', 'ssid'],
    before:
      /\b(?:wi-?fi|wlan|network|ssid)\b[^\n]{0,60}?\b(?:password|pw|pass|passwort|clave|contraseña)\b[\s:]{1,3}(?:is )?["'`]?(?=[^\s"'`]{5})/gi,
    why: 'password',
    as: 'chosen',
  },
  {
    hints: ['with '],
    before:
      /\b(?:open|unlock|decrypt|unzip|encrypted|protected)\b[^\n]{0,40}?\bwith\s{1,2}["'`]?(?=[^\s"'`]{6})/gi,
    why: 'password',
    as: 'chosen',
  },
  {
    hints: ['wifi', 'wi-fi', 'wlan', 'wpa', 'router', 'netzwerk', 'network'],
    before:
      /\b(?:[Ww][Ii]-?[Ff][Ii]|[Ww](?:LAN|lan|PA[23]?|pa[23]?)|[Rr]outer|[Nn]etzwerk|[Nn]etwork)[- ]?(?:[Cc]ode|[Kk]ey|[Ss]chlüssel|[Kk]ennwort|schlüssel|schluessel|kennwort|clé|clave|chiave|nyckel|sleutel|nøkkel|klucz)(?!\w)[^:=\n]{0,40}[:=]\s{1,3}["'`*]{0,3}(?=[^\s"'`*]{8,64})(?=[^\s"'`*]{0,63}[^\s\p{Ll}"'`*])/gu,
    why: 'key of a network',
    as: 'chosen',
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
