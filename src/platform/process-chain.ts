import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process and what it calls itself: shown and recorded as claimed, proof of nothing. */
export interface ChainLink {
  pid: number;
  name: string;
  /** It leads a session that has a terminal. */
  leads?: boolean;
}

const LONGEST = 24;

/** This process's ancestors, nearest first, without init. Empty where the system does not tell. */
export function processChain(from: number = process.pid): ChainLink[] {
  const chain: ChainLink[] = [];
  let pid = from;
  while (chain.length < LONGEST) {
    const found = look(pid);
    if (found === undefined) break;
    if (pid !== from) chain.push({ pid, name: found.name, ...(found.leads ? { leads: true } : {}) });
    if (found.parent <= 1) break;
    pid = found.parent;
  }
  return chain;
}

/** Names this process's controlling terminal; undefined where it has none. */
export function controllingTerminal(): string | undefined {
  return look(process.pid)?.terminal;
}

interface Found {
  name: string;
  parent: number;
  terminal: string | undefined;
  leads: boolean;
}

const look = (pid: number): Found | undefined => (process.platform === 'linux' ? fromProc(pid) : fromPs(pid));

/** proc(5): `pid (name) state ppid pgrp session tty_nr …`; the name may hold anything, so what follows its last bracket counts. */
function fromProc(pid: number): Found | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = stat.lastIndexOf(')');
    const [, parent, , session, tty = '0'] = stat.slice(close + 2).split(' ');
    const terminal = tty === '0' ? undefined : tty;
    const leads = terminal !== undefined && Number(session) === pid;
    return { name: stat.slice(stat.indexOf('(') + 1, close), parent: Number(parent), terminal, leads };
  } catch {
    return undefined;
  }
}

/** ps(1) of macOS and the BSDs: `stat` holds an s for a session's leader, `tty` question marks for none. */
function fromPs(pid: number): Found | undefined {
  try {
    const words = ['-o', 'ppid=,stat=,tty=,comm=', '-p', String(pid)];
    const line = execFileSync('ps', words, { encoding: 'utf8' }).trim();
    const [, parent = '', stat = '', tty = '', path = ''] = /^(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (parent === '') return undefined;
    const terminal = /^[?-]+$/.test(tty) ? undefined : tty;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { name, parent: Number(parent), terminal, leads: terminal !== undefined && stat.includes('s') };
  } catch {
    return undefined;
  }
}
