/** The exit codes of every command but `run`, which ends as its server ends. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  policyInvalid: 3,
  nothingToAttachTo: 4,
  deny: 10,
  escalate: 11,
} as const;

/** A shell's codes for a command that could not be started. */
export const NOT_EXECUTABLE = 126;
export const NOT_FOUND = 127;
