import type { Warning } from '../../harm/warning.ts';
import { kindOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';

/** Bounded, as all of these are: each looks at one line. */
const SENDS =
  /\b(?:fetch\s?\(|XMLHttpRequest\b|sendBeacon\b|WebSocket\b|EventSource\b|axios\b|requests\.\w{1,9}\(|urllib\b|urlopen\b|http\.client\b|https?\.(?:request|get)\(|socket\.\w{1,24}\(|Net::HTTP\b|smtplib\b)[^\n]{0,100}/g;
const SECRETS =
  /\b(?:document\.cookie|localStorage|sessionStorage|indexedDB|process\.env|os\.environ|getenv|getpass|keyring)\b[^\n]{0,60}/g;
const RUNS =
  /\b(?:child_process\b|execSync\b|spawn(?:Sync)?\(|os\.(?:system|popen)\b|subprocess\.\w{1,20}|eval\(|exec\(|new Function\(|__import__\b|ctypes\b|Runtime\.getRuntime\b)[^\n]{0,80}/g;
const REMOVES =
  /\b(?:shutil\.rmtree|fs\.(?:rm|unlink|rmdir)(?:Sync)?|os\.(?:remove|unlink|rmdir|removedirs))\b[^\n]{0,80}/g;
const LOOKS_LIKE = /=>|\bfunction\b|\bdef \w|\bimport \w|\b(?:const|let|var) \w|\brequire\(|;\s*$/m;
const RUNNING = /eval|exec|run|script|code|lambda|function/i;
const MOST_LENGTH = 64 * 1024;

/** What code that the call runs would do besides counting: of code that is only written down it is not said. */
export function codeDangers(path: readonly string[], text: string, tool: string): Warning[] {
  const runs = kindOf(path, text) === 'code' || RUNNING.test(`${tool} ${path.at(-1) ?? ''}`);
  if (!runs || text.length > MOST_LENGTH || !LOOKS_LIKE.test(text)) return [];
  const sends = first(text, SENDS);
  const secrets = first(text, SECRETS);
  // Either alone is everyday work; together they carry something away.
  const tone = sends !== undefined && secrets !== undefined ? 'danger' : 'warn';
  const warnings: Warning[] = [];
  const add = (said: string, found: string | undefined, as: Warning['tone']): void => {
    if (found !== undefined) warnings.push({ text: `${said}: ${found}`, tone: as });
  };
  add('Its code speaks to the network', sends, tone);
  add('Its code reads what may be secret', secrets, tone);
  add('Its code runs other programs or text', first(text, RUNS), 'warn');
  add('Its code removes files', first(text, REMOVES), 'warn');
  return warnings;
}

function first(text: string, pattern: RegExp): string | undefined {
  const [found, ...more] = [...text.matchAll(pattern)];
  if (found === undefined) return undefined;
  const said = inWords(found[0], 90);
  return more.length === 0 ? said : `${said} and ${more.length} more`;
}
