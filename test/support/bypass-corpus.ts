import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DATA = resolve(import.meta.dirname, '../../../shared/data');

/** A byte sequence that a client or agent could send, and what may come of it. */
export interface BypassCase {
  id: string;
  name: string;
  bytes_b64?: string;
  gen?: {
    prefix: string;
    repeat: string;
    count: number;
    suffix: string;
    middle?: string;
    repeat2?: string;
    count2?: number;
    numbered?: boolean;
  };
  expected: { outcome: string; calls: { name: string; arguments?: unknown }[]; also_ok?: string[] };
}

/** The corpus wants a member of `params` that MCP does not know to pass; nobody is shown it, so it is refused. */
const REFUSED = new Set(['B242']);

/** The corpus; empty where `../shared` does not stand beside the project. */
export function bypassCases(): BypassCase[] {
  const file = resolve(DATA, 'bypass.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as BypassCase)
    .map((one) => (REFUSED.has(one.id) ? { ...one, expected: { outcome: 'reject', calls: [] } } : one));
}

export function laxServer(name: string): string {
  return resolve(DATA, 'lax-servers', name);
}

export function caseBytes({ bytes_b64, gen }: BypassCase): Buffer {
  if (bytes_b64 !== undefined) return Buffer.from(bytes_b64, 'base64');
  if (gen === undefined) throw new Error('the case has no bytes');
  const repeated = gen.numbered
    ? Array.from({ length: gen.count }, (_, n) => gen.repeat.replaceAll('{n}', String(n))).join('')
    : gen.repeat.repeat(gen.count);
  return Buffer.from(
    gen.prefix + repeated + (gen.middle ?? '') + (gen.repeat2 ?? '').repeat(gen.count2 ?? 0) + gen.suffix,
  );
}
