import type { ListRequest } from '../protocol/client-message.ts';
import type { ToolPage } from '../protocol/tool-list.ts';
import type { ToolsPort } from '../proxy/ports.ts';

/** No server has so many; a hostile one could. */
const MOST_TOOLS = 10_000;

/** The lists of tools that pass, as far as they are whole. Keeps them until the policy is there. */
export class SeenTools implements ToolsPort {
  private gathering: ToolPage['tools'] | undefined;
  /** The last whole list; undefined: none was seen, or the last one could not be read. */
  current: ToolPage['tools'] | undefined;
  /** Counts whole lists. */
  version = 0;

  listed(request: ListRequest, { tools, last }: ToolPage): void {
    const before = request === 'first' ? [] : this.gathering;
    // A page without the pages before it says nothing of the whole.
    if (before === undefined || before.length + tools.length > MOST_TOOLS) return this.unlisted();
    const all = [...before, ...tools];
    this.gathering = last ? undefined : all;
    if (!last) return;
    this.current = all;
    this.version += 1;
  }

  unlisted(): void {
    this.gathering = undefined;
    this.current = undefined;
    this.version += 1;
  }
}
