import { vi } from 'vitest';
import { Broker, type BrokerPorts, type BrokerSettings } from '../../src/approvals/holding/broker.ts';

/** A broker whose records are all written, and what it asked of the others. */
export function broker(ports: Partial<BrokerPorts> = {}, settings: Partial<BrokerSettings> = {}) {
  let ids = 0;
  const seen = {
    forward: vi.fn(() => true),
    refuse: vi.fn(),
    forget: vi.fn(),
    again: vi.fn(),
    keepAlive: vi.fn(),
    reply: vi.fn(),
  };
  const all: BrokerPorts = {
    now: () => ({ wall: Date.now(), mono: performance.now() }),
    newId: () => `h${++ids}`,
    newNonce: () => 'nonce',
    unmet: () => undefined,
    stopped: () => undefined,
    grantsFor: (held) => ({ asking: { held, command: '', call: '', keys: new Set() }, kept: undefined }),
    keepGrant: () => {},
    record: () => {},
    approvers: () => 1,
    show: () => {},
    waits: () => {},
    closed: () => {},
    brake: () => {},
    enrolled: () => false,
    ...seen,
    ...ports,
  };
  const made = new Broker(all, {
    maxLive: 64,
    passForMs: 900_000,
    coolDownMs: 60_000,
    headless: 'hold',
    cli: 'any',
    answerWithinMs: () => undefined,
    timedOut: () => {},
    ...settings,
  });
  return { broker: made, ...seen };
}
