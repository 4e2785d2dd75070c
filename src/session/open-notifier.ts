import { performance } from 'node:perf_hooks';
import { Notifier, type NotifyRecord } from '../approvals/notifying/notifier.ts';
import { ownEnvironment } from '../approvals/notifying/own-environment.ts';
import { runCommand } from '../approvals/notifying/run-command.ts';
import type { NotifySettings } from '../policy/decide/types.ts';

const WITHIN_MS = 10_000;

/** Where a notifier works, and who is told of it. */
export interface NotifierPlace {
  /** Its working folder: never the client's, which is the project's. */
  folder: string;
  record(entry: NotifyRecord): void;
  failed(sentence: string): void;
}

/** The notifier of a session, as the policy in force names it. */
export function openNotifier(
  settings: () => NotifySettings | undefined,
  { folder, record, failed }: NotifierPlace,
): Notifier {
  const env = ownEnvironment(process.env, process.cwd());
  return new Notifier({
    now: () => ({ wall: Date.now(), mono: performance.now() }),
    settings,
    run: (command, input) => runCommand(command, input, { folder, env, withinMs: WITHIN_MS }),
    record,
    failed,
  });
}
