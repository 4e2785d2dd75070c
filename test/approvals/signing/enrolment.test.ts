import { describe, expect, it } from 'vitest';
import { keyId, makeKey, type Signer, unlockKey } from '../../../src/approvals/signing/approver-key.ts';
import {
  type EnrolmentEvent,
  eventDigest,
  publicIdentity,
  readPublicIdentity,
  replay,
  signEvent,
} from '../../../src/approvals/signing/enrolment.ts';

const PASSPHRASE = 'correct horse battery';

async function person(name: string) {
  const key = await makeKey(name, PASSPHRASE);
  const signer = (await unlockKey(key, PASSPHRASE)) as Signer;
  return { name, publicKey: key.publicKey, signer, key: keyId(key.publicKey) };
}

describe('the list of approvers', async () => {
  const [ada, bob, eve] = await Promise.all([person('ada'), person('bob'), person('eve')]);
  type Person = typeof ada;
  const change = (
    event: EnrolmentEvent['event'],
    who: Person,
    by: Person,
    before: EnrolmentEvent | undefined,
  ): EnrolmentEvent =>
    signEvent(
      {
        event,
        name: who.name,
        publicKey: who.publicKey,
        at: '2026-11-25T10:00:00.000Z',
        by: by.key,
        prev: before === undefined ? null : eventDigest(before),
      },
      by.signer,
    );
  const first = change('enrolled', ada, ada, undefined);
  const second = change('enrolled', bob, ada, first);
  const third = change('removed', ada, bob, second);
  const names = (events: unknown[]) => {
    const found = replay(events);
    return 'fault' in found ? found.fault : [...found.approvers.values()].map((one) => one.name);
  };

  it('begins with somebody who vouches for themself, and grows and shrinks by those on it', () => {
    expect(names([])).toEqual([]);
    expect(names([first])).toEqual(['ada']);
    expect(names([first, second])).toEqual(['ada', 'bob']);
    expect(names([first, second, third])).toEqual(['bob']);
  });

  it.for([
    ['a stranger enrolls themself', [first, change('enrolled', eve, eve, first)], 'not enrolled'],
    ['a stranger removes an approver', [first, change('removed', ada, eve, first)], 'not enrolled'],
    [
      'a removed approver enrolls another',
      [first, second, third, change('enrolled', eve, ada, third)],
      'not enrolled',
    ],
    ['a change is taken out of the middle', [first, third], 'taken out'],
    ['the first change is taken out', [second, third], 'taken out'],
    ['changes are swapped', [second, first], 'taken out'],
    ['a change is there twice', [first, second, second], 'taken out'],
    [
      'a name is given to another key',
      [first, second, change('enrolled', { ...eve, name: 'bob' }, ada, second)],
      'twice',
    ],
    [
      'a key is enrolled under two names',
      [first, change('enrolled', { ...ada, name: 'root' }, ada, first)],
      'twice',
    ],
    ['somebody not on it is removed', [first, change('removed', bob, ada, first)], 'not enrolled'],
    ['an entry is something else', [first, { event: 'enrolled' }], 'not one of ours'],
    ['an entry is null', [null], 'not one of ours'],
  ] as const)('counts for nothing when %s', ([, events, fault]) => {
    expect(names([...events])).toContain(fault);
  });

  it('counts for nothing when any character of a change was altered', () => {
    const text = JSON.stringify([first, second]);
    let counted = 0;
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      let events: unknown;
      try {
        events = JSON.parse(text.slice(0, at) + other + text.slice(at + 1));
      } catch {
        continue;
      }
      if (!Array.isArray(events)) continue;
      const found = names(events);
      if (Array.isArray(found) && found.join() === 'ada,bob') counted += 1;
    }
    // Base64url's last character carries unused bits: another spelling of the very same signature or key.
    expect(counted).toBeLessThanOrEqual(4);
  });

  it('takes a public key only with the proof that its owner holds the private one', () => {
    const identity = publicIdentity(ada.publicKey, ada.signer);
    expect(readPublicIdentity(JSON.stringify(identity))).toEqual(identity);
    expect(readPublicIdentity(JSON.stringify({ ...identity, name: 'root' }))).toBeUndefined();
    expect(readPublicIdentity(JSON.stringify({ ...identity, publicKey: eve.publicKey }))).toBeUndefined();
    expect(readPublicIdentity('null')).toBeUndefined();
    expect(readPublicIdentity('{')).toBeUndefined();
  });
});
