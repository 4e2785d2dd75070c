/** One of these is in every name of a secret; the letters around it make the name. In small letters. */
const STEMS =
  'pass pwd pswd secret token key auth cookie cred otp cvc cvv pin dsn connection bearer psk sid sess mnemonic phrase seed credit debit cardn card_n card-n pword paswd psswd pat pan answer stringdata seed words llave chiave schlus schlues sleutel nyckel klucz anahtar basic ccn usercode 验证 驗證 認証 인증 code signature appid puk kennw geheim losungs mdp motde motsde mot_de mot-de contrase clave senha segred segret parol chiave wachtw senord adgang kodeord salas jelsz ifre hasł hasl hesl geslo lozink zapork slapta fjal pasahi lykil sandi ật_kh ật kh ậtkh at_kh atkh matkhau jeton парол лозин секрет ключ κλειδ 秘 シーク キー 시크 密 口令 パス 暗証 비밀 암호 패스 סיסמ كلمة المرور κωδ συνθ रहस्य पासव รหัส'.split(
    ' ',
  );
/** Two letters are no stem but at the end of a name. */
const ENDED = ['pw:', 'pw=', 'pw ', 'pw"', "pw'"];
const ASCII = [...ENDED, ...STEMS].filter((stem) => /^[ -~]{3}/.test(stem));
const AT = new RegExp(
  [...ENDED, 'card n', ...STEMS].map((stem) => stem.replace(/-/g, '\\-')).join('|'),
  'iy',
);

/** What else shows that a text may hold a secret at a place of its own: see placed-table.ts and call-arguments.ts. */
const PLACES =
  'identified,net use,basic ,sig=,hooks,Private-Lines,sudo,assword,setuser,WIFI:,community,SecureString,<<<,admin,root,mysqli,connect(,login,getconn,sqlplus,impdp,expdp,rabbitmq,alias set,from-literal,/rp ,wpa,net user,authtoken,PASS ,334 ,begin(,combination,cryptsetup,recovery,wallet,backup,createUser,fill ,accounts,scode,lcode,tcode,snmp,rdp ,rootpw,@tcp(,=$(,wi-fi,wlan,unlock,-p ,mysql(,ostgresql(,mongodb(,remote(,emoteSecure(,real_connect(,oathtool,TOTP(,LogonUser,userauth,username_pw,_bind(,PDO(,hmac,bcrypt,scrypt,argon2,h::make(,h::check(,cipher,CryptoJS,AES_,ssl_encr,ssl_decr,jwt,userlist,bw unlock,_SALT,pragma key,pragma rekey,ph.verify,cloudflared,netbird,k3s,zerotier'.split(
    ',',
  );
const PLACE = new RegExp(PLACES.map((place) => place.replace(/[(/]/g, '\\$&')).join('|'), 'iy');

/** By the low five bits of three letters: whether a stem (1) or a place (2) may begin with them. In either case of letters. */
const FIRST = new Uint8Array(1 << 15);
for (const [kind, list] of [
  [1, ASCII],
  [2, PLACES],
] as const)
  for (const stem of list) {
    const [one, two, three] = [0, 1, 2].map((at) => stem.charCodeAt(at) & 31) as [number, number, number];
    FIRST[(one << 10) | (two << 5) | three]! |= kind;
  }
const OTHERS = new Set(
  STEMS.filter((stem) => !ASCII.includes(stem)).flatMap((stem) => [
    stem.charCodeAt(0),
    stem.toUpperCase().charCodeAt(0),
  ]),
);

/** Shorter words are no tokens. */
const LONG_WORD = 18;
/** By character: 1 for a digit, 2 for what else a token is made of, 0 for what ends one. */
const KINDS = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+')
  KINDS[letter.charCodeAt(0)] = 2;
for (const digit of '0123456789') KINDS[digit.charCodeAt(0)] = 1;

/**
 * Whether a text holds a long word with a digit in it, or (`stems`) a stem. By hand and in one pass, for every call is
 * asked this: an expression takes five times as long.
 */
export function hasSign(text: string, stems: boolean): boolean {
  let [length, digits, three] = [0, 0, 0x7fff];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    three = ((three << 5) | (code & 31)) & 0x7fff;
    const kind = code < 0x80 ? (KINDS[code] ?? 0) : 0;
    if (kind === 0) {
      length = 0;
      digits = 0;
    } else {
      length += 1;
      digits += kind & 1;
      if (length >= LONG_WORD && digits > 0) return true;
    }
    const begins = FIRST[three]!;
    if (!stems || (begins === 0 && code < 0x80)) continue;
    if (stemNear(text, at, code, 0) !== undefined || ((begins & 2) !== 0 && isPlace(text, at - 2)))
      return true;
  }
  return false;
}

function isPlace(text: string, start: number): boolean {
  PLACE.lastIndex = start;
  return PLACE.test(text);
}

/** Where a stem stands. */
export interface Stem {
  start: number;
  end: number;
}

/** The next stem from a place on; undefined: none. */
export function nextStem(text: string, from: number): Stem | undefined {
  let three = 0x7fff;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    three = ((three << 5) | (code & 31)) & 0x7fff;
    if ((FIRST[three]! & 1) === 0 && code < 0x80) continue;
    const found = stemNear(text, at, code, from);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The stem of which the third letter, or the first one that is not ASCII, stands here. */
function stemNear(text: string, at: number, code: number, from: number): Stem | undefined {
  return code >= 0x80 && OTHERS.has(code) ? stemAt(text, at, from) : stemAt(text, at - 2, from);
}

function stemAt(text: string, start: number, from: number): Stem | undefined {
  if (start < from) return undefined;
  AT.lastIndex = start;
  if (!AT.test(text)) return undefined;
  const end = /^pw\W/i.test(text.slice(start, start + SHORT)) ? start + 2 : AT.lastIndex;
  return end - start !== SHORT && !/[cC]/.test(text[start] ?? '') ? { start, end } : alone(text, start, end);
}

const SHORT = 3;
const isSmall = (code: number): boolean => code >= 0x61 && code <= 0x7a;

/** `pin` in `shipping` and `code` in `decoder` begin no word, of whatever style of names. */
function alone(text: string, start: number, end: number): Stem | undefined {
  const stem = text.slice(start, end);
  if (!/^(?:sid|pin|puk|pat|pan|otp|dsn|psk|mdp|ccn|cvc|cvv|code)$/i.test(stem)) return { start, end };
  const before = text.charCodeAt(start - 1);
  // In JSON a line's end is spelled with a letter.
  const escaped = /\\[nrt]/.test(text.slice(Math.max(0, start - 2), start));
  const inWord = isSmall(before) || (before >= 0x41 && before <= 0x5a);
  const begins = escaped || !isSmall(text.charCodeAt(start)) || !inWord;
  if (
    !begins ||
    (/^code$/i.test(stem) && !escaped && !/[_ ?&#-]|[a-z][A-Z]/.test(text.slice(start - 1, start + 1)))
  )
    return undefined;
  return isSmall(text.charCodeAt(end)) && !/^s\b/.test(text.slice(end, end + 2)) ? undefined : { start, end };
}
