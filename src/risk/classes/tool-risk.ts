import type { RiskClass } from './risk-class.ts';

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
