import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Step } from './story.ts';

/** What came back for a step. */
export interface Answer {
  step: Step;
  ok: boolean;
  text: string;
}

const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** The demo's scripted agent: a real MCP client that calls one tool after the other through `holdpoint run`. */
export class Agent {
  private readonly client = new Client({ name: 'demo-agent', version: '1.0.0' });

  /** Starts the wrapped server; `command` is the whole `holdpoint run …`. */
  async connect(command: readonly string[]): Promise<void> {
    const [program = '', ...args] = command;
    await this.client.connect(new StdioClientTransport({ command: program, args, stderr: 'ignore' }));
  }

  async take(step: Step): Promise<Answer> {
    const call = { name: step.tool, arguments: step.arguments };
    const result = await this.client.callTool(call, undefined, { timeout: LONGEST_WAIT_MS });
    const [part] = result.content as { type: string; text?: string }[];
    return { step, ok: result.isError !== true, text: part?.text ?? '' };
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
