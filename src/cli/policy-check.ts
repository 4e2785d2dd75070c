import { join } from 'node:path';
import { unmetBy } from '../approvals/entitled.ts';
import { POLICY_INVALID } from '../config/applied-policy.ts';
import { findPolicy } from '../config/find-policy.ts';
import { type Home, resolveHome } from '../config/home.ts';
import { obligationsOf } from '../policy/decide/obligations.ts';
import type { Item, Policy } from '../policy/decide/types.ts';
import { compilePolicy, placeIn } from '../policy/source/compile.ts';
import { describe, type Problem } from '../policy/source/problems.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';
import { enrolmentOf } from './enrolment-of.ts';

/** `holdpoint policy check [FILE]`: every problem at once, one a line; exit 3 when there are any. */
export function checkPolicy(file: string | undefined, options: { json?: boolean; home?: string }): void {
  const home = resolveHome(options.home, process.env);
  const found = findPolicy(home, file);
  if (found === null) {
    throw new PlainError(
      `There is no policy file in ${home.root} (${join(home.root, 'policy.json')}); without one every call is held for a person.`,
    );
  }
  const { policy, problems: faults = [] } = compilePolicy(found.text);
  const problems = policy === undefined ? faults : unmetItems(home, found.text, policy);
  if (problems.length > 0) process.exitCode = POLICY_INVALID;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(problems, null, 2)}\n`);
    return;
  }
  if (found.untrusted !== undefined) process.stderr.write(`holdpoint: ${found.untrusted}\n`);
  for (const problem of problems) process.stdout.write(`${visible(describe(problem, found.path))}\n`);
  if (policy === undefined || problems.length > 0) return;
  const count = (n: number, word: string): string => `${n} ${word}`;
  const items = [
    count(policy.deny.length, 'deny'),
    count(policy.escalate.length, 'escalate'),
    count(policy.allow.length, 'allow'),
  ].join(', ');
  process.stdout.write(`${found.path} is a valid policy: ${items}; everything else: ${policy.default}.\n`);
}

/** Items that no enrolled approver could fulfil: their calls would be denied. */
function unmetItems(home: Home, text: string, { approvals, escalate }: Policy): Problem[] {
  const enrolled = [...enrolmentOf(home).approvers.values()];
  const problem = (path: (string | number)[], name: string, items: readonly Item[]): Problem[] => {
    const message = unmetBy(obligationsOf(items, approvals), enrolled);
    return message === undefined
      ? []
      : [{ path: name, ...placeIn(text, path), message, suggestion: undefined }];
  };
  return [
    ...problem(['approvals', 'sign'], 'approvals.sign', []),
    ...escalate.flatMap((item, index) => problem(['escalate', index], `escalate[${index}]`, [item])),
  ];
}
