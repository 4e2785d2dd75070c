import { commandDangers } from '../../harm/command-dangers.ts';
import type { Warning } from '../../harm/warning.ts';
import { kindOf, wordsOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';
import { counted } from './lines.ts';
import { isPrivate, isWidening } from './value-warnings.ts';

const MOST_LENGTH = 64 * 1024;
/** A text of so many lines or letters does not stand on a first screen. */
const LONG = { lines: 6, letters: 400 };
const HOST = /\b(?:https?|ftp|wss?|ssh|git):\/\/(?:[^\s/@'"]{0,200}@)?([^\s/:'"?#)>\]|;&`\\<]{1,253})/gi;

/** What of a text that is shown as it stands is said before it, for it may stand below the first screen. */
export function textWarnings(path: readonly string[], text: string): Warning[] {
  if (text.length > MOST_LENGTH) return [];
  const warnings = [...disguised(text), ...lettersAlike(text), ...inScript(text)];
  const kind = kindOf(path, text);
  if (kind === 'path' || kind === 'url' || kind === 'recipient') return warnings;
  const lines = text.split('\n');
  if (lines.length < LONG.lines && text.length < LONG.letters) return warnings;
  if (isDocument(text, lines)) warnings.push(...inDocument(text), ...places(text));
  const hosts = [
    ...new Set([...text.matchAll(HOST)].map(([, host = '']) => inWords(host.toLowerCase(), 64))),
  ];
  if (hosts.length > 0) {
    const more = hosts.length > 4 ? ` and ${hosts.length - 4} more` : '';
    warnings.push({
      text: `It names ${counted(hosts.length, 'host')}: ${hosts.slice(0, 4).join(', ')}${more}.`,
      tone: 'note',
    });
  }
  return warnings;
}

/** Slack's, Markdown's and HTML's ways to put a link under other words; the words and the URL by name. */
const LINKS = [
  /<(?<url>https?:\/\/[^\s|>]{1,500})\|(?<words>[^>\n]{1,200})>/g,
  /\[(?<words>[^[\]\n]{1,200})\]\((?<url>https?:\/\/[^\s)]{1,500})/g,
  /<a\b[^>]{0,200}?\bhref\s?=\s?["']?(?<url>https?:\/\/[^"'\s>]{1,500})["']?[^>]{0,200}>(?<words>[^<]{1,200})</gi,
];
const WORDS_HOST =
  /^\s*(?:https?:\/\/([^\s/?#:]{1,253})|((?:www\.)?[a-z0-9.-]{1,200}\.(?:com|org|net|gov|edu|eu|de|uk|fr|ch|bank|example))(?:[/?#:]\S*)?\s*$)/i;

/** Links whose words name another host than the one that they lead to. */
function disguised(text: string): Warning[] {
  return LINKS.flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap(({ groups }): Warning[] => {
      const [, withScheme, bare] = WORDS_HOST.exec(groups?.['words'] ?? '') ?? [];
      const said = plainHost(withScheme ?? bare ?? '');
      const real = plainHost(
        /^https?:\/\/(?:[^\s/@]{0,200}@)?([^\s/?#:]{1,253})/i.exec(groups?.['url'] ?? '')?.[1] ?? '',
      );
      if (said === '' || real === '' || said === real || real.endsWith(`.${said}`)) return [];
      return [
        { text: `A link that reads ${inWords(said, 64)} leads to ${inWords(real, 64)}.`, tone: 'danger' },
      ];
    })
    .slice(0, 3);
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}

const WORD = /[A-Za-z0-9]{5,40}/g;

const DIGITS_IN = /[A-Za-z][015]+[A-Za-z]|^[015][A-Za-z]{4}|[A-Za-z]{4}[015]$/;

/** A word in which a digit stands for a letter, beside the same word in letters. */
function lettersAlike(text: string): Warning[] {
  const words = new Set(text.match(WORD) ?? []);
  const pairs = [...words].flatMap((word) => {
    if (!DIGITS_IN.test(word)) return [];
    const plain = word.replaceAll('0', 'o').replaceAll('5', 's');
    const twin = ['l', 'i'].map((letter) => plain.replaceAll('1', letter)).find((one) => words.has(one));
    return twin === undefined ? [] : [{ word, twin }];
  });
  return pairs.slice(0, 2).map(({ word, twin }): Warning => {
    const at = text.search(new RegExp(`(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])`));
    const before = /[\w./@-]{0,40}$/.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? '';
    const behind = /^[\w./@-]{0,40}/.exec(text.slice(at + word.length, at + word.length + 40))?.[0] ?? '';
    const said = inWords(`${before}${word}${behind}`, 100);
    return { text: `A digit stands for a letter in ${said}, beside ${twin}.`, tone: 'danger' };
  });
}

/** What the gravest commands of a shell's script are that is written somewhere. */
function inScript(text: string): Warning[] {
  if (!/^#!\s?\S{0,60}[/ ](?:ba|z|da|k|a)?sh\b/.test(text)) return [];
  return commandDangers(text, text)
    .filter(({ tone }) => tone === 'danger')
    .slice(0, 3)
    .map(({ text: said, tone }) => ({ text: `In the script: ${said}`, tone }));
}

const PLACE = /(?<![\w./~-])(?:~|\/)[\w./@-]{3,200}/g;

/** Places of keys, and of what rules the machine, that a document names. */
function places(text: string): Warning[] {
  const found = [...new Set(text.match(PLACE) ?? [])].filter(isPrivate);
  if (found.length === 0) return [];
  return [{ text: `It names places of keys, or of what rules the machine: ${listed(found)}.`, tone: 'warn' }];
}

const DOCUMENT_LINE = /^\s*(?:$|#|---|[-\]}{[,]|(?:- )?["']?[\w./-]{1,80}["']?\s*[:=])/;

/** JSON, YAML, or names with values: what a program reads as settings. */
function isDocument(text: string, lines: readonly string[]): boolean {
  if (/^\s*[[{]\s*["[{]/.test(text)) return true;
  return lines.length > 2 && lines.filter((line) => DOCUMENT_LINE.test(line)).length * 10 >= lines.length * 9;
}

const SWITCH =
  /(?:^|[\s{,-])["']?([A-Za-z][\w.-]{0,60})["']?[ \t]{0,9}[:=][ \t]{0,9}["']?(?:true|yes|on)\b/gm;
const GIVEN =
  /["']?\b([A-Za-z][\w-]{0,40})["']?\s{0,9}[:=]\s{0,40}[["'\s-]{0,40}((?:[\w-]{1,40}:)?\*|0\.0\.0\.0\/0|::\/0)(?=["'\s,\]]|$)/g;

/** Switches that widen, and what is given to all or for everything. */
function inDocument(text: string): Warning[] {
  const on = [...new Set([...text.matchAll(SWITCH)].map(([, name = '']) => name))].filter(isWidening);
  const all = [
    ...new Set(
      [...text.matchAll(GIVEN)]
        .filter(([, name = '']) => givesRights(name))
        .map(([, name = '', value = '']) => `${name} ${value}`),
    ),
  ];
  const warnings: Warning[] = [];
  if (all.length > 0) warnings.push({ text: `It is for everything: ${listed(all)}.`, tone: 'warn' });
  if (on.length > 0)
    warnings.push({
      text: `It goes further than without: ${listed(on.map((name) => `${name}: true`))}.`,
      tone: 'warn',
    });
  return warnings;
}

function listed(names: readonly string[]): string {
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return `${names
    .slice(0, 4)
    .map((name) => inWords(name, 60))
    .join(', ')}${more}`;
}

const RIGHTS =
  /^(?:not)?(?:actions?|resources?|principals?|aws|federated|verbs?|apigroups?|permissions?|scopes?|roles?|(?:allowed)?origins?|cidr\w*|sources?|sourceranges?|inboundsource|members?|users?|subjects?)$/;

/** A name under which rights are given, or those who have them. */
function givesRights(name: string): boolean {
  return RIGHTS.test(wordsOf(name).join(''));
}

/** A plain value by which something is given to all, or for everything. */
export function everything(path: readonly string[], text: string): Warning[] {
  const name = path.findLast((one) => !/^\d+$/.test(one)) ?? '';
  if (!/^(?:(?:[\w-]{1,40}:)?\*|0\.0\.0\.0\/0|::\/0)$/.test(text) || !givesRights(name)) return [];
  return [{ text: `It is for everything: ${inWords(name)} ${inWords(text)}.`, tone: 'warn' }];
}
