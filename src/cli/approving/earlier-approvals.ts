import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Before, HoldView } from '../../approvals/channel/messages.ts';
import { MASK } from '../../audit/writing/redact.ts';
import { type JsonNode, memberOf, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';

/** A log that takes longer to be searched is not searched; nor does one answer serve for longer. */
const PATIENCE_MS = 3_000;
const FRESH_MS = 60_000;
const MOST_BYTES = 2 * 1024 * 1024;
/** Signs that a search by name would take for others. */
const WILD = /[*?\u0000]/;

type Asked = Pick<HoldView, 'server' | 'tool'>;
export type Search = (words: readonly string[]) => Promise<string>;

/** What was approved of tools before the sessions that are open, by the record: read in a process of its own. */
export class EarlierApprovals {
  private readonly home: string;
  private readonly search: Search;
  private readonly found = new Map<string, { at: number; before: Promise<Before | null> }>();

  constructor(home: string, search: Search = searched) {
    this.home = home;
    this.search = search;
  }

  /** The last approved call of this tool; its arguments where the record has them whole. Never throws. */
  of({ server, tool }: Asked): Promise<Before | null> {
    const key = JSON.stringify([server, tool]);
    const known = this.found.get(key);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.before;
    const before = this.look({ server, tool }).catch(() => null);
    this.found.set(key, { at: Date.now(), before });
    return before;
  }

  private async look({ server, tool }: Asked): Promise<Before | null> {
    if (WILD.test(server + tool)) return null;
    const wanted = ['--verdict=approve', `--server=${server}`, `--tool=${tool}`, `--home=${this.home}`];
    const { source, root } = readJson(await this.search(['audit', 'list', '--json', '-n', '1', ...wanted]));
    const call = root.items?.[0];
    if (call === undefined) return null;
    const by = memberOf(call, 'by');
    return {
      approved: 1,
      at: said(source, memberOf(call, 'time')) ?? '',
      by: said(source, by === undefined ? undefined : memberOf(by, 'name')) ?? '',
      argumentsText: whole(source, memberOf(call, 'arguments')),
    };
  }
}

function said(source: JsonSource, node: JsonNode | undefined): string | undefined {
  return node?.kind === 'string' ? stringOf(source, node) : undefined;
}

/** Only what was recorded as it was can be compared. */
function whole(source: JsonSource, node: JsonNode | undefined): string | null {
  if (node?.kind !== 'object') return null;
  const text = source.slice(node.start, node.end);
  return MASK.test(text) || text.includes('"cut":true') ? null : text;
}

function searched(words: readonly string[]): Promise<string> {
  const bin = resolve(import.meta.dirname, '../../../bin/holdpoint.js');
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [bin, ...words],
      { timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, encoding: 'utf8' },
      (error, stdout) => (error === null ? done(stdout) : fail(error)),
    );
  });
}
