import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, newHome, type TestPolicy } from './home.ts';
import { fixture, ProxyProcess } from './proxy-process.ts';

/** What the fixture server wrote down, in order. */
export interface Noted {
  call?: string;
  id?: string | number;
  arguments?: Record<string, unknown>;
  /** The kinds of record that stood in the audit log when the call arrived. */
  recorded?: string[];
  notification?: string;
  params?: Record<string, unknown>;
  response?: string | number;
}

export interface ToolsProxy {
  proxy: ProxyProcess;
  home: string;
  /** A folder for files that tools write. */
  folder: string;
  log(): Noted[];
  /** The names of the tools that were executed, in order. */
  executed(): string[];
}

/** `holdpoint run` in front of the fixture server with these tools, under this policy. */
export async function toolsProxy(
  policy: TestPolicy,
  options: {
    env?: Record<string, string>;
    words?: string[];
    home?: string;
    ownClient?: boolean;
    folder?: string;
    cwd?: string;
    /** What runs holdpoint. */
    program?: string[];
  } = {},
): Promise<ToolsProxy> {
  const home = options.home ?? newHome(policy);
  const folder = options.folder ?? newFolder();
  const file = join(folder, 'log');
  const { words = ['--server', 'srv', '--'] } = options;
  const server = [process.execPath, fixture('tools'), file, join(home, 'audit')];
  const { env, ownClient = false, cwd } = options;
  const proxy = new ProxyProcess({
    home,
    server,
    words,
    ownClient,
    ...(options.program ? { program: options.program } : {}),
    ...(env ? { env } : {}),
    ...(cwd ? { cwd } : {}),
  });
  await proxy.ready();
  const log = () => readLog(file);
  return { proxy, home, folder, log, executed: () => log().flatMap((noted) => noted.call ?? []) };
}

function readLog(file: string): Noted[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Noted);
  } catch {
    return [];
  }
}
