import type { Home } from '../../platform/home.ts';
import type { TeamSettings } from '../../policy/decide/types.ts';
import { membershipOf, trustOf } from '../../session/open-team.ts';
import { type Compared, compare, readCopies, streamFaults } from '../../team/log/compare.ts';
import { localFiles } from '../../team/log/local-files.ts';
import { NatsLog } from '../../team/relay/nats-log.ts';
import { connectRelay } from '../../team/relay/nats-relay.ts';
import { MembershipFile } from '../../team/trust/membership.ts';

/** What the team's copy of the log says of this home's, and of every other machine's. */
export async function compareWithTeam(home: Home, team: TeamSettings): Promise<Compared> {
  const { machine } = membershipOf(home, team);
  const relay = await connectRelay(team, { machine, name: `verify-${process.pid}`, patient: false });
  try {
    const said: string[] = [];
    const trust = trustOf(home, team, relay, (sentence) => said.push(sentence));
    await trust.start();
    trust.stop();
    const log = new NatsLog(relay, team);
    const facts = await log.facts();
    // What is recorded meanwhile is behind, not cut.
    const copies = await readCopies(log, team.space, (name) => trust.machine(name));
    const own = { machine, ...localFiles(home.audit) };
    const compared = compare(copies, own);
    const members = new MembershipFile(home);
    const findings = [...streamFaults(facts, members.logMade), ...said, ...compared.findings];
    members.logSeen(facts.made);
    return { ...compared, findings };
  } finally {
    await relay.close();
  }
}

/** The same as lines for a person. */
export function comparedLines({ findings, behind, copied, machines }: Compared): string[] {
  const whose = machines.length === 0 ? 'no machine' : machines.join(', ');
  const lag =
    behind === 0
      ? 'nothing of this machine is missing there'
      : `${behind} records of this machine are not there yet`;
  return [
    `team: ${copied} records of ${whose} are copied; ${lag}.`,
    ...findings.map((finding) => `TAMPERED  ${finding}`),
    ...(findings.length === 0 ? ['team: the copy and this log say the same.'] : []),
  ];
}
