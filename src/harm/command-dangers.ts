import { inWords } from '../text/in-words.ts';
import type { Warning } from './warning.ts';

/** Something in a command that is said before it; its place in the text. */
export interface Found extends Warning {
  at: number;
  length: number;
}

type Say = (said: string) => string;

const SHELLS = String.raw`(?:\S{0,100}[/\\])?(?:ba|z|da|k|c|fi|a)?sh|python\d?(?:\.\d+)?|perl|ruby|node|php|pwsh|powershell|iex|invoke-expression`;

/** Whatever the quotes: what is handed to another shell stands in some. Each pattern is bounded in what it looks over. */
const SAYS: readonly (readonly [RegExp, Say, Warning['tone']])[] = [
  [
    new RegExp(
      String.raw`\b(?:curl|wget|fetch|iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n;]{0,600}?\|[ \t]{0,40}(?:sudo[ \t]{1,40})?(?:-\S{1,20}[ \t]{1,9})?(?:${SHELLS})\b`,
      'gi',
    ),
    (said) => `It runs what it downloads: ${said}`,
    'danger',
  ],
  [
    new RegExp(
      String.raw`\b(?:${SHELLS})\b[^\n;|]{0,80}?(?:<\(|\$\(|\x60)[ \t]{0,9}(?:curl|wget)\b[^)\x60\n]{0,300}`,
      'gi',
    ),
    (said) => `It runs what it downloads: ${said}`,
    'danger',
  ],
  [
    /\|[ \t]{0,40}(?:sudo[ \t]{1,40})?(?:(?:\S{0,100}\/)?(?:ba|z|da|k)?sh|iex|invoke-expression)\b(?![\w.-])/gi,
    (said) => `It hands text to a shell that runs it: ${said}`,
    'danger',
  ],
  [
    /\b(?:sudo|doas|runas|pkexec)\b[^\n;|&]{0,80}/gi,
    (said) => `It runs with another user's rights: ${said}`,
    'danger',
  ],
  [
    /\brm[ \t]{1,9}(?:-{1,2}[\w-]{1,30}[ \t]{1,9}){0,6}(?:-\w{0,9}[rR]\w{0,9}|--recursive)\b[^\n;|&]{0,120}/g,
    (said) => `It removes whole folders: ${said}`,
    'danger',
  ],
  [
    /\b(?:rmdir|rd|del)[ \t]{1,9}\/[sS]\b[^\n&|]{0,80}|\bremove-item\b[^\n;|]{0,200}?-recurse[^\n;|]{0,80}/gi,
    (said) => `It removes whole folders: ${said}`,
    'danger',
  ],
  [
    /\bfind\b[^\n;|]{0,300}?[ \t]-(?:delete|exec(?:dir)?)\b[^\n;|]{0,80}/g,
    (said) => `It does something to each file that it finds: ${said}`,
    'warn',
  ],
  [
    /\b(?:mkfs(?:\.\w{1,9})?|shred|wipefs|fdisk|diskpart|format)[ \t]{1,9}(?:[A-Za-z]:|\/|-)[^\n;|&]{0,80}|\bdd\b[^\n;|]{0,200}?\bof=[^\s;|&]{1,100}|>[ \t]{0,9}\/dev\/(?!null|stdout|stderr|tty|fd)\w{1,20}/g,
    (said) => `It writes over a disk or device: ${said}`,
    'danger',
  ],
  [
    /\bgit\b[^\n;|&]{0,200}?(?:\bpush\b[^\n;|&]{0,200}?(?:[ \t]--force(?:-with-lease)?|[ \t]-\w{0,6}f\b|[ \t]\+\S{1,80}|--delete|--mirror)|\breset[ \t]{1,9}--hard|\bclean[ \t]{1,9}-\w{0,6}f|\bfilter-branch\b|\bbranch[ \t]{1,9}-D)[^\n;|&]{0,60}/g,
    (said) => `It throws history or changes of git away: ${said}`,
    'danger',
  ],
  [
    /\bchmod[ \t]{1,9}(?:-\w{1,9}[ \t]{1,9}){0,3}(?:0?777|a?\+s|u\+s|o\+w|4\d{3})[^\n;|&]{0,80}|\bchown[ \t]{1,9}-\w{0,6}R[^\n;|&]{0,80}/g,
    (said) => `It opens or changes rights of files: ${said}`,
    'warn',
  ],
  [
    /\/dev\/(?:tcp|udp)\/[^\s;|&)]{1,100}|\b(?:nc|ncat|netcat|socat)\b[^\n;|&]{0,100}/g,
    (said) => `It opens a connection of its own: ${said}`,
    'danger',
  ],
  [
    /\bcurl\b[^\n;|]{0,400}?[ \t](?:-d|--data(?:-\w{1,12})?|-F|--form|-T|--upload-file|--json)\b[^\n;|]{0,160}|\bwget\b[^\n;|]{0,300}?--post-(?:data|file)[^\n;|]{0,100}|\b(?:scp|rsync|sftp|ftp)[ \t][^\n;|]{0,160}/g,
    (said) => `It may send data away: ${said}`,
    'warn',
  ],
  [
    /(?<![\w-])(?:eval|source)[ \t]{1,9}[^\n;|&]{1,100}|\b(?:(?:ba|z|da|k)?sh|python\d?|perl|ruby|node|php)[ \t]{1,9}(?:-\w{1,9}[ \t]{1,9}){0,3}-\w{0,4}[ce]\b[^\n]{0,100}|\b(?:powershell|pwsh|cmd)(?:\.exe)?\b[^\n]{0,200}?[ \t](?:\/[cCkK]|-[cC]\w{0,10})\b[^\n]{0,80}/g,
    (said) => `It gives text to another interpreter: ${said}`,
    'warn',
  ],
  [
    /\b(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,300}?[ \t][-/](?:e|ec|en\w{0,14})[ \t]{1,9}[A-Za-z0-9+/=]{8,80}/gi,
    (said) => `It runs an encoded command: ${said}`,
    'danger',
  ],
  [
    /\b(?:shutdown|reboot|halt|poweroff|init[ \t]0)\b|\bkill(?:all)?[ \t]{1,9}-9[ \t]{1,9}-1|:\(\)[ \t]{0,9}\{/g,
    (said) => `It may end more than one program: ${said}`,
    'danger',
  ],
  [
    /\b(?:crontab|at)[ \t]{1,9}-\w|\bschtasks\b|\bsystemctl[ \t]{1,9}(?:enable|disable|stop|mask)\b[^\n;|&]{0,60}|\bnohup\b|\blaunchctl\b/g,
    (said) => `It changes what runs later or in the background: ${said}`,
    'warn',
  ],
  [
    /\b(?:history[ \t]{1,9}-c|unset[ \t]{1,9}HISTFILE|HISTFILE=)|\b(?:LD_PRELOAD|DYLD_INSERT_LIBRARIES|NODE_OPTIONS|GIT_SSH_COMMAND)=\S{0,80}/g,
    (said) => `It changes how programs run or what is noted of them: ${said}`,
    'danger',
  ],
];

