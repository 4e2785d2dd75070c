import type { RiskClass } from './classes/risk-class.ts';
import type { Risk, ToolDefinition } from './classes/tool-risk.ts';
import { deedWord } from './deeds/deed-words.ts';
import { nameWords } from './words/tokens.ts';

export const REVERSIBILITIES = ['reversible', 'hard', 'irreversible', 'unknown'] as const;

/** Whether what a tool does can be taken back (OWASP AISVS 9.2.3); `hard`: with loss, or with somebody's help. */
export type Reversibility = (typeof REVERSIBILITIES)[number];

export interface Reversible {
  answer: Reversibility;
  /** What decided, readable: `name: "purge"`, `class: write`. */
  why: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What these leave behind nobody can put back. */
const GONE =
  words(`delete drop purge wipe erase destroy truncate shred expunge obliterate nuke flush format incinerate
  zeroize vacuum empty overwrite kill terminate burn scrap send resend email mail tweet post publish broadcast notify
  announce dial fax sms text reply forward transmit submit file sign transfer wire pay withdraw remit payout disburse
  mint sell buy trade purchase bid bet wager swap bridge liquidate vote dispense administer fire expel merge-into
  impersonate invite message page call testify sue`);
/** What these undo is known, and may cost a copy that somebody must have. */
const WITH_LOSS =
  words(`update edit modify change set patch replace write rewrite restore rollback revert reset migrate
  upgrade downgrade deploy redeploy release rollout restart reboot rotate revoke cancel close refund charge invoice
  remove uninstall unpublish deprovision decommission evict squash rebase force merge convert normalize apply order book
  import convert resize recall offboard dismiss reject approve transform clean cleanup prune compact`);
/** There is a deed that takes these back, and nothing is lost between. */
const THERE_AND_BACK =
  words(`create add insert new make build register append upload copy duplicate clone tag untag label
  rename move assign unassign archive unarchive pin unpin mute unmute enable disable pause resume start stop lock unlock
  star unstar follow unfollow subscribe unsubscribe watch mark link unlink hide unhide open scale cordon uncordon block
  unblock activate deactivate suspend unsuspend attach detach mount unmount snooze reserve draft`);

const NEVER =
  /\b(?:cannot be (?:undone|reversed|recovered|restored)|can ?not be undone|can['\u2019]?t be undone|irreversibl[ey]|permanently|unrecoverabl[ey]|forever|for good)\b/i;
const KEPT =
  /\b(?:soft[- ]delet\w+|to (?:the )?(?:trash|recycle bin|bin)|recycle bin|can be (?:restored|recovered|undone))\b/i;
const NOT = /\b(?:not|never|no|without)\b[^.]{0,30}$/i;

/** What a class says where no word does. */
const OF_CLASS: Readonly<Record<RiskClass, Reversibility>> = {
  read: 'reversible',
  write: 'hard',
  destructive: 'irreversible',
  execute: 'unknown',
  financial: 'hard',
  outbound: 'irreversible',
  production: 'hard',
  unknown: 'unknown',
};

function byVerb(verb: string): Reversibility | undefined {
  if (GONE.has(verb)) return 'irreversible';
  if (WITH_LOSS.has(verb)) return 'hard';
  return THERE_AND_BACK.has(verb) ? 'reversible' : undefined;
}

/** The deed that a name is about. */
function deedIn(name: string): { word: string; answer: Reversibility } | undefined {
  for (const word of nameWords(name)) {
    const deed = deedWord(word);
    if (deed === undefined || deed.form === 'done') continue;
    if (deed.reads) return undefined;
    const answer = byVerb(deed.verb);
    if (answer !== undefined) return { word, answer };
  }
  return undefined;
}

const WORSE: readonly Reversibility[] = ['reversible', 'unknown', 'hard', 'irreversible'];
const worse = (one: Reversibility, other: Reversibility): Reversibility =>
  WORSE.indexOf(one) > WORSE.indexOf(other) ? one : other;

/**
 * Whether what a tool does can be taken back, by its definition and its class. A guess, like the class: what a server
 * says to its credit ("can be restored") makes `irreversible` no better than `hard`, and nothing `reversible`.
 */
export function reversibilityOf({ name, description = '' }: ToolDefinition, risk: Risk): Reversible {
  if (risk.class === 'read')
    return risk.sure
      ? { answer: 'reversible', why: 'it only reads' }
      : { answer: 'unknown', why: 'it may do more than read' };
  const never = NEVER.exec(description);
  if (never !== null && !NOT.test(description.slice(0, never.index)))
    return { answer: 'irreversible', why: `description: "${never[0].toLowerCase()}"` };
  const kept = KEPT.exec(description)?.[0];
  // What code does, and what nothing tells of, is not told by the verb beside it.
  const deed = risk.class === 'execute' || risk.class === 'unknown' ? undefined : deedIn(name);
  const ofClass = OF_CLASS[risk.class];
  // A grave class is not made light by a light verb: "create_payment".
  const grave = ofClass === 'irreversible' || risk.class === 'financial';
  const answer = deed === undefined ? ofClass : grave ? worse(deed.answer, ofClass) : deed.answer;
  if (answer === 'irreversible' && kept !== undefined && risk.class === 'destructive')
    return { answer: 'hard', why: `description: "${kept.toLowerCase()}"` };
  const said = deed !== undefined && deed.answer === answer;
  return { answer, why: said ? `name: "${deed.word}"` : `class: ${risk.class}` };
}
