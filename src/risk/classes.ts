/** What a tool does to the world, from the harmless to the grave; each has its own place in a policy. */
export const RISK_CLASSES = [
  'read',
  'write',
  'destructive',
  'execute',
  'financial',
  'outbound',
  'production',
] as const;

/** `unknown`: nothing of the definition says what the tool does. It is never treated as `read`. */
export type RiskClass = (typeof RISK_CLASSES)[number] | 'unknown';

/** As a server lists it. Everything in it is the server's claim. */
export interface ToolDefinition {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: unknown;
  annotations?: unknown;
}

export interface Risk {
  class: RiskClass;
  /** Whether nothing speaks against it. */
  sure: boolean;
  /** The words or parameters that decided, readable: `name: "delete"`, `parameter: sql`. Never empty. */
  why: string[];
}
