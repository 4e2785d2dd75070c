import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process and what it calls itself: shown and recorded as claimed, proof of nothing. */
export interface ChainLink {
  pid: number;
  name: string;
}

const LONGEST = 24;
/** What may stand between a client and the proxy that it means to start: package runners and the shells they use. */
const RUNNER = /^(?:npm|npx|pnpm|yarn|bunx|sh|dash|env|sudo)(?:\b|$)/;

/** This process's ancestors, nearest first, without init. Empty where the system does not tell. */
export function processChain(from: number = process.pid): ChainLink[] {
  const chain: ChainLink[] = [];
  let pid = from;
  while (chain.length < LONGEST) {
    const found = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
    if (found === undefined) break;
    if (pid !== from) chain.push({ pid, name: found.name });
    if (found.parent <= 1) break;
    pid = found.parent;
  }
  return chain;
}

/** The process that a proxy works for: its nearest ancestor that is no package runner; `parent` where none is known. */
export function clientPid(chain: readonly ChainLink[], parent: number): number {
  return chain.find((link) => !RUNNER.test(link.name))?.pid ?? parent;
}

interface Found {
  name: string;
  parent: number;
}

/** `pid (name) state ppid …`: the name may hold anything, so what follows its last bracket counts. */
function fromProc(pid: number): Found | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = stat.lastIndexOf(')');
    const parent = Number(stat.slice(close + 2).split(' ')[1]);
    return { name: stat.slice(stat.indexOf('(') + 1, close), parent };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): Found | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [, parent = '', name = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    return parent === '' ? undefined : { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
