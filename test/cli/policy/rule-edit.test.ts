import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  carryOut,
  differenceOf,
  ruleToAdd,
  ruleToTakeOut,
  takeOut,
} from '../../../src/cli/policy/rule-edit.ts';
import { AppliedState, USER_SLOT } from '../../../src/config/applied-state.ts';
import { type Home, resolveHome } from '../../../src/platform/home.ts';
import type { Offer } from '../../../src/policy/offers/offers.ts';

const item = { tool: 'chat/post', when: "args.channel == '#dev'" };
const POST: Offer = { scope: 'bounded', item, words: '', limit: { ...item, over: '10/hour' } };
const READS: Offer = { scope: 'bounded', item: { tool: 'fs/read', when: "args.a == 'b'" }, words: '' };
const NOW = Date.parse('2026-11-27T12:00:00');
const TEXT = '{\n  // mine\n  "version": 1,\n  "allow": [\n    "fs/list"\n  ]\n}\n';

/** A home whose policy is in force. */
function homeWith(text: string): { home: Home; file: string; read(): string; inForce(): string | undefined } {
  const home = resolveHome(mkdtempSync('/tmp/hp-'), {});
  onTestFinished(() => rmSync(home.root, { recursive: true, force: true }));
  const file = join(home.root, 'policy.json');
  writeFileSync(file, text, { mode: 0o600 });
  new AppliedState(home).put(USER_SLOT, { path: file, text });
  const inForce = () => new AppliedState(home).of(USER_SLOT)?.text;
  return { home, file, read: () => readFileSync(file, 'utf8'), inForce };
}

describe('a rule that is put into the policy', () => {
  it('is named by its day, with its limit, and both texts are the same then', async () => {
    const { home, read, inForce } = homeWith(TEXT);
    const edit = await ruleToAdd(home, POST, NOW);
    expect([edit.id, edit.differs]).toEqual([expect.stringMatching(/^added-2026-11-27-[0-9a-f]{6}$/), false]);
    expect(read()).toBe(TEXT);
    expect(differenceOf(edit).filter((line) => line.startsWith('-'))).toEqual([]);
    expect(await carryOut(home, edit, {})).toEqual([]);
    expect(inForce()).toBe(read());
    expect(read()).toContain('// mine');
    expect(read()).toContain(`{"id":"${edit.id}-limit","tool":"chat/post"`);
  });

  it('stands there once', async () => {
    const { home } = homeWith(TEXT);
    const edit = await ruleToAdd(home, READS, NOW);
    await carryOut(home, edit, {});
    await expect(ruleToAdd(home, READS, NOW)).rejects.toThrow(`already (${edit.id})`);
  });

  it('leaves its limit when it is taken out, which may only ask, and finds it when it comes back', async () => {
    const { home, read, inForce } = homeWith(TEXT);
    const { id } = await ruleToAdd(home, POST, NOW).then(async (edit) => {
      await carryOut(home, edit, {});
      return edit;
    });
    await takeOut(home, await ruleToTakeOut(home, id));
    expect(read()).not.toContain(`"${id}"`);
    expect(read().match(/-limit"/g)).toHaveLength(1);
    expect(inForce()).toBe(read());
    await carryOut(home, await ruleToAdd(home, POST, NOW), {});
    expect(read()).toContain(`"${id}"`);
    expect(read().match(/-limit"/g)).toHaveLength(1);
  });

  it('that cannot be recorded is not in force, and the file is as it was', async () => {
    const { home, read, inForce } = homeWith(TEXT);
    const edit = await ruleToAdd(home, READS, NOW);
    mkdirSync(home.root, { recursive: true });
    writeFileSync(home.audit, 'no folder');
    await expect(carryOut(home, edit, {})).rejects.toThrow();
    expect([read(), inForce()]).toEqual([TEXT, TEXT]);
  });

  it('is not written over what somebody wrote or applied since it was shown', async () => {
    const { home, file, read, inForce } = homeWith(TEXT);
    const edit = await ruleToAdd(home, READS, NOW);
    const theirs = TEXT.replace('fs/list', 'fs/look');
    writeFileSync(file, theirs);
    await expect(carryOut(home, edit, {})).rejects.toThrow('changed just now by somebody else');
    expect([read(), inForce()]).toEqual([theirs, TEXT]);
    writeFileSync(file, TEXT);
    new AppliedState(home).put(USER_SLOT, { path: file, text: theirs });
    await expect(carryOut(home, edit, {})).rejects.toThrow('was applied by somebody else just now');
    expect([read(), inForce()]).toEqual([TEXT, theirs]);
  });
});
