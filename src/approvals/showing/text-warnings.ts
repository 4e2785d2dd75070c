import { kindOf, wordsOf } from '../../salience/kinds.ts';
import type { Warning } from './drawing.ts';
import { counted, inWords } from './lines.ts';
import { isWidening } from './value-warnings.ts';

const MOST_LENGTH = 64 * 1024;
/** A text of so many lines or letters does not stand on a first screen. */
const LONG = { lines: 6, letters: 400 };
const HOST = /\b(?:https?|ftp|wss?|ssh|git):\/\/(?:[^\s/@'"]{0,200}@)?([^\s/:'"?#)>\]|;&`\\<]{1,253})/gi;

/** What of a text that is shown as it stands is said before it, for it may stand below the first screen. */
export function textWarnings(path: readonly string[], text: string): Warning[] {
  if (text.length > MOST_LENGTH) return [];
  const warnings = disguised(text);
  const kind = kindOf(path, text);
  if (kind === 'path' || kind === 'url' || kind === 'recipient') return warnings;
  const lines = text.split('\n');
  if (lines.length < LONG.lines && text.length < LONG.letters) return warnings;
  if (isDocument(text, lines)) warnings.push(...inDocument(text));
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
