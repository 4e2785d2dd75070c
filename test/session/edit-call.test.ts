import { describe, expect, it } from 'vitest';
import type { EditMessage } from '../../src/approvals/channel/messages.ts';
import type { HeldCall, Hold } from '../../src/approvals/holding/hold.ts';
import type { Decision } from '../../src/policy/decide/types.ts';
import { type EditParts, editOf } from '../../src/session/edit-call.ts';
import { heldCall, holdOf } from '../support/held.ts';
import { obligations } from '../support/obligations.ts';

const CALL = { argumentsText: '{"to":"bob"}', digest: 'd'.repeat(64), callDigest: 'c'.repeat(64) };
const LINE = new Uint8Array([1, 2]);
const ADA = { name: 'ada', method: 'watch' as const, tier: 0 as const, chain: [] };

function decided(more: Partial<Decision> = {}): Decision {
  return {
    effect: 'escalate',
    rule: 'r',
    reason: 'Because.',
    matched: ['r'],
    obligations: obligations(),
    diagnostics: [],
    counted: [],
    ...more,
  };
}

function edit(
  text: string,
  {
    call = {},
    hold = {},
    message = {},
    ...parts
  }: {
    call?: Partial<HeldCall>;
    hold?: Partial<Hold>;
    message?: Partial<EditMessage>;
  } & Partial<EditParts> = {},
) {
  const waits = { ...holdOf('h1'), request: 'n:7', held: heldCall({ ...CALL, ...call }), ...hold };
  const said: EditMessage = {
    type: 'edit',
    ref: 1,
    hold: 'h1',
    digest: CALL.digest,
    callDigest: CALL.callDigest,
    argumentsText: text,
    method: 'watch',
    chain: [],
    ...message,
  };
  return editOf(said, {
    held: (id) => (id === 'h1' ? waits : undefined),
    editor: ADA,
    misfit: async () => undefined,
    respelled: () => ({ line: LINE }),
    decideAgain: () => decided(),
    unmet: () => undefined,
    masked: (source) => source,
    ...parts,
  });
}

describe('other arguments for a call that waits', () => {
  it('are decided as the policy has it, and say who changed what', async () => {
    expect(await edit('{ "to": "carol" }')).toEqual({
      by: ADA,
      edit: {
        line: LINE,
        decision: decided(),
        from: { call: 1, hold: 'h1', by: 'ada', before: '{"to":"bob"}' },
        word: 'holdpoint: the user (ada) changed the arguments of this call before approving it: "to" was "bob" and is "carol". What follows is the answer to the changed call.',
      },
    });
  });

  it('are told against what the agent asked for, also where they were changed before', async () => {
    const edited = { call: 1, hold: 'h0', by: 'ben', before: '{"to":"al"}' };
    expect(await edit('{"to":"carol"}', { call: { edited } })).toMatchObject({
      edit: {
        from: { call: 1, hold: 'h1', by: 'ada', before: '{"to":"al"}' },
        word: expect.stringContaining('"al"'),
      },
    });
  });

  it('never run unasked, where the policy allows them or only observes', async () => {
    const allowed = decided({ effect: 'allow', rule: 'allow[0]', obligations: undefined, observed: true });
    const call = { obligations: obligations({ approvals: 2 }) };
    const found = await edit('{"to":"x"}', { call, decideAgain: () => allowed });
    expect(found).toMatchObject({
      edit: { decision: { effect: 'escalate', rule: 'builtin:edited', obligations: { approvals: 2 } } },
    });
    expect('edit' in found && found.edit.decision).not.toHaveProperty('observed');
  });

  it.each<[string, Parameters<typeof edit>[1], string]>([
    ['of a hold that is gone', { message: { hold: 'h2' } }, 'The call waits no more.'],
    [
      'of a call that was repeated meanwhile',
      { message: { digest: 'e'.repeat(64) } },
      'not what you were shown',
    ],
    [
      'of a call whose content is another',
      { message: { callDigest: 'e'.repeat(64) } },
      'not what you were shown',
    ],
    [
      'whose client was told to ask again',
      { hold: { request: undefined, state: 'detached' } },
      'told to ask again',
    ],
    ['over a channel where nobody may', { editor: undefined }, 'on the same machine only'],
    ['of a task', { call: { task: '{}' } }, 'runs as a task'],
    [
      'of a call that goes on',
      { call: { input: { answers: '{}', questions: null, continues: 1 } } },
      'ran in part',
    ],
    ['of a call by which tools are accepted', { call: { accepts: 'x' } }, 'accept those first'],
    ['that do not fit', { misfit: async () => 'They do not fit.' }, 'They do not fit.'],
    ['that make no call', { respelled: () => ({ fault: 'It would be another call.' }) }, 'another call'],
    [
      'that are denied',
      { decideAgain: () => decided({ effect: 'deny', rule: 'deny[0]' }) },
      'denies it so (deny[0]): Because.',
    ],
    [
      'that cannot be decided',
      {
        decideAgain: () => {
          throw new Error('no limit');
        },
      },
      'cannot decide it so: no limit.',
    ],
    ['that nobody could approve', { unmet: () => 'Two are needed.' }, 'Two are needed.'],
  ])('%s change nothing', async (_, parts, said) => {
    const found = await edit('{"to":"carol"}', parts);
    expect(found).toEqual({ fault: expect.stringContaining(said) });
    expect(found).toEqual({ fault: expect.stringMatching(/Nothing was changed\.$/) });
  });

  it.each(['', '{', '{"a":1,"a":2}', '{"a":1} x'])(
    'that are no clean JSON change nothing: %j',
    async (text) => {
      expect(await edit(text)).toEqual({
        fault: expect.stringMatching(/no clean JSON: .*Nothing was changed\.$/),
      });
    },
  );
});
