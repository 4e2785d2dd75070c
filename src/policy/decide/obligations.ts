import { approversOf } from './approvers-at.ts';
import { confirmFor, needsPassphrase, strongest } from './ladder.ts';
import type { ApprovalSettings, Item, Level, Obligations } from './types.ts';

/** What of a call says how an approval of it is given, besides the items that match it. */
export interface Weighed {
  level: Level;
  /** Its class is known, and it is a low one. */
  surelyLow: boolean;
  /** Somebody's signature counts here. */
  enrolled: boolean;
  tool: string;
  /** What is typed for it; `show`: the arguments that its rules want first. */
  text(show: readonly string[]): string;
}

/**
 * What the escalate items that match a call ask for together: the shortest time, the strongest confirmation, the most
 * approvals, only approvers whom all of them name (perhaps nobody: then the call cannot be approved), all to show.
 * Where none says how it is confirmed, its class does.
 */
export function obligationsOf(
  items: readonly Item[],
  { timeoutMs, sign }: Pick<ApprovalSettings, 'timeoutMs' | 'sign'>,
  call: Weighed,
): Obligations {
  const times = items.flatMap((item) => (item.timeoutMs === undefined ? [] : [item.timeoutMs]));
  const show = [...new Set(items.flatMap((item) => item.show))];
  const { confirm, expected } = confirmation(items, show, call);
  const approvals = Math.max(1, ...items.map((item) => item.approvals ?? 1));
  const whom = approversOf(items);
  const passphrase = needsPassphrase(confirm);
  return {
    timeoutMs: Math.min(timeoutMs, ...times),
    confirm,
    expected,
    level: call.level,
    seen: call.surelyLow && confirm === 'key' && approvals === 1 ? 'told' : 'all',
    large: items.some(({ large }) => large === true) && !items.some(({ large }) => large === false),
    show,
    approvals,
    ...whom,
    // Two people, or a passphrase for this very call, mean this very call.
    remember: approvals === 1 && !passphrase && items.every((item) => item.remember),
    // Only a key tells one person from another, or shows that a passphrase was typed.
    sign: sign === 'required' || approvals > 1 || whom.approvers !== null || passphrase,
  };
}

/** A rule that asks for a typed text means the tool's name; what its class asks for tells what is about to happen. */
function confirmation(
  items: readonly Item[],
  show: readonly string[],
  { level, enrolled, tool, text }: Weighed,
): Pick<Obligations, 'confirm' | 'expected'> {
  const ruled = strongest(items.map((item) => item.confirm));
  const climbed = ruled ?? confirmFor(level, enrolled);
  const confirm = strongest([climbed, ...items.map((item) => item.confirmAtLeast)]) ?? climbed;
  const named = confirm === 'type' && (ruled !== undefined || climbed !== 'type');
  return { confirm, expected: named ? tool : text(show) };
}
