import { describe, expect, it } from 'vitest';
import { harmPart } from '../../../src/watch/page/words.ts';
import type { Entry } from '../../../src/watch/state/screen.ts';
import { holdView } from '../../support/held.ts';

const said = (more: Parameters<typeof holdView>[1]): string =>
  harmPart({ hold: holdView('AAAAA', more), session: { brake: false } } as unknown as Entry).text;

describe('beside the class a card says', () => {
  it('what cannot simply be taken back, and nothing of what can or is not known', () => {
    expect(said({ risk: 'destructive', reversibility: 'irreversible' })).toMatch(
      /destructive, irreversible$/,
    );
    expect(said({ risk: 'write', reversibility: 'hard' })).toMatch(/write, hard to undo$/);
    expect(said({ risk: 'write', reversibility: 'reversible' })).toMatch(/write$/);
    expect(said({ risk: 'execute', reversibility: 'unknown' })).toMatch(/execute$/);
  });
});
