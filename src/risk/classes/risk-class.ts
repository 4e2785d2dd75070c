/** What a tool may do, weakest first; a tool's class is the strongest that anything speaks for. */
export const RISK_CLASSES = [
  'read',
  'write',
  'destructive',
  'execute',
  'financial',
  'outbound',
  'production',
] as const;

/** `unknown`: nothing says what it does, which is no reason to think well of it. */
export const ALL_CLASSES = [...RISK_CLASSES, 'unknown'] as const;

export type RiskClass = (typeof ALL_CLASSES)[number];
