import type { Home } from '../../platform/home.ts';
import { membershipOf, trustOf } from '../../session/open-team.ts';
import { connectRelay, type NatsRelay } from '../../team/relay/nats-relay.ts';
import type { Membership } from '../../team/trust/membership.ts';
import type { TeamTrust } from '../../team/trust/team-trust.ts';
import type { TeamPolicy } from './given.ts';
import { configuredPolicy } from './given.ts';

/** A command at its team's relay: what other members published was read. */
export interface AtRelay {
  policy: TeamPolicy;
  membership: Membership;
  relay: NatsRelay;
  trust: TeamTrust;
}

/**
 * Reaches the relay for one command, and lets go of it. `say`: what of the other members does not count here. Rejects
 * with a PlainError: for a home of no team, a relay that cannot be reached.
 */
export async function atRelay<T>(
  home: Home,
  { command, say = () => {} }: { command: string; say?(sentence: string): void },
  done: (at: AtRelay) => Promise<T>,
): Promise<T> {
  const policy = await configuredPolicy(home);
  const { team } = policy;
  const membership = membershipOf(home, team);
  const name = `${command}-${process.pid}`;
  const relay = await connectRelay(team, { machine: membership.machine, name, patient: false });
  try {
    const trust = trustOf(home, team, relay, say);
    await trust.start();
    trust.stop();
    return await done({ policy, membership, relay, trust });
  } finally {
    await relay.close();
  }
}
