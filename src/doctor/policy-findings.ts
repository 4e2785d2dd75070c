import { type Finding, listed, note, trouble } from './finding.ts';

export interface PolicyFact {
  /** Why no policy can be told: it cannot be loaded. Whole sentences. */
  fault: string | undefined;
  /** The user's file; undefined: there is none. */
  file: string | undefined;
  mode: 'enforce' | 'observe';
  /** What `policy check` says, each with its place. */
  problems: readonly { severity: 'error' | 'warning'; said: string }[];
  /** Files whose text is not the one in force. */
  unapplied: readonly string[];
  /** Files of which no text was ever in force. */
  fresh: readonly string[];
  /** Files that are no more, of which a text is in force all the same. */
  gone: readonly string[];
  /** Files that are there and do not count, whole sentences. */
  leftAside: readonly string[];
  /** Servers that are used here and that no item is for; only where the policy names servers at all. */
  unnamed: readonly string[];
  /** Why the notifier cannot be run, or should not be. A whole sentence. */
  notifier: string | undefined;
}

/** What of the policy is not what its writer means. */
export function policyFindings(policy: PolicyFact): Finding[] {
  const { file, fault } = policy;
  if (fault !== undefined)
    return [
      trouble('policy-unusable', fault, 'Wrapped servers do not start under it.', 'holdpoint policy check'),
    ];
  const found: Finding[] = [];
  if (file === undefined && policy.gone.length === 0)
    found.push(
      note(
        'no-policy',
        'There is no policy.',
        'Plain reads of accepted servers run; everything else is a question, also what you always approve.',
        'holdpoint policy init',
      ),
    );
  found.push(...writtenFindings(policy));
  if (policy.mode === 'observe')
    found.push(
      note(
        'policy-observes',
        'The policy only observes ("mode": "observe").',
        'Nothing is held or denied; it is recorded what would have been.',
        'set "mode" to "enforce", then: holdpoint policy apply',
      ),
    );
  if (policy.notifier !== undefined)
    found.push(
      trouble(
        'notifier-unusable',
        policy.notifier,
        'Nobody is told that a call waits, or somebody else chooses what is run for it.',
        null,
      ),
    );
  if (policy.unnamed.length > 0)
    found.push(
      note(
        'policy-names-not',
        `The policy has no item for ${listed(policy.unnamed)}.`,
        'Their calls go by the default alone.',
        // "init" takes only names of plain letters; without one it goes by what is in use.
        ['holdpoint policy init', ...policy.unnamed.filter(isPlain).slice(0, 1), '--print'].join(' '),
      ),
    );
  return found;
}

function isPlain(name: string): boolean {
  return /^[\w.-]+$/.test(name);
}

/** What of the files is wrong, or not in force. */
function writtenFindings({ problems, unapplied, fresh, gone, leftAside }: PolicyFact): Finding[] {
  const found = problems.map(({ severity, said }) => {
    const [id, level] =
      severity === 'error' ? (['policy-problem', trouble] as const) : (['policy-warning', note] as const);
    return level(
      id,
      said,
      'An item that does not do what it says protects nothing.',
      'holdpoint policy check',
    );
  });
  if (unapplied.length > 0)
    found.push(
      trouble(
        'policy-not-applied',
        `${listed(unapplied)} ${unapplied.length === 1 ? 'was' : 'were'} changed and not applied.`,
        'The text that was applied before stays in force; what was added may only ask and refuse.',
        'holdpoint policy apply',
      ),
    );
  if (fresh.length > 0)
    found.push(
      note(
        'policy-new',
        `${listed(fresh)} ${fresh.length === 1 ? 'has' : 'have'} never been applied.`,
        'The first policy of a home is applied at the next start; any other may only ask and refuse until then.',
        'holdpoint policy apply',
      ),
    );
  if (gone.length > 0)
    found.push(
      trouble(
        'policy-gone',
        `${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone; what was applied stays in force.`,
        'What it allows runs unasked, though no file says so any more.',
        'holdpoint policy apply',
      ),
    );
  for (const sentence of leftAside)
    found.push(trouble('policy-left-aside', sentence, 'Its rules do not count.', null));
  return found;
}
