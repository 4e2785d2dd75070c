import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compileOrExplain } from '../../config/policy-text.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Policy } from '../../policy/decide/types.ts';
import type { OwnPlaces } from '../../policy/paths/own-places.ts';
import { formatOf } from '../../policy/source/compile.ts';
import { mergeLayers } from '../../policy/source/merge-layers.ts';
import { describe } from '../../policy/source/problems.ts';
import { type CaseFile, readCases, runCase, type TestCase } from '../../policy/source/test-cases.ts';
import { ownPlaces } from '../../session/own-places.ts';
import { visible } from '../../text/visible.ts';
import { namedPolicy, policyFor } from './policy-source.ts';

export interface TestOptions {
  json?: boolean;
  home?: string;
  policy?: string;
}

interface Told {
  file: string;
  line: number;
  call: string;
  effect: string;
  rule: string;
  reason: string;
  /** What is not as wanted. */
  differs: string[];
}

const NAMES = ['policy.test.json', 'policy.test.jsonc', 'policy.test.yaml', 'policy.test.yml'];

/** `holdpoint policy test [FILE...]`: decides every case of the files; exit 0 when all are as wanted, 1 when one is not. */
export async function testPolicy(files: readonly string[], options: TestOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const places = ownPlaces(home);
  const told: Told[] = [];
  for (const file of files.length > 0 ? files : ownFiles(home)) {
    const read = await casesOf(file);
    const policy = await policyOf(home, file, read, options.policy);
    told.push(...read.cases.map((one) => ran(file, one, policy, places)));
  }
  const failed = told.filter(({ differs }) => differs.length > 0);
  if (failed.length > 0) process.exitCode = EXIT.error;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  for (const { file, line, call, differs, reason, rule } of failed) {
    process.stdout.write(
      `${visible(`${file}:${line} ${call}: ${differs.join('; ')}. ${reason} (${rule}).`)}\n`,
    );
  }
  const cases = told.length === 1 ? '1 case' : `${told.length} cases`;
  process.stdout.write(
    failed.length === 0 ? `${cases}, all as wanted.\n` : `${cases}, ${failed.length} not as wanted.\n`,
  );
}

function ran(file: string, one: TestCase, policy: Policy, places: OwnPlaces): Told {
  const { decision, differs } = runCase(one, policy, places, Date.now());
  const { effect, rule, reason } = decision;
  return { file, line: one.line, call: one.call, effect, rule, reason, differs };
}

function ownFiles(home: Home): string[] {
  const found = [home.root, process.cwd()].flatMap((folder) =>
    NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path)),
  );
  if (found.length > 0) return [...new Set(found)];
  throw new PlainError(
    `There are no cases: neither ${home.root} nor this folder has a policy.test.json. Name a file, or write one (docs/policy.md shows how).`,
  );
}

async function casesOf(path: string): Promise<CaseFile> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new PlainError(`The cases ${path} cannot be read: ${(error as Error).message}.`);
  }
  const { file, problems } = await readCases(text, formatOf(path, text));
  if (file !== undefined) {
    const bad = file.cases.find(({ now }) => now !== undefined && Number.isNaN(Date.parse(now)));
    if (bad === undefined) return file;
    throw new PlainError(`${path}:${bad.line} "now" is no time such as 2026-01-31T08:00:00Z.`);
  }
  const lines = problems.map((problem) => visible(describe(problem, path)));
  throw new PlainError(
    `The cases ${path} have ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}:\n${lines.join('\n')}`,
  );
}

/** The one that was named with --policy, else the one that the file names or holds, else the policy in force. */
async function policyOf(
  home: Home,
  file: string,
  { policy }: CaseFile,
  named: string | undefined,
): Promise<Policy> {
  if (named !== undefined) return (await namedPolicy(home, named)).policy;
  if (policy === undefined) return policyFor(home, undefined);
  if ('path' in policy) return (await namedPolicy(home, resolve(dirname(file), policy.path))).policy;
  const layer = await compileOrExplain(policy.text, `${file} (policy)`);
  return mergeLayers([{ name: 'user', layer, counts: 'all' }]);
}
