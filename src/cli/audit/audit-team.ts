import type { Home } from '../../platform/home.ts';
import { type Compared, compare, readCopies, streamFaults } from '../../team/log/compare.ts';
import { localFiles } from '../../team/log/local-files.ts';
import { NatsLog } from '../../team/relay/nats-log.ts';
import { MembershipFile } from '../../team/trust/membership.ts';
import { atRelay } from '../team/at-relay.ts';

/** What the team's copy of the log says of this home's, and of every other machine's. */
export async function compareWithTeam(home: Home): Promise<Compared> {
  const said: string[] = [];
  const say = (sentence: string): void => void said.push(sentence);
  return atRelay(home, { command: 'verify', say }, async ({ policy: { team }, membership, relay, trust }) => {
    const log = new NatsLog(relay, team);
    const facts = await log.facts();
    // What is recorded meanwhile is behind, not cut.
    const copies = await readCopies(log, team.space, (name) => trust.machine(name));
    const compared = compare(copies, { machine: membership.machine, ...localFiles(home.audit) });
    const members = new MembershipFile(home);
    const findings = [...streamFaults(facts, members.logMade), ...said, ...compared.findings];
    members.logSeen(facts.made);
    return { ...compared, findings };
  });
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