/** Options by which a command takes more than what it names, asks nobody, or looks away. */
const WIDENS =
  /(?<=\s)--?(?:force(?:-[\w-]{1,30})?|destroy|delete(?:-[\w-]{1,30})?|prune|purge|(?:wipe|drop|erase|truncate|reset)(?:-[\w-]{1,30})?|all(?:-[\w-]{1,30})?|recursive|cascade|hard|no-(?:verify|preserve-root|backup|check-[\w-]{1,30})|(?:auto|non|assume)-?(?:approve|interactive|yes)|skip-(?:verify|verification|checks?|validation|hooks|confirm\w*|ssl\w*)|ignore-(?:errors|not-found|daemonsets|existing|ssl[\w-]{0,30}|cert[\w-]{0,30})|insecure|unsafe[\w-]{0,30}|dangerously-[\w-]{1,40}|privileged|overwrite|allow-(?:unsafe[\w-]{0,30}|downgrades|remove-essential|unauthenticated|root|unrelated-histories|dirty))(?![\w-])/gi;

/** Writing to a file; only outside of quotes. */
const REDIRECT = /(?:\d|&)?>{1,2}\|?[ \t]{0,40}(?!&|>|\(|\/dev\/null\b)[^\s;|&<>()]{1,200}/g;
const INNER = /\$\((?!\()[^()\n]{0,120}\)?|`[^`\n]{1,120}`|[<>]\([^)\n]{0,120}/g;

/** What in a command is said before it. `code`: the text with what is quoted as spaces. */
export function commandDangers(text: string, code: string): Found[] {
  const found = SAYS.flatMap(([pattern, say, tone]) => matches(text, pattern, tone, say));
  const writes = matches(code, REDIRECT, 'warn', () => '').map((one): Found => {
    const said = text.slice(one.at, one.at + one.length);
    const adds = said.includes('>>');
    return {
      ...one,
      text: `It ${adds ? 'adds to' : 'writes over'} a file: ${inWords(said.replace(/^[\d&]?>+\|?\s*/, ''))}`,
    };
  });
  const inner = matches(code, INNER, 'warn', () => '').map((one): Found => {
    const said = inWords(text.slice(one.at, one.at + one.length), 60);
    return { ...one, text: `It runs a command within the command: ${said}` };
  });
  const downloads = found.filter(({ text: said }) => said.startsWith('It runs what it downloads'));
  const within = (one: Found): boolean =>
    downloads.some(({ at, length }) => one.at >= at && one.at + one.length <= at + length);
  // A download that a shell runs is said once.
  const told = found.filter((one) => !one.text.startsWith('It hands text to a shell') || !within(one));
  return [...told, ...widening(text, code, told), ...writes, ...inner];
}

/** All such options in one sentence, but for those of which worse is told. */
function widening(text: string, code: string, told: readonly Found[]): Found[] {
  const dangers = told.filter(({ tone }) => tone === 'danger');
  const found = [...code.matchAll(WIDENS)]
    .map(({ index, 0: all }) => ({ at: index, length: all.length }))
    .filter(({ at }) => !dangers.some((one) => at >= one.at && at < one.at + one.length));
  const names = [...new Set(found.map(({ at, length }) => text.slice(at, at + length)))];
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  const said = `Its options go further, or ask nobody: ${names
    .slice(-6)
    .map((name) => inWords(name))
    .join(', ')}${more}`;
  return found.map((one): Found => ({ ...one, text: said, tone: 'warn' }));
}

function matches(text: string, pattern: RegExp, tone: Warning['tone'], say: Say): Found[] {
  return [...text.matchAll(pattern)].map(({ 0: all, index }) => {
    const at = index + (all.length - all.trimStart().length);
    return { at, length: all.trim().length, tone, text: say(inWords(all, 60)) };
  });
}
