import { performance } from 'node:perf_hooks';
import type { UsageLog } from '../audit/limits/usage.ts';
import type { SessionEntry, Tip } from '../audit/log/entry.ts';
import { CheckpointSink } from '../audit/writing/checkpoint-sink.ts';
import { openJournal } from '../audit/writing/journal.ts';
import type { Redactor } from '../audit/writing/redact.ts';
import { Counted } from '../audit/writing/session-counter.ts';
import type { Sink } from '../audit/writing/sink.ts';
import type { Home } from '../platform/home.ts';
import type { Policy } from '../policy/decide/types.ts';
import { type Accepted, DecisionLog } from './decision-log.ts';
import type { SessionIdentity } from './identity.ts';

export interface RecordParts {
  identity: SessionIdentity;
  home: Home;
  /** Of the policy that it begins with. */
  audit: Policy['audit'];
  redactor: Redactor;
  spent: UsageLog | undefined;
  /** What it writes down first, as late as that. */
  begin(): SessionEntry;
  /** Who else is told of each record. */
  sink: Sink | undefined;
  accepted(what: Accepted): void;
  say(sentence: string): void;
}

/** The record of a session: its journal, the counter of its home, and the copies that its policy wants. */
export function openRecord(parts: RecordParts): DecisionLog {
  const { identity, home, audit, redactor, spent, accepted, say } = parts;
  const { durability, checkpoint, arguments: keep } = audit;
  const clock = { wall: Date.now, mono: () => performance.now() };
  const sinks = copies(checkpoint, (cause, what) => log.fault(cause, what), say);
  if (parts.sink !== undefined) sinks.push(parts.sink);
  const journal = openJournal({ folder: home.audit, session: identity.session, clock, durability, sinks });
  const counted = new Counted(home, journal.name, say);
  const begins = {
    start: () => ({ ...parts.begin(), nth: counted.begin(), maskKey: redactor.keyName }),
    ended: (tip: Tip | undefined) => counted.end(tip),
  };
  const log: DecisionLog = new DecisionLog(
    journal,
    { identity, ...begins },
    { redactor, keep },
    { spent, accepted },
  );
  return log;
}

/** A copy of the log's ends, where the policy wants one; what fails is recorded and said. */
function copies(
  file: string | undefined,
  fault: (cause: string, what: string) => void,
  say: (sentence: string) => void,
): Sink[] {
  if (file === undefined) return [];
  const failed = (cause: string): void => {
    fault('checkpoint', `It cannot be written: ${cause}`);
    say(
      `the checkpoint file ${file} cannot be written (${cause}): what is cut from the audit log now would not be noticed by it.`,
    );
  };
  return [new CheckpointSink(file, failed)];
}
