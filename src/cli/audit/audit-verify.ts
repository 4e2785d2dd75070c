import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeHidden } from '../../audit/log/raw-json.ts';
import { listAuditFolder } from '../../audit/log/session-files.ts';
import { runningSessions } from '../../audit/retention/running-sessions.ts';
import { verifyLines } from '../../audit/telling/verify-lines.ts';
import { verifyAudit } from '../../audit/verify/verify.ts';
import type { VerifyReport } from '../../audit/verify/verify-report.ts';
import { keptForms } from '../../config/kept-forms.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { besideLog } from '../../session/beside-log.ts';
import { checkpointFile } from '../../session/checkpoint-file.ts';
import { SIGNATURES } from '../../session/signatures.ts';
import { visible } from '../../text/visible.ts';

export interface VerifyWords {
  home?: string;
  json?: boolean;
  checkpoint: string[];
  /** Compared with the team's copy, too. */
  team?: boolean;
}

/** As the report has it: somebody changed what was recorded. */
const TAMPERED = 5;
/** Less is read before a person has seen a bar. */
const WORTH_A_BAR = 8 * 1024 * 1024;
const BAR = 30;
const REDRAW_MS = 100;

/** `holdpoint audit verify`: the report as text; sets the exit code. A terminal sees a bar on stderr meanwhile. */
export async function verifyLog(options: VerifyWords): Promise<string> {
  const home = resolveHome(options.home, process.env);
  const bar = new Bar(options.json === true ? 0 : logSize(home.audit).bytes);
  const report = await verifyHome(
    home,
    options.checkpoint.map((file) => resolve(file)),
    (bytes) => bar.add(bytes),
  );
  bar.end();
  process.exitCode = report.exitCode;
  if (options.team === true) return withTeam(home, report, options.json === true);
  return `${options.json ? escapeHidden(JSON.stringify(report)) : verifyLines(report, home.audit).join('\n')}\n`;
}

async function withTeam(home: Home, report: VerifyReport, json: boolean): Promise<string> {
  const { comparedLines, compareWithTeam } = await import('./audit-team.ts');
  const team = await compareWithTeam(home);
  if (team.findings.length > 0) process.exitCode = TAMPERED;
  if (json) return `${escapeHidden(JSON.stringify({ ...report, exitCode: process.exitCode, team }))}\n`;
  const lines = [...verifyLines(report, home.audit), ...comparedLines(team).map((line) => visible(line))];
  return `${lines.join('\n')}\n`;
}

/** Checks a home's log against all that vouches for it here: `checkpoints` beside the one of its policy. */
export async function verifyHome(
  home: Home,
  checkpoints: readonly string[] = [],
  onProgress: (bytes: number) => void = () => {},
): Promise<VerifyReport> {
  const configured = await checkpointFile(home);
  return verifyAudit(home.audit, {
    running: runningSessions(home.run),
    signatures: SIGNATURES,
    beside: besideLog(home),
    compiled: await keptForms(home, process.cwd()),
    checkpoints: [...new Set([...(configured === undefined ? [] : [configured]), ...checkpoints])],
    onProgress,
  });
}

/** How much there is to read; nothing where the folder cannot be read. */
export function logSize(folder: string): { bytes: number; sessions: number } {
  try {
    const { files } = listAuditFolder(folder);
    const bytes = files.reduce(
      (sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return { bytes, sessions: files.length };
  } catch {
    return { bytes: 0, sessions: 0 };
  }
}

/** How far a long reading is. */
class Bar {
  private readonly total: number;
  private done = 0;
  private drawn = 0;

  constructor(total: number) {
    this.total = process.stderr.isTTY && total >= WORTH_A_BAR ? total : 0;
  }

  add(bytes: number): void {
    this.done += bytes;
    if (this.total === 0) return;
    const now = Date.now();
    if (now - this.drawn < REDRAW_MS) return;
    this.drawn = now;
    const share = Math.min(1, this.done / this.total);
    const full = Math.round(share * BAR);
    process.stderr.write(
      `\r${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(share * 100)}% checked`,
    );
  }

  end(): void {
    if (this.drawn > 0) process.stderr.write('\r\u001b[K');
  }
}
