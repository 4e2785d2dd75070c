import { listAuditFolder, type SessionFile } from '../audit/log/session-files.ts';
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

/** Whose log. */
type Of = Omit<CopyParts, 'trust' | 'say'>;

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
export async function behind(parts: Of): Promise<number> {
  return (await lacking(parts)).reduce((sum, { records }) => sum + records, 0);
}

/** The session files of this machine that the relay does not have whole, and how many records of each it lacks. */
async function lacking({ home, team, relay, machine }: Of): Promise<(SessionFile & { records: number })[]> {
  const copied = await copiedSoFar(new NatsLog(relay, team), team.space, machine.name);
  return listAuditFolder(home.audit).files.flatMap((file) => {
    const records = lastSeq(file.path) - (copied.get(subjectOf(team.space, machine.name, file.name)) ?? -1);
    return records > 0 ? [{ ...file, records }] : [];
  });
}

/**
 * What this machine recorded and the relay does not have: of sessions that ended while it could not be reached, and of
 * commands. Those that run copy their own.
 */
export async function catchUp(parts: Of, mirror: LogMirror): Promise<void> {
  const files = await lacking(parts);
  const running = runningSessions(parts.home.run);
  for (const { name, path, session } of files) if (!running.has(session)) mirror.wake({ name, path });
}
