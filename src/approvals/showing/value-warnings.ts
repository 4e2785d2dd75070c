import type { Warning } from '../../harm/warning.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';

/** Places that hold keys, or what starts by itself. */
const PRIVATE =
  /(?:^|[/\\])(?:\.(?:ssh|aws|gnupg|kube|docker|netrc|npmrc|pypirc|git-credentials|pgpass)(?:[/\\]|$)|\.git[/\\](?:hooks|config)|\.env(?:\.\w+)?$|authorized_keys|id_(?:rsa|ed25519|ecdsa)(?!\.pub$)|\.(?:ba|z)sh(?:rc|env)$|\.(?:bash_|z)?profile$|crontabs?(?:[/\\]|$)|cron\.\w+|(?:LaunchAgents|LaunchDaemons|autostart)(?:[/\\]|$)|sudoers|shadow$|passwd$)/i;
const SYSTEM =
  /^(?:\/(?:etc|usr|bin|sbin|lib|boot|root|System|Library)(?:\/|$)|[A-Za-z]:[\\/](?:Windows|Program Files))/i;

/** Within a document or a program also what rules the machine. */
export function isPrivate(path: string): boolean {
  return PRIVATE.test(path) || /(?:^|\/)(?:docker|containerd|crio)\.sock$|^\/(?:proc|dev|sys)\//.test(path);
}

/** What is said of one value by what it is, however it is drawn. `folder`: the server's working folder, where known. */
export function valueWarnings(path: readonly string[], text: string, folder: string | null): Warning[] {
  if (text.length > 4_096) return [];
  const kind = kindOf(path, text);
  const warnings = kind === 'path' ? pathWarnings(text, folder) : [];
  const mixed = /^(?:text|other|amount|url|code)$/.test(kind) ? undefined : mixedWord(text);
  if (mixed !== undefined)
    warnings.push({ text: `A word mixes letters of two scripts that look alike: ${mixed}.`, tone: 'danger' });
  return warnings;
}

/** Names of switches by which a call takes more than what it names, asks nobody, or looks away. */
const WIDENS =
  /^(?:all|every|all(?:namespaces|users|projects|regions|branches|files|matching|records|rows|versions)|recursive(?:ly)?|recurse|cascade|forced?(?:delete|push|update|overwrite|replace)?|hard(?:delete|reset)?|purge|prune|permanent(?:ly)?|overwrite|destroy|insecure|unsafe|privileged|public|host(?:network|pid|ipc)|allowprivilegeescalation|multi|bypass[a-z]{0,30}|skip(?:confirm|check|validat|verif)[a-z]{0,20}|ignore(?:errors|conflicts|ssl|cert)[a-z]{0,20}|disable(?:d|validation|verification|ssl|tls|auth\w{0,10}|checks?)?|(?:delete|remove)(?:all|data|files|volumes?|source|branch|existing)|autoapprove|noconfirm)$/;

export function isWidening(name: string): boolean {
  return WIDENS.test(wordsOf(name).join(''));
}

/** What is said of a switch that is on. */
export function switchWarnings(path: readonly string[]): Warning[] {
  const name = path.at(-1) ?? '';
  if (!isWidening(name)) return [];
  return [{ text: `It goes further than without: ${inWords(name)}: true.`, tone: 'warn' }];
}

function pathWarnings(text: string, folder: string | null): Warning[] {
  if (/[\n*]/.test(text) || text.includes('://')) return [];
  const name = inWords(text, 80);
  const warnings: Warning[] = [];
  if (PRIVATE.test(text))
    warnings.push({ text: `It is a place of keys, or of what runs by itself: ${name}`, tone: 'danger' });
  else if (SYSTEM.test(text)) warnings.push({ text: `It is a place of the system: ${name}`, tone: 'warn' });
  const whole = text.startsWith('/') || folder === null ? text : `${folder}/${text}`;
  if (
    folder?.startsWith('/') === true &&
    whole.startsWith('/') &&
    !under(plainPath(whole), plainPath(folder))
  )
    warnings.push({
      text: `It lies outside of the server's folder ${inWords(folder, 60)}: ${name}`,
      tone: 'warn',
    });
  else if (/(?:^|[/\\])\.\.(?:[/\\]|$)/.test(text))
    warnings.push({ text: `It climbs folders: ${name}`, tone: 'warn' });
  return warnings;
}

function under(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

/** Without `.` and `..`, as letters go: links are not looked at. */
function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** The first word in which Latin letters stand beside such that look like them, with these as their numbers. */
export function mixedWord(text: string): string | undefined {
  if (!ALIKE.test(text)) return undefined;
  const word = text.match(/[\p{L}\p{N}]+/gu)?.find((one) => /[A-Za-z]/.test(one) && ALIKE.test(one));
  if (word === undefined) return undefined;
  const odd = [...new Set([...word].filter((letter) => ALIKE.test(letter)))].slice(0, 6);
  return `${inWords(word)} (${odd.map(numbered).join(' ')})`;
}

/** `U+0430`. */
export function numbered(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
