import type { ApprovalSettings, AuditSettings } from './types.ts';

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
  mirror: 'off',
};
