import { describe, expect, it } from 'vitest';
import { type Grant, grantBytes, grantText, type KeptGrant } from '../../src/approvals/holding/grant.ts';
import { keyId, makeKey, type Signer, unlockKey } from '../../src/approvals/signing/approver-key.ts';
import type { Enrolment } from '../../src/approvals/signing/enrolment.ts';
import { type GrantsPorts, StandingGrants } from '../../src/session/standing-grants.ts';
import { heldCall } from '../support/held.ts';
import { obligations } from '../support/obligations.ts';

const PASSPHRASE = 'correct horse battery';

describe('the standing permissions of a session', async () => {
  const key = await makeKey('ada', PASSPHRASE);
  const signer = (await unlockKey(key, PASSPHRASE)) as Signer;
  const id = keyId(key.publicKey);
  const ada = { name: 'ada', key: id, publicKey: key.publicKey, since: '' };
  const enrolment: Enrolment = { approvers: new Map([[id, ada]]), head: 'h' };
  const grant: Grant = {
    id: 'k7qfm',
    server: 'fs',
    command: 'cmd',
    tool: 'write',
    definition: null,
    scope: 'call',
    rule: null,
    call: 'kc',
    caller: 'client:cli',
    matched: ['w'],
    obligations: obligations(),
    until: new Date(Date.now() + 3_600_000).toISOString(),
    at: new Date().toISOString(),
    by: 'ada',
    key: id,
  };
  const kept = (one: Grant): KeptGrant => {
    const statement = grantText(one);
    return { statement, value: signer.sign(grantBytes(statement)) };
  };
  const held = heldCall({ server: 'fs', tool: 'write', callDigest: 'c', matched: ['w'] });
  const said: string[] = [];
  const room = (more: Partial<GrantsPorts> = {}) =>
    new StandingGrants({
      command: 'cmd',
      enrolment: () => enrolment,
      keyed: (digest) => `k${digest}`,
      keptGrants: () => [kept(grant)],
      keepGrant: () => {},
      say: (sentence) => said.push(sentence),
      ...more,
    });
  const fails = (): never => {
    throw new Error('no');
  };

  it('hold what an enrolled key signed', () => {
    expect(room().for(held, []).kept?.id).toBe('k7qfm');
  });

  it.for<[string, Partial<GrantsPorts>]>([
    ['the file of grants cannot be read', { keptGrants: fails }],
    ['the list of approvers cannot be relied on', { enrolment: fails }],
    ['its signer is enrolled no more', { enrolment: () => ({ approvers: new Map(), head: 'h' }) }],
    [
      'the key now has another name',
      { enrolment: () => ({ approvers: new Map([[id, { ...ada, name: 'eve' }]]), head: 'h' }) },
    ],
    [
      'its text was changed',
      { keptGrants: () => [{ ...kept(grant), statement: grantText({ ...grant, scope: 'tool' }) }] },
    ],
    [
      'it was signed as something else',
      {
        keptGrants: () => [
          { statement: grantText(grant), value: signer.sign(Buffer.from(grantText(grant))) },
        ],
      },
    ],
    ['it is over', { keptGrants: () => [kept({ ...grant, until: new Date(0).toISOString() })] }],
  ])('hold nothing, so that a person is asked, when %s', ([, more]) => {
    expect(room(more).for(held, []).kept).toBeUndefined();
  });

  it('count a signed one in memory by the keys that are enrolled now', () => {
    expect([...room().for(held, [grant]).asking.keys]).toEqual([id]);
    expect([...room({ enrolment: fails }).for(held, [grant]).asking.keys]).toEqual([]);
  });

  it('say so when one cannot be kept: it then ends with the session', () => {
    room({ keepGrant: fails }).keep(grant, 'v');
    expect(said).toEqual(['grant k7qfm counts in this session only: no']);
  });
});
