import { wholeLines } from '../../audit/log/lines-with.ts';
import { listAuditFolder } from '../../audit/log/session-files.ts';
import { sha256Hex } from '../../platform/digest.ts';
import type { LocalFile } from './compare.ts';

/** A home's session files as digests, and which it removed by its own rule. Throws errors of the system. */
export function localFiles(folder: string): { files: LocalFile[]; pruned: Set<string> } {
  const pruned = new Set<string>();
  const files = listAuditFolder(folder).files.map(({ name, path }): LocalFile => {
    const digests: string[] = [];
    for (const { bytes: line } of wholeLines(path)) {
      digests.push(sha256Hex(line));
      if (line.includes('"type":"pruned"')) pruned.add(prunedBy(line));
    }
    return { file: name, digests };
  });
  return { files, pruned };
}

function prunedBy(line: Buffer): string {
  try {
    const { type, file } = JSON.parse(line.toString()) as { type?: unknown; file?: unknown };
    return type === 'pruned' ? String(file) : '';
  } catch {
    return '';
  }
}
