import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { wordRows } from '../../approvals/answering/wrap.ts';
import type { Recorded } from '../../watch/state/record.ts';

/** A log that takes longer is not waited for. */
const PATIENCE_MS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_CALLS = 300;
/** What the page sets before a line. */
const MARGIN = 2;
const BIN = resolve(import.meta.dirname, '../../../bin/holdpoint.js');

interface Call {
  session: string;
  call: number;
  time: string;
  server: string;
  tool: string;
  arguments: unknown;
  effect: string;
  rule: string;
  verdict?: string;
  by?: { name?: string };
  grant?: string;
  pass?: string;
  refused?: string;
  forwarded: boolean;
  outcome?: string;
}

/** The record as the approval terminal shows it, read in processes of its own: the terminal stays awake. */
export class RecordPages {
  private readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  /** The newest calls first, and what could not be read. */
  async calls(): Promise<{ calls: Recorded[]; faults: string[] }> {
    const { text, faults } = await this.said(['audit', 'list', '--json', '-n', String(MOST_CALLS)]);
    return { calls: (JSON.parse(text) as Call[]).map(recorded).reverse(), faults };
  }

  show(name: string): Promise<string[]> {
    return this.lines(['audit', 'show', name]);
  }

  numbers(): Promise<string[]> {
    return this.lines(['audit', 'stats', '--since', '24h']);
  }

  async grants(): Promise<string[]> {
    const lines = await this.lines(['grants', 'list']);
    // A rule is read to its end.
    return lines.flatMap((line) => {
      const indent = line.length - line.trimStart().length;
      const rows = wordRows(line.trimStart(), Math.max(20, process.stdout.columns - MARGIN - indent));
      return rows.map((row) => ' '.repeat(indent) + row);
    });
  }

  /** What could not be read stands first. */
  private async lines(words: readonly string[]): Promise<string[]> {
    const { text, faults } = await this.said(words);
    return [...faults, ...text.trimEnd().split('\n')];
  }

  private said(words: readonly string[]): Promise<{ text: string; faults: string[] }> {
    const all = [BIN, ...words, `--home=${this.home}`];
    return new Promise((done, fail) => {
      const limits = { timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, encoding: 'utf8' as const };
      execFile(process.execPath, all, limits, (error, text, stderr) =>
        error === null ? done({ text, faults: stderr.split('\n').filter((one) => one !== '') }) : fail(error),
      );
    });
  }
}

function recorded(call: Call): Recorded {
  const { session, call: number, time, server, tool, rule } = call;
  const story = `${rule}  ${JSON.stringify(call.arguments).slice(0, 400)}`;
  return { name: `${session}/${number}`, time, tool: `${server}/${tool}`, story, ...fateOf(call) };
}

function fateOf(call: Call): Pick<Recorded, 'fate' | 'look'> {
  const { effect, verdict, forwarded, outcome, grant, pass, refused } = call;
  const by = call.by?.name === undefined ? '' : ` by ${call.by.name}`;
  const end =
    outcome === undefined ? (forwarded ? ', runs' : '') : outcome === 'ok' ? ', ran' : `, ${outcome}`;
  if (effect === 'deny') return { fate: 'denied', look: 'bad' };
  if (refused !== undefined) return { fate: `refused (${refused})`, look: 'bad' };
  if (verdict === 'reject') return { fate: `rejected${by}`, look: 'bad' };
  if (verdict === 'approve') return { fate: `approved${by}${end}`, look: 'good' };
  if (grant !== undefined || pass !== undefined) return { fate: `permitted before${end}`, look: 'good' };
  if (verdict !== undefined) return { fate: verdict, look: 'quiet' };
  if (effect === 'escalate' && !forwarded) return { fate: 'waits', look: 'quiet' };
  return { fate: `allowed${end}`, look: 'quiet' };
}
