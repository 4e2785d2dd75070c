import { join } from 'node:path';
import { POLICY_INVALID } from '../config/applied-policy.ts';
import { findPolicy } from '../config/find-policy.ts';
import { resolveHome } from '../config/home.ts';
import { compilePolicy } from '../policy/source/compile.ts';
import { describe } from '../policy/source/problems.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';

/** `holdpoint policy check [FILE]`: every problem at once, one a line; exit 3 when there are any. */
export function checkPolicy(file: string | undefined, options: { json?: boolean; home?: string }): void {
  const home = resolveHome(options.home, process.env);
  const found = findPolicy(home, file);
  if (found === null) {
    throw new PlainError(
      `There is no policy file in ${home.root} (${join(home.root, 'policy.json')}); without one every call is held for a person.`,
    );
  }
  const { policy, problems = [] } = compilePolicy(found.text);
  if (problems.length > 0) process.exitCode = POLICY_INVALID;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(problems, null, 2)}\n`);
    return;
  }
  if (found.untrusted !== undefined) process.stderr.write(`holdpoint: ${found.untrusted}\n`);
  for (const problem of problems) process.stdout.write(`${visible(describe(problem, found.path))}\n`);
  if (policy === undefined) return;
  const count = (n: number, word: string): string => `${n} ${word}`;
  const items = [
    count(policy.deny.length, 'deny'),
    count(policy.escalate.length, 'escalate'),
    count(policy.allow.length, 'allow'),
  ].join(', ');
  process.stdout.write(`${found.path} is a valid policy: ${items}; everything else: ${policy.default}.\n`);
}
