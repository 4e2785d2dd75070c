import type { LogRelay, StreamFacts } from '../relay/log-relay.ts';
import { auditSubject } from '../relay/names.ts';
import { isNewer, newerSentence } from '../relay/newer.ts';
import type { KnownMachine } from '../trust/machine.ts';
import { isCopyBy, readCopy } from './copy-message.ts';

const ZERO = '0'.repeat(64);

/** One session's file as its copy tells of it. */
export interface CopiedFile {
  machine: string;
  /** Its name in that machine's audit folder. */
  file: string;
  /** SHA-256 of each record's line, by its number; lower-case hex. */
  digests: string[];
  /** What is wrong with the copy itself; each is a sentence. */
  faults: string[];
}

/** Reads a space's copies whole. `known`: a machine by its name, as this home knows it. */
export async function readCopies(
  relay: LogRelay,
  space: string,
  known: (machine: string) => KnownMachine | undefined,
): Promise<CopiedFile[]> {
  const files = new Map<string, CopiedFile & { last: string }>();
  await relay.read(auditSubject(space, '*', '*'), 'all', ({ subject, value }) => {
    const [, , , machine = ''] = subject.split('.');
    const copy = readCopy(value);
    const file = files.get(subject) ?? {
      machine,
      file: copy?.file ?? subject,
      digests: [],
      faults: [],
      last: ZERO,
    };
    files.set(subject, file);
    const fault = (what: string): void => {
      if (!file.faults.includes(what)) file.faults.push(what);
    };
    if (copy === undefined)
      return fault(isNewer(value) ? newerSentence('A message of it') : 'A message of it is no copy.');
    const signer = known(machine);
    if (signer === undefined || !isCopyBy(signer, subject, copy))
      fault('A message of it is not signed by its machine.');
    if (copy.file !== file.file) fault(`A message of it is of the file ${copy.file}.`);
    for (const { seq, prev, sha256 } of copy.records) {
      if (seq !== file.digests.length) fault(`Its records have a gap before record ${seq}.`);
      if (prev !== file.last) fault(`Its record ${seq} does not follow from the one before.`);
      file.digests.push(sha256);
      file.last = sha256;
    }
  });
  return [...files.values()].map(({ last: _, ...file }) => file);
}

/** One session's file as it lies in this home; undefined: its lines, without the torn one at its end. */
export interface LocalFile {
  /** Its name in the audit folder. */
  file: string;
  digests: string[];
}

export interface Compared {
  /** Sentences: each is a sign that a log or its copy was changed. */
  findings: string[];
  /** How many records of this machine the relay does not have yet. */
  behind: number;
  /** How many records the relay has, of all machines. */
  copied: number;
  machines: string[];
}

/** `pruned`: files that this machine removed by its own rule, and recorded so. */
export function compare(
  copies: readonly CopiedFile[],
  own: { machine: string; files: readonly LocalFile[]; pruned: ReadonlySet<string> },
): Compared {
  const findings: string[] = [];
  const there = new Map(own.files.map(({ file, digests }) => [file, digests]));
  const copied = new Map<string, number>();
  for (const { machine, file, digests, faults } of copies) {
    findings.push(...faults.map((fault) => `The copy of ${file} of the machine ${machine}: ${fault}`));
    if (machine !== own.machine) continue;
    copied.set(file, digests.length);
    const local = there.get(file);
    if (local === undefined) {
      if (!own.pruned.has(file))
        findings.push(`${file} was recorded on this machine (${digests.length} records) and is gone.`);
      continue;
    }
    const different = digests.findIndex((digest, seq) => seq < local.length && local[seq] !== digest);
    if (different !== -1)
      findings.push(`${file}: record ${different} is not the one that was recorded; it was rewritten.`);
    else if (local.length < digests.length)
      findings.push(
        `${file} ends with record ${local.length - 1}, and ${digests.length} were recorded: its end was cut off.`,
      );
  }
  const behind = own.files.reduce(
    (sum, { file, digests }) => sum + Math.max(0, digests.length - (copied.get(file) ?? 0)),
    0,
  );
  const all = copies.reduce((sum, { digests }) => sum + digests.length, 0);
  const machines = [...new Set(copies.map(({ machine }) => machine))].sort();
  return { findings, behind, copied: all, machines };
}

/** What speaks against the stream as a whole. `known`: when it was made, as this home saw it first; undefined: never. */
export function streamFaults(
  { made, added, there, guarded }: StreamFacts,
  known: string | undefined,
): string[] {
  return [
    ...(known !== undefined && known !== made
      ? [
          `The team's copy of the log was made anew on ${made}: the one that this machine knew was made on ${known}.`,
        ]
      : []),
    ...(added === there ? [] : [`${added - there} messages of the team's copy of the log are gone.`]),
    ...(guarded ? [] : ["The team's copy of the log may be deleted from: somebody changed its stream."]),
  ];
}
