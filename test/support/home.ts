import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { replaysAlike } from './replayed.ts';

/** A policy as a test writes it: what a person would put into `policy.json`, without `version`. */
export interface TestPolicy {
  mode?: 'enforce' | 'observe';
  default?: 'escalate' | 'deny';
  deny?: unknown[];
  escalate?: unknown[];
  allow?: unknown[];
  approvals?: Record<string, unknown>;
  audit?: Record<string, unknown>;
  servers?: Record<string, unknown>;
}

/** Asks for one key, whatever is called: where how an approval is confirmed is not the subject. */
export const ONE_KEY = { tool: '*', confirm: 'key' };

/** Approvals by command from anywhere: the test process is the proxy's own client, which `person` refuses. */
export const FROM_ANYWHERE = { cli: 'any' };

/** All that tests of this process wrote: a session ran under one of them, though another may be in force now. */
const written: string[] = [];

export function writePolicy(file: string, policy: TestPolicy): void {
  const approvals = { ...FROM_ANYWHERE, ...policy.approvals };
  const text = JSON.stringify({ version: 1, ...policy, approvals });
  written.push(text);
  writeFileSync(file, text, { mode: 0o600 });
}

/** A folder of its own under /tmp (socket paths must stay short), removed when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync('/tmp/hp-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * A fresh holdpoint home with this policy, or with none. At the end of the test every session that it recorded is
 * replayed against the policy it ran under, and nothing may change; `forged`: the test writes records of its own.
 */
export function newHome(policy?: TestPolicy, forged = false): string {
  const home = newFolder();
  onTestFinished(async ({ task }) => {
    if (!forged && task.result?.state !== 'fail') await replaysAlike(home, written);
  });
  if (policy !== undefined) writePolicy(join(home, 'policy.json'), policy);
  return home;
}

/** One record of the audit log. */
export type AuditRecord = { type: string; seq: number; session: string } & Record<string, unknown>;

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

export function auditFiles(home: string): string[] {
  return filesIn(join(home, 'audit'))
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

export function sockets(home: string): string[] {
  return filesIn(join(home, 'run')).filter((name) => name.endsWith('.sock'));
}

/** Every whole record of the home, file by file. */
export function auditRecords(home: string): AuditRecord[] {
  return auditFiles(home).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AuditRecord),
  );
}

/** The records of these types, in file order. */
export function recordsOf(home: string, ...types: string[]): AuditRecord[] {
  return auditRecords(home).filter((record) => types.includes(record.type));
}
