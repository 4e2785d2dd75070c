import { describe, expect, it } from 'vitest';
import { makeKey } from '../../../src/approvals/signing/approver-key.ts';
import { KeyRing } from '../../../src/watch/state/key-ring.ts';

const PASSPHRASE = 'correct horse battery';
const keyed = (digest: string): string => digest;

describe('the key of a terminal', async () => {
  const key = await makeKey('ada', PASSPHRASE);

  it('is locked until its passphrase is given, and stays so for a wrong one', async () => {
    const ring = new KeyRing(() => key, undefined, keyed);
    expect(ring.signing).toEqual({ state: 'locked', name: 'ada' });
    expect(await ring.open('wrong passphrase', true)).toEqual({
      fault: 'That is not the passphrase of ada.',
    });
    expect(ring.signing.state).toBe('locked');
    await ring.open(PASSPHRASE, true);
    expect(ring.signing).toEqual({ state: 'unlocked', name: 'ada' });
  });

  it('that was opened for one answer is not kept open', async () => {
    const ring = new KeyRing(() => key, undefined, keyed);
    expect(await ring.open(PASSPHRASE, false)).toHaveProperty('sign');
    expect(ring.signer).toBeUndefined();
  });

  it('is put away after 30 minutes in which nobody was there', async () => {
    const ring = new KeyRing(() => key, undefined, keyed);
    await ring.open(PASSPHRASE, true);
    expect(ring.lockWhenIdle(29 * 60_000)).toBe(false);
    expect(ring.lockWhenIdle(30 * 60_000)).toBe(true);
    expect(ring.signer).toBeUndefined();
    expect(ring.lockWhenIdle(60 * 60_000)).toBe(false);
  });

  it('is refused where other code could read it, and where there is none', async () => {
    const unsafe = new KeyRing(() => key, 'NODE_OPTIONS is set.', keyed);
    expect(await unsafe.open(PASSPHRASE, true)).toEqual({ fault: 'NODE_OPTIONS is set.' });
    const none = new KeyRing(() => undefined, undefined, keyed);
    expect(none.signing.state).toBe('none');
    expect(await none.open(PASSPHRASE, true)).toHaveProperty('fault');
  });
});

describe('a key that is made while the terminal is open', () => {
  it('is found by looking again, once, and no fault of looking ends the terminal', async () => {
    const made = await makeKey('ada', 'correct horse battery');
    let there: typeof made | undefined;
    let fault = false;
    const ring = new KeyRing(
      () => {
        if (fault) throw new Error('two keys');
        return there;
      },
      undefined,
      (digest) => digest,
    );
    expect(ring.look()).toBe(false);
    fault = true;
    expect(ring.look()).toBe(false);
    fault = false;
    there = made;
    expect(ring.look()).toBe(true);
    expect(ring.signing).toEqual({ state: 'locked', name: 'ada' });
    expect(ring.look()).toBe(false);
  });
});
