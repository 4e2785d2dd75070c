import type { Home } from '../../platform/home.ts';
import type { Offer } from '../../policy/offers/offers.ts';
import { personOnly } from '../../session/person-only.ts';
import { visible } from '../../text/visible.ts';
import { loosener } from '../approving/seals.ts';
import { ask } from '../terminal/ask.ts';
import { carryOut, differenceOf, ruleToAdd } from './rule-edit.ts';

/**
 * Writes a rule into the policy of the home, and puts it into force: with the difference, the question and the
 * passphrase, before anything is written. Rejects with a PlainError; a file that was changed meanwhile is left as it is.
 */
export async function addRule(home: Home, offer: Offer, { yes = false }: { yes?: boolean }): Promise<void> {
  const edit = await ruleToAdd(home, offer, Date.now());
  await personOnly(home, { cause: 'apply-refused', what: `policy suggest --add to ${edit.path}` });
  const lines = ['--- in force now', `+++ ${visible(edit.path)}`, ...differenceOf(edit)];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!yes && !(await ask('Write this rule and put this policy into force?'))) {
    process.stdout.write('Nothing was changed.\n');
    return;
  }
  const said = await carryOut(home, edit, { signer: await loosener(home, undefined) });
  const end = `It is ${edit.id}, and "holdpoint grants revoke ${edit.id}" ends it.`;
  process.stdout.write(
    [
      'Applied. It counts from the next call of every server on.',
      end,
      ...said.map((one) => one.said),
      '',
    ].join('\n'),
  );
}
