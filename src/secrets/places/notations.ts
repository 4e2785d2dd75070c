/** How sure a notation is: `sure` is one of names and values, `spoken` may as well be prose or a list of names. */
export interface Notation {
  after: RegExp;
  sure: boolean;
  /** What must stand before the name. */
  before?: RegExp;
  /** The value is what stands in an element. */
  markup?: true;
  /** Only a value that is all of its line. */
  line?: true;
  /** Only values in quotes. */
  quoted?: boolean;
}

/** After a name and what closes it, in the order in which they are tried. Each is anchored and bounded. */
export const NOTATIONS: readonly Notation[] = [
  // <password>x</password>, <ds:password type="text"><![CDATA[x]]></…>
  {
    before: /<(?:[\w]{1,10}:)?$/,
    after: /(?:\s[^<>]{0,200})?>\s{0,40}(?:<(?:value|string|text)>)?(?:<!\[CDATA\[)?/iy,
    sure: true,
    markup: true,
  },
  // <key>password</key><string>x</string>
  { after: /<\/\w{1,20}>\s{0,80}<(?:string|value|val)>/y, sure: true, markup: true },
  // name="password" value="x", "name":"password","value":"x"
  {
    after:
      /["']\s{0,40}[,;]?\s{0,40}["']?(?:value|val|content|text|default(?:Value)?)["']?\s{0,4}[=:]\s{0,4}/y,
    sure: true,
  },
  // - name: password⏎  value: x
  {
    before: /(?:name|key)["']?: ?["']?$/,
    after: /["']?[ \t]*\r?\n[ \t]*["']?(?:value|val)["']?:[ \t]*/y,
    sure: true,
  },
  // <string name="password">x</string>
  {
    before: /(?:name|key|id)=["']$/,
    after: /["'][^<>]{0,80}>(?:\s{0,40}<(?:value|string)>)?/y,
    sure: true,
    markup: true,
  },
  // password: |⏎  x
  { after: /["']?:[ \t]{0,4}[|>][-+\d]{0,2}[ \t]*\r?\n[ \t]+/y, sure: true },
  // name="password"⏎⏎x (a part of a form), Password:⏎⏎  x
  { before: /name=["']?$/, after: /["']?[^\r\n<>]{0,80}\r?\n\r?\n/y, sure: false, line: true },
  { after: /["'`]?\*{0,2}:\*{0,2}[ \t]*(?:\r?\n[ \t]*){1,3}/y, sure: false, line: true },
  // password = x, "password": "x", ["password"] = "x", **password**: `x`, password: string = "x", password => x
  {
    after:
      /["'`]?\]?\*{0,2}(?:[ \t]{1,4}string)?(?:[ \t]\([^()\n]{1,40}\))?[ \t]{0,16}(?::=|=>|->|\?:|:{1,2}|!={1,2}|(?:\|\||\?\?|\+)?={1,2})(?:[ \t]{0,16}(?:const )?(?:&?(?:'\w{1,10} )?(?:str|string|String|bytes|Bytes|SecretStr|SecretString|NSString|CharSequence|ByteArray|Final|\[u8\])|(?:Option|Optional|Final|ClassVar|Literal)[<[]\w{1,12}[>\]])(?: ?\| ?(?:None|null|undefined)|\?|!|\[\])?[ \t]{0,2}=(?!=))?[ \t]{0,16}\*{0,2}[ \t]{0,4}(?:\(?ConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?)?(?:<(?:code|kbd|tt|b|strong|em|i)>)?/y,
    sure: true,
  },
  // --password x, -storepass x, "--password", "x", - --password⏎- x
  {
    before: /(?:^|[\s"'`=,([])(?:--?|\/)$/,
    after: /["'`]?(?:[ \t]{1,8}|\s{0,40},\s{0,40}|[ \t]*\r?\n[ \t]*-[ \t]+)/y,
    sure: true,
  },
  // ENV PASSWORD x, setx PASSWORD x, config set password x
  {
    before: /(?:^|[\s/#])(?:ENV|ARG|setx|set|add|SetEnv|export|define)\s$/i,
    after: /[ \t]{1,8}/y,
    sure: true,
  },
  // define('PASSWORD', 'x'), setenv("PASSWORD", "x"): both are names and values of settings.
  {
    before:
      /(?:define|setenv|Setenv|putenv|setdefault|etProperty|set_env|set_var|(?:props?|properties|conf|config|settings|env)\.(?:put|set))\s?\(\s?["']$/,
    after: /["']\s{0,8},\s{0,24}(?=["'])/y,
    sure: true,
    quoted: true,
  },
  // password("x"), setPassword('x')
  { after: /\([ \t]{0,4}(?=[NnbBrR]?["'])/y, sure: false, quoted: true },
  // ("password", "x"), | password | x |
  { after: /["'][\])"']{0,4}\s{0,8},\s{0,24}(?=["'])/y, sure: false, quoted: true },
  // getByLabel('Password').fill('x')
  {
    after:
      /["'][\])]{1,3}\.(?:fill|type|input|set\w{0,12}|send\w{0,12}|enter\w{0,12}|press\w{0,16})\(\s{0,4}(?=["'])/y,
    sure: true,
    quoted: true,
  },
  // querySelector('input[type=password]').value = 'x'
  { after: /["'\])]{1,4}\.(?:value|text|innerText)\s?=\s?(?=["'`])/y, sure: true, quoted: true },
  // <th>Password</th><td>x</td>
  {
    after:
      /:?\s{0,4}<\/(?:th|td|dt|b|strong|label|span)>\s{0,20}<(?:td|dd|span|code|input)[^<>]{0,80}>\s{0,20}/iy,
    sure: true,
    markup: true,
  },
  { after: /[`*]{0,3}[ \t]{0,40}\|[ \t]{0,40}/y, sure: false },
  // the password is x; PASSWORD 'x'; login ada password x
  {
    after:
      /["'`»”]?(?:[是为為はが는은][ \t]{0,4}|[ \t]{1,4}(?:(?:is now|is|was|are|to|ist|lautet|war|est|es|era|è|é|это|for (?:[\w'’.-]{1,20} ){1,6}?is)(?:[ \t]{0,2}:)?[ \t]{1,4})?(?:[:=][ \t]{0,4})?)(?:<(?:code|kbd|tt|b|strong|em|i)>)?/y,
    sure: false,
  },
];
