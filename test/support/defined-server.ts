import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, newHome, type TestPolicy } from './home.ts';
import { fixture, type Message, ProxyProcess } from './proxy-process.ts';

/** A tool as a test writes it. */
export interface Defined {
  name: string;
  description?: string;
  inputSchema?: object;
  annotations?: object;
}

export const READ: Defined = {
  name: 'get_note',
  description: 'Gets one note.',
  inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
};
export const WRITE: Defined = {
  name: 'delete_note',
  description: 'Deletes a note for ever.',
  inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
};

const DONE = '{"jsonrpc":"2.0","method":"notifications/done"}';

interface Place {
  home: string;
  folder: string;
  /** Two processes more: for who approves as a person does. */
  ownClient: boolean;
  /** Of no use to the server, but its command is another with it. */
  argument?: string | undefined;
}

function start({ home, folder, ownClient, argument }: Place, words: string[]): ProxyProcess {
  return new ProxyProcess({
    home,
    ownClient,
    words: ['--server', 'notes', ...words, '--'],
    env: { DEFINED_FOLDER: folder },
    server: [process.execPath, fixture('defined'), ...(argument === undefined ? [] : [argument])],
  });
}

/** `holdpoint run` in front of a server whose tools a test can change. */
export class DefinedServer {
  readonly home: string;
  readonly folder: string;
  private readonly ownClient: boolean;
  private readonly file: string;
  private readonly log: string;
  private next = 1_000;
  proxy: ProxyProcess;

  private constructor({ home, folder, ownClient }: Place, proxy: ProxyProcess) {
    this.home = home;
    this.ownClient = ownClient;
    this.folder = folder;
    this.file = join(folder, 'tools.json');
    this.log = join(folder, 'log');
    this.proxy = proxy;
  }

  /** Without a policy there is none in the home. */
  static async start(
    tools: Defined[],
    options: {
      policy?: TestPolicy;
      words?: string[];
      home?: string;
      page?: number;
      folder?: string;
      ownClient?: boolean;
      argument?: string;
    } = {},
  ): Promise<DefinedServer> {
    const home = options.home ?? newHome(options.policy);
    const folder = options.folder ?? newFolder();
    const file = join(folder, 'tools.json');
    writeFileSync(file, JSON.stringify({ tools, page: options.page }));
    const { words = [], ownClient = true, argument } = options;
    const place = { home, folder, ownClient, argument };
    const proxy = start(place, words);
    const server = new DefinedServer(place, proxy);
    await proxy.ready();
    return server;
  }

  /** The same server once more, in a session of its own; its tools are what they are now. */
  async again(): Promise<DefinedServer> {
    const { home, folder, ownClient } = this;
    const proxy = start({ home, folder, ownClient }, []);
    await proxy.ready();
    return new DefinedServer({ home, folder, ownClient }, proxy);
  }

  tools(tools: Defined[], page?: number): void {
    writeFileSync(this.file, JSON.stringify({ tools, page }));
  }

  /** Asks for the list and waits until these lines have come in its place (`$ID`, `$RESULT`: as they would be). */
  async listAs(tools: Defined[], answers: string[], page?: number): Promise<void> {
    writeFileSync(this.file, JSON.stringify({ tools, page, answers: [...answers, DONE] }));
    const before = this.proxy.lines.length;
    this.proxy.send({ id: this.next++, method: 'tools/list' });
    await this.proxy.line(
      'the list',
      (line) => line.raw === DONE && this.proxy.lines.indexOf(line) >= before,
    );
  }

  /** All pages, as the client gets them. */
  async list(): Promise<Defined[]> {
    const all: Defined[] = [];
    let cursor: string | undefined;
    do {
      const id = this.next++;
      this.proxy.send({ id, method: 'tools/list', ...(cursor === undefined ? {} : { params: { cursor } }) });
      const { result } = (await this.proxy.answer(id)) as Message & {
        result: { tools: Defined[]; nextCursor?: string };
      };
      all.push(...result.tools);
      cursor = result.nextCursor;
    } while (cursor !== undefined);
    return all;
  }

  /** Names of the tools that were executed, in order. */
  executed(): string[] {
    try {
      return readFileSync(this.log, 'utf8').trim().split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }
}
