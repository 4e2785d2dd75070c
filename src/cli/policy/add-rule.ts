import { join } from 'node:path';
import { ensurePrivateFolder, type Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readText, replaceFile } from '../../platform/replace-file.ts';
import type { Offer } from '../../policy/offers/offers.ts';
import { withItems } from '../../policy/source/add-items.ts';
import { formatOf } from '../../policy/source/compile.ts';
import { visible } from '../../text/visible.ts';
import { applyPolicy } from './policy-apply.ts';
import { policyFile } from './policy-source.ts';

/**
 * Writes a rule into the policy of the home, and applies it as `policy apply` does: with the difference, the question
 * and the passphrase. Rejects with a PlainError; a file that was changed meanwhile is left as it is.
 */
export async function addRule(home: Home, { item, limit }: Offer, options: { yes?: boolean }): Promise<void> {
  const { path, text } = policyFile(home, undefined);
  if (formatOf(path, text) !== 'json')
    throw new PlainError(
      `${visible(path)} is YAML, and only JSON is edited here. Add to "allow": ${visible(JSON.stringify(item))}`,
    );
  const after = await withItems(text, { allow: item, escalate: limit });
  if (after === undefined)
    throw new PlainError(`The rule cannot be put into ${visible(path)} as it stands; nothing was changed.`);
  if (readText(path) !== text)
    throw new PlainError(
      `${visible(path)} was changed just now by somebody else, so nothing was written. Run this again.`,
    );
  const backups = join(home.root, 'backups');
  ensurePrivateFolder(backups);
  replaceFile(path, text, after, backups);
  await applyPolicy(undefined, { ...options, home: home.root });
}
