import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Signer } from '../../src/approvals/signing/approver-key.ts';
import { sealOf } from '../../src/approvals/signing/loosening.ts';
import { AppliedState, policyDigest, USER_SLOT } from '../../src/config/applied-state.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { recordCommand } from '../../src/session/command-record.ts';
import { enroll, initApprover, signerOf } from './approver.ts';
import { newHome, type TestPolicy } from './home.ts';

/**
 * A home in which these are enrolled, the first as its first approver, who let the others count. A key takes a second
 * of scrypt and a person who types its passphrase, so each such home is made once a run and copied.
 */
export async function enrolledHome(policy: TestPolicy, ...names: string[]): Promise<string> {
  const home = newHome(policy);
  cpSync(await templateOf(names), home, { recursive: true });
  const path = join(home, 'policy.json');
  const signer = await signerOf(home, names[0] ?? '');
  applies(home, USER_SLOT, { path, text: readFileSync(path, 'utf8') }, signer);
  return home;
}

/** What `policy apply` does once the person has typed the passphrase; signed by nobody without a signer. */
export function applies(
  home: string,
  slot: string,
  policy: { path: string; text: string },
  signer?: Signer,
): void {
  const place = resolveHome(home, {});
  const digest = policyDigest(policy.text);
  const by = { name: 'ada', key: signer?.key, tier: 1 };
  recordCommand(place, { type: 'policy', event: 'applied', file: policy.path, digest, by });
  const at = new Date().toISOString();
  const seal = signer && sealOf({ what: 'policy', of: slot, digest }, at, signer);
  new AppliedState(place).put(slot, policy, { seal });
}

/** The folder that was made for all tests of the run; nobody may write into it. */
export async function templateOf(names: readonly string[]): Promise<string> {
  const template = join(inject('templates'), names.join('+'));
  if (existsSync(template)) return template;
  const made = mkdtempSync('/tmp/hp-');
  const [first = '', ...others] = names;
  for (const name of names) await initApprover(made, name);
  for (const name of others) await enroll(made, name, first);
  try {
    renameSync(made, template);
  } catch {
    // Another worker was faster.
    rmSync(made, { recursive: true, force: true });
  }
  return template;
}
