import type { Member } from '../protocol/json/json-scan.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import { isNoSecret } from './names/fits-kind.ts';
import { nameKind } from './names/secret-names.ts';
import { looksMadeUp } from './shapes/password-shape.ts';
import type { TextSpan } from './shapes/text-span.ts';

const PLACE = /^(?:path|file|file_?path|file_?name|dest|destination|target|key|name|uri)$/i;
const CONTENT = /^(?:content|contents|text|data|body|value|file_?text|new_?content|base64)$/i;
const STORED = /^secret_?(?:id|name|path|key)$/i;
const PAYLOAD = /^(?:payload|data|string_?data|secret_?(?:value|string|binary|data)|value)$/i;
const INPUT = /^(?:stdin|input|std_?in|input_?text|input_?data)$/i;
const WHO = /^(?:user(?:_?name)?|login|usr|uid|account|e-?mail)$/i;
const WITH = /^(?:pass|pw|pswd|passcode)$/i;
/** What reads a secret from its input: `--password-stdin`, `--password-file=-`, `sudo -S`. */
const FROM_INPUT =
  /--?(?:pass(?:word|wd|phrase)?|token|secret)[\w-]{0,8}(?:-stdin|-fd[= ]0|[= ]-(?![\w-]))|\bsudo\b[^|;]{0,40} -S\b|--with-token|\b(?:chpasswd|smbpasswd|passwd)\b/;
/** Files and folders that hold one secret and nothing else: `config/master.key`, `/run/secrets/db`. */
const HOLDER =
  /(?:^|[/\\])(?:secrets?|private|credentials)[/\\][^/\\]{1,80}$|\.(?:key|secret|token|pass|password|pwd)$/i;
/** One word, as such a file holds it. */
const ONE_WORD = /^\s{0,8}[^\s<>{}]{6,512}\s{0,8}$/;

const LONGEST = 4_000;

function textOf({ value }: Member, source: JsonSource): string {
  return value.kind === 'string' && value.end - value.start < LONGEST
    ? source.string(value.start, value.end)
    : '';
}

function saidBy(member: Member, source: JsonSource): string {
  const { value } = member;
  if (value.items === undefined) return textOf(member, source);
  return value.end - value.start < LONGEST
    ? source.slice(value.start, value.end).replace(/"\s*,\s*"/g, ' ')
    : '';
}

/** Whether a file's name says that what it holds is one secret. */
function holdsSecret(place: string): boolean {
  const name = place.split(/[/\\]/).at(-1) ?? '';
  return HOLDER.test(place) || nameKind(name.replace(/\.(?:txt|env|conf|cfg|dat)$/i, '')) === 'secret';
}

/** Files in which each line is a login: `auth-user-pass.txt`, `sasl_passwd`, `chap-secrets`. */
const LOGINS =
  /(?:^|[/\\])[^/\\]{0,40}(?:passwd|auth-user-pass|auth_user_pass|userpass|htpasswd|htdigest|users?\.txt|userlist\.txt|creds?|logins?|chap-secrets|pap-secrets|pgpass)[^/\\]{0,12}$/i;
/** What is written in a language, whatever it is about: `LoginForm.tsx`. */
const SOURCE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|rb|go|rs|java|kts?|swift|cs|php|cpp|cc|[ch]|html?|s?css|sql|md|rst|ipynb|sh|ps1|lua|dart|scala|exs?|proto|graphql)$/i;
const LOGIN_LINE = /^[ \t]{0,8}[^\s#;][^\n]{4,400}$/gm;

/** No address of mail or of a machine. */
const isPassword = (word: string): boolean =>
  looksMadeUp(word) && !/^[\w.+-]+@|^\d+(?:\.\d+)+$|^\[|^[\w-]+(?:\.[\w-]+)+$/.test(word);

const isOfLogins = (place: string): boolean => LOGINS.test(place) && !SOURCE.test(place);

/** What stands last in the lines of such a file, in UTF-16 units of its text. */
export function loginsIn(members: readonly Member[], source: JsonSource): Map<string, TextSpan[]> {
  const found = new Map<string, TextSpan[]>();
  if (!members.some((one) => PLACE.test(one.key) && isOfLogins(textOf(one, source)))) return found;
  const content = members.find(({ key, value }) => CONTENT.test(key) && value.kind === 'string');
  const text = content === undefined ? '' : textOf(content, source);
  if (content === undefined || text.split('\n').length > 200) return found;
  const spans: TextSpan[] = [];
  for (const { 0: line, index } of text.matchAll(LOGIN_LINE)) {
    const last = [...line.matchAll(/[^\s:"']{4,128}/g)].filter(({ 0: word }) => isPassword(word)).at(-1);
    if (last !== undefined && (last.index > 0 || index > 0))
      spans.push({ start: index + last.index, end: index + last.index + last[0].length, why: 'password' });
  }
  if (spans.length > 0) found.set(content.key, spans);
  return found;
}

/** A short name says enough beside who logs in; a word beside an address of mail may be a pass of another kind. */
const opensFor = (who: string, said: string): boolean =>
  /^\S{4,128}$/.test(said) &&
  !isNoSecret(said) &&
  !/^[\w$]+(?:\.[\w$]+)+$|^\d{1,3}%?$/.test(said) &&
  (/^(?:user|usr|login|uid)/i.test(who) || /[^a-z]/.test(said));

/** By the name of a member, why its text is secret because of what stands beside it. */
export function toldBySiblings(members: readonly Member[], source: JsonSource): Map<string, string> {
  const found = new Map<string, string>();
  if (members.length < 2 || members.length > 24) return found;
  const input = members.find(({ key, value }) => INPUT.test(key) && value.kind === 'string');
  if (input !== undefined && members.some((one) => one !== input && FROM_INPUT.test(saidBy(one, source))))
    found.set(input.key, 'password of a command');
  // A store of secrets is told which one, and what it is; a manifest of Kubernetes says its kind.
  const stored = members.some(
    (one) => STORED.test(one.key) || (one.key === 'kind' && textOf(one, source) === 'Secret'),
  );
  if (stored) for (const { key } of members) if (PAYLOAD.test(key)) found.set(key, 'secret');
  const who = members.find(({ key, value }) => WHO.test(key) && value.kind === 'string');
  if (who !== undefined)
    for (const member of members)
      if (WITH.test(member.key) && opensFor(who.key, textOf(member, source)))
        found.set(member.key, 'password');
  const content = members.find(({ key, value }) => CONTENT.test(key) && value.kind === 'string');
  if (content === undefined || !ONE_WORD.test(textOf(content, source))) return found;
  if (members.some((one) => one !== content && PLACE.test(one.key) && holdsSecret(textOf(one, source))))
    found.set(content.key, 'content of a secret file');
  return found;
}
