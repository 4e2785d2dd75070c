import type { Warning } from '../../harm/warning.ts';
import { inWords } from '../../text/in-words.ts';
import type { Change } from './changes.ts';
import { grouped } from './lines.ts';

/** A diff of so few changed lines among so many is told by those lines: its hunks may stand below the screen. */
const FEW = 2;
const AMONG = 8;
/** Longer lines are told by where they differ. */
const LONG = 300;
const WINDOW = 110;
const HOST = /\b(?:https?|ftp|wss?|ssh|git):\/\/(?:[^\s/@'"]{0,200}@)?([^\s/:'"?#)>\]|;&`\\]{1,253})/gi;

/** What of a diff is said in words before it: the lone lines that change, and hosts that nothing before it named. */
export function toldChanges(changes: readonly Change[], before: string): Warning[] {
  return [...newHosts(changes, before), ...loneLines(changes)];
}

/** Hosts of URLs in added lines that neither the other lines nor the text before name. */
function newHosts(changes: readonly Change[], before: string): Warning[] {
  const added = changes.filter(({ mark }) => mark === '+');
  const hosts = new Set(
    added.flatMap(({ text }) => [...text.matchAll(HOST)].map(([, host = '']) => host.toLowerCase())),
  );
  const others = [before, ...changes.filter(({ mark }) => mark !== '+').map(({ text }) => text)];
  const known = new Set(
    hosts.size === 0
      ? []
      : others.flatMap((text) => [...text.matchAll(HOST)].map(([, host = '']) => host.toLowerCase())),
  );
  const fresh = [...hosts].filter((host) => !known.has(host));
  if (fresh.length === 0) return [];
  const listed = fresh.slice(0, 4).map((host) => inWords(host, 64));
  const more = fresh.length > 4 ? ` and ${fresh.length - 4} more` : '';
  return [{ text: `It brings in what was not there: ${listed.join(', ')}${more}.`, tone: 'note' }];
}

/** The lone changed lines of a diff, as sentences; none where there are more of them, or little besides. */
export function loneLines(changes: readonly Change[]): Warning[] {
  const changed = changes.filter(({ mark }) => mark !== ' ');
  const count = Math.max(
    changed.filter(({ mark }) => mark === '+').length,
    changed.filter(({ mark }) => mark === '-').length,
  );
  if (count === 0 || count > FEW || changes.length - changed.length < AMONG) return [];
  const told: Warning[] = [];
  let line = 0;
  let gone: string[] = [];
  const flush = (): void => {
    for (const text of gone) if (fits(text)) told.push(lone(`Line ${grouped(`${line + 1}`)} goes`, text));
    gone = [];
  };
  for (const { mark, text } of changes) {
    if (mark === '-') {
      gone.push(text);
      continue;
    }
    if (mark === ' ') flush();
    line += 1;
    if (mark === ' ') continue;
    const old = gone.shift();
    if (fits(text))
      told.push(
        lone(`Line ${grouped(`${line}`)} ${old === undefined ? 'comes' : 'becomes'}`, around(text, old)),
      );
  }
  flush();
  return told;
}

function fits(text: string): boolean {
  return text.trim() !== '' && text.length < LONG;
}

function lone(head: string, text: string): Warning {
  return { text: `${head}: ${inWords(text, WINDOW)}`, tone: 'note' };
}

/** Of a line that is too long to be said, what is around its first difference. */
function around(text: string, old: string | undefined): string {
  if (old === undefined || text.trim().length <= WINDOW) return text;
  let same = 0;
  while (same < text.length && text[same] === old[same]) same += 1;
  const from = Math.max(0, Math.min(same - WINDOW / 3, text.length - WINDOW + 2));
  return from === 0 ? text : `…${text.slice(from)}`;
}
