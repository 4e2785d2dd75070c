import { type Finding, listed, note, shellWord, trouble } from './finding.ts';

export interface PeopleFact {
  /** The name of this OS user. */
  user: string;
  /** Who is enrolled; a sentence where the list cannot be relied on. */
  enrolled: readonly string[] | { fault: string };
  /** Whose locked keys lie in this home. */
  keysHere: readonly string[];
}

export interface ToolsFact {
  server: string;
  /** How many tools changed or came since they were accepted. */
  changed: number;
  added: number;
}

export interface TerminalFact {
  /** What LC_ALL, LC_CTYPE or LANG say; undefined: nothing. */
  locale: string | undefined;
  term: string | undefined;
  noColour: boolean;
}

/** How far an approval proves who gave it. */
export function proofFindings({ user, enrolled, keysHere }: PeopleFact): Finding[] {
  if (!Array.isArray(enrolled)) {
    const { fault } = enrolled as { fault: string };
    return [trouble('approvers-damaged', fault, 'No signature counts until then.', null)];
  }
  if (enrolled.length === 0) {
    return [
      note(
        'proof-tier-0',
        `Nobody is enrolled, so an approval is the word of the OS user ${user}.`,
        'Any program of that user could have said it; a key and its passphrase only you have.',
        'holdpoint approver init',
      ),
    ];
  }
  const here = enrolled.filter((name) => keysHere.includes(name));
  if (here.length > 0) return [];
  return [
    note(
      'key-elsewhere',
      `${listed(enrolled)} ${enrolled.length === 1 ? 'is' : 'are'} enrolled, and no key of theirs lies in this home.`,
      'What needs a signature cannot be approved from this terminal.',
      null,
    ),
  ];
}

/** Tools that are not what was accepted. */
export function toolsFindings(tools: readonly ToolsFact[]): Finding[] {
  return tools
    .filter(({ changed, added }) => changed + added > 0)
    .map(({ server, changed, added }) =>
      note(
        'tools-changed',
        `${[changed > 0 ? `${changed} changed` : '', added > 0 ? `${added} new` : ''].filter(Boolean).join(' and ')} of the tools of ${server} since they were accepted.`,
        'Each call of these is a question until you have looked at what changed.',
        `holdpoint tools accept ${shellWord(server)}`,
      ),
    );
}

/** What this terminal cannot show. */
export function terminalFindings({ locale, term, noColour }: TerminalFact): Finding[] {
  const found: Finding[] = [];
  if (locale !== undefined && !/utf-?8/i.test(locale))
    found.push(
      note(
        'terminal-not-utf8',
        `This terminal's locale is ${locale}, which is not UTF-8.`,
        'Signs, frames and foreign letters of "watch" may be drawn wrong.',
        'export LC_ALL=C.UTF-8',
      ),
    );
  if (term === 'dumb' || term === undefined)
    found.push(
      note(
        'terminal-dumb',
        'This terminal says that it can draw nothing (TERM).',
        '"watch" needs one that can; "watch --plain" works line by line.',
        'holdpoint watch --plain',
      ),
    );
  if (noColour)
    found.push(
      note(
        'terminal-no-colour',
        'Colours are switched off in this terminal.',
        'Danger is told by signs and words alone, which is enough.',
        null,
      ),
    );
  return found;
}
