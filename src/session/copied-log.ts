import { listAuditFolder } from '../audit/log/session-files.ts';
import { runningSessions } from '../audit/retention/running-sessions.ts';
import type { Home } from '../platform/home.ts';
import type { TeamSettings } from '../policy/decide/types.ts';
import { Recipients } from '../team/holds/recipients.ts';
import { lastSeq } from '../team/log/last-seq.ts';
import { copiedSoFar, LogMirror, subjectOf } from '../team/log/log-mirror.ts';
import { NatsLog } from '../team/relay/nats-log.ts';
import type { NatsRelay } from '../team/relay/nats-relay.ts';
import type { Machine } from '../team/trust/machine.ts';
import { MembershipFile } from '../team/trust/membership.ts';
import type { TeamTrust } from '../team/trust/team-trust.ts';

export interface CopyParts {
  home: Home;
  team: TeamSettings;
  relay: NatsRelay;
  trust: TeamTrust;
  machine: Machine;
  say(sentence: string): void;
}

export function mirrorOf({ home, team, relay, trust, machine, say }: CopyParts): LogMirror {
  const recipients = new Recipients();
  const log = new NatsLog(relay, team);
  void log.facts().then(
    ({ made }) => new MembershipFile(home).logSeen(made),
    () => {},
  );
  return new LogMirror({
    ...{ relay: log, space: team.space, machine, say },
    auditors: () =>
      team.auditors.length === 0
        ? new Map()
        : recipients.of(trust.enrolment().approvers.values(), team.auditors),
  });
}

/** How many records of this machine the relay does not have. Rejects with a PlainError. */
export async function behind({
  home,
  team,
  relay,
  machine,
}: Omit<CopyParts, 'trust' | 'say'>): Promise<number> {
  const copied = await copiedSoFar(new NatsLog(relay, team), team.space, machine.name);
  return listAuditFolder(home.audit).files.reduce((sum, { name, path }) => {
    const last = copied.get(subjectOf(team.space, machine.name, name)) ?? -1;
    return sum + Math.max(0, lastSeq(path) - last);
  }, 0);
}

/**
 * What this machine recorded and the relay does not have: of sessions that ended while it could not be reached, and of
 * commands. Those that run copy their own.
 */
export async function catchUp(parts: CopyParts, mirror: LogMirror): Promise<void> {
  const { home, team, relay, machine } = parts;
  const copied = await copiedSoFar(new NatsLog(relay, team), team.space, machine.name);
  const running = runningSessions(home.run);
  for (const { name, path, session } of listAuditFolder(home.audit).files) {
    const last = copied.get(subjectOf(team.space, machine.name, name)) ?? -1;
    if (!running.has(session) && lastSeq(path) > last) mirror.wake({ name, path });
  }
}
