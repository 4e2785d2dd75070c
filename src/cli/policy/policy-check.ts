import { basename } from 'node:path';
import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { unmetBy } from '../../approvals/signing/entitled.ts';
import type { PolicyFile } from '../../config/find-policy.ts';
import { PROJECT_PLACES } from '../../config/policy-places.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { obligationsOf, type Weighed } from '../../policy/decide/obligations.ts';
import type { Item, Policy } from '../../policy/decide/types.ts';
import { compilePolicy, formatOf, placeIn, treeOf } from '../../policy/source/compile.ts';
import type { Finding } from '../../policy/source/lint/finding.ts';
import type { KnownTool } from '../../policy/source/lint/known-tools.ts';
import { lint } from '../../policy/source/lint/lint.ts';
import { describe, type Problem } from '../../policy/source/problems.ts';
import { type Path, spellPath } from '../../policy/source/source-tree.ts';
import { visible } from '../../text/visible.ts';
import { acceptedTools, readTools } from '../tools/saved-lists.ts';
import { toolsOfPacks } from './packs.ts';
import { policyFile } from './policy-source.ts';

export interface CheckOptions {
  json?: boolean;
  home?: string;
  tools: string[];
}

type Told = Problem & { severity: Finding['severity'] };

/**
 * `holdpoint policy check [FILE]`: every problem at once, one a line, and what may not be meant; exit 3 when the
 * policy has a problem, 0 with warnings alone.
 */
export async function checkPolicy(file: string | undefined, options: CheckOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const named = readTools(options.tools);
  const tools = [...named, ...acceptedTools(home, named)];
  const found = policyFile(home, file);
  const { policy, told } = await checked(home, found, tools);
  const errors = told.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) process.exitCode = EXIT.policyInvalid;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  if (found.untrusted !== undefined) process.stderr.write(`holdpoint: ${found.untrusted}\n`);
  for (const one of told) process.stdout.write(`${lineOf(one, found.path)}\n`);
  if (policy !== undefined && errors === 0)
    process.stdout.write(`${summary(policy, found.path, told.length)}\n`);
}

/** What is wrong with a policy's text, and what may not be meant; the policy where it compiles. */
async function checked(
  home: Home,
  found: PolicyFile,
  tools: readonly KnownTool[],
): Promise<{ policy: Policy | undefined; told: Told[] }> {
  const format = formatOf(found.path, found.text);
  const { policy, problems = [] } = await compilePolicy(found.text, format);
  const findings =
    policy === undefined
      ? []
      : [...notifier(found, policy), ...unmetItems(home, policy), ...lint(policy, tools, packTools())];
  const tree = findings.length > 0 ? await treeOf(found.text, format) : undefined;
  const told = [
    ...problems.map((problem): Told => ({ severity: 'error', ...problem })),
    ...findings.map(({ path, severity, message, suggestion, excerpt }): Told => {
      const place = placeIn(found.text, tree, path);
      return { severity, path: spellPath(path), ...place, message, suggestion, excerpt };
    }),
  ];
  return { policy, told };
}

/** The same in sentences with their places, as `doctor` tells them. */
export async function policyProblems(
  home: Home,
  found: PolicyFile,
  tools: readonly KnownTool[],
): Promise<{ severity: Told['severity']; said: string }[]> {
  const { told } = await checked(home, found, tools);
  return told.map((one) => ({
    severity: one.severity,
    said: describe(one, found.path).split('\n').map(visible)[0] ?? '',
  }));
}

/** What a pack is about is not mistyped, though this server may lack it. Read once, and only where it matters. */
function packTools(): () => readonly KnownTool[] {
  let known: readonly KnownTool[] | undefined;
  return () => {
    known ??= toolsOfPacks();
    return known;
  };
}

function lineOf(one: Told, file: string): string {
  const said = one.severity === 'warning' ? { ...one, message: `warning: ${one.message}` } : one;
  return describe(said, file).split('\n').map(visible).join('\n');
}

function summary(policy: Policy, path: string, warnings: number): string {
  const { deny, escalate, allow, mode } = policy;
  const items = `${deny.length} deny, ${escalate.length} escalate, ${allow.length} allow`;
  const told = warnings === 0 ? '' : ` (${warnings === 1 ? 'a warning' : `${warnings} warnings`})`;
  const observed = mode === 'observe' ? ' It only observes: nothing is held or denied.' : '';
  return `${visible(path)} is a valid policy${told}: ${items}; everything else: ${policy.default}.${observed}`;
}

/** A project's policy names no command. */
function notifier({ path }: PolicyFile, { approvals }: Policy): Finding[] {
  if (approvals.notify === undefined || !PROJECT_PLACES.includes(basename(path))) return [];
  const message =
    "A repository must not choose what runs on this machine: no project's policy may name a notifier.";
  const suggestion = 'Move it into your own policy.';
  return [{ path: ['approvals', 'notify'], severity: 'error', message, suggestion }];
}

/** What a class asks for besides can be met: it is not asked for where nobody could. */
const ANY_CALL: Weighed = { level: 'low', surelyLow: true, enrolled: false, tool: '', text: () => '' };

/** Items that no enrolled approver could fulfil: their calls would be denied. */
function unmetItems(home: Home, { approvals, escalate }: Policy): Finding[] {
  const enrolled = [...enrolmentOf(home).approvers.values()];
  const problem = (path: Path, items: readonly Item[]): Finding[] => {
    const message = unmetBy(obligationsOf(items, approvals, ANY_CALL), enrolled);
    return message === undefined ? [] : [{ path, severity: 'error', message }];
  };
  return [
    ...problem(['approvals', 'sign'], []),
    ...escalate.flatMap((item, index) => problem(['escalate', index], [item])),
  ];
}
