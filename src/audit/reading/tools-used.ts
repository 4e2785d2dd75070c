import type { CallRecord } from './call-record.ts';
import { eachCall } from './each-call.ts';
import { sessionsIn } from './session-parts.ts';

/** How often a tool ran without a question: because a policy let it, or because it only observed. */
export interface RanUnasked {
  allowed: number;
  observed: number;
}

/** By server and tool, what an audit folder has calls of. Throws a PlainError only when the folder cannot be listed. */
export function toolsUsed(folder: string): Map<string, Map<string, RanUnasked>> {
  const all = new Map<string, Map<string, RanUnasked>>();
  for (const session of sessionsIn(folder)) {
    const { taken } = eachCall(session, () => new ToolTally());
    for (const [server, tools] of taken.servers)
      for (const [tool, ran] of tools) add(all, { server, tool }, ran);
  }
  return all;
}

class ToolTally {
  readonly servers = new Map<string, Map<string, RanUnasked>>();

  record(): void {}

  call({ server, tool, effect, forwarded, ...rest }: CallRecord): void {
    const answered = [rest.hold, rest.pass, rest.grant, rest.continues].some((one) => one !== undefined);
    const allowed = effect === 'allow' ? 1 : 0;
    const observed = effect !== 'allow' && forwarded && !answered ? 1 : 0;
    add(this.servers, { server, tool }, { allowed, observed });
  }
}

function add(
  all: Map<string, Map<string, RanUnasked>>,
  { server, tool }: Pick<CallRecord, 'server' | 'tool'>,
  { allowed, observed }: RanUnasked,
): void {
  const tools = all.get(server) ?? new Map<string, RanUnasked>();
  const before = tools.get(tool) ?? { allowed: 0, observed: 0 };
  tools.set(tool, { allowed: before.allowed + allowed, observed: before.observed + observed });
  all.set(server, tools);
}
