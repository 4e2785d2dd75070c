import type { ApprovalSettings, AuditSettings, Policy } from './types.ts';

const MINUTE_MS = 60_000;

export const DEFAULT_APPROVALS: ApprovalSettings = {
  timeoutMs: 30 * MINUTE_MS,
  answerWithinMs: 'auto',
  headless: 'hold',
  cli: 'person',
  maxLive: 64,
  passForMs: 15 * MINUTE_MS,
  sign: 'off',
};

export const DEFAULT_AUDIT: AuditSettings = {
  durability: 'process',
  checkpoint: undefined,
  arguments: 'source',
  redact: [],
  keepDays: 365,
};

/** Without any policy file plain reads of a known server run, and all else is a question. */
export const DEFAULT_POLICY: Policy = {
  builtIn: true,
  trusted: [],
  mode: 'enforce',
  default: 'escalate',
  deny: [],
  escalate: [],
  allow: [],
  approvals: DEFAULT_APPROVALS,
  audit: DEFAULT_AUDIT,
};
