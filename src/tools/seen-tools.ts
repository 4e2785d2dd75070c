import type { ListRequest } from '../protocol/client-message.ts';
import { type ListedTool, type ToolPage, toolsOn } from '../protocol/tool-list.ts';
import type { ToolsPort } from '../proxy/ports.ts';
import { digestOf } from './tool-knowledge.ts';

/** No server has so many; a hostile one could. */
const MOST_TOOLS = 10_000;
/** Different definitions of one tool that are kept: at most one of them can be the accepted one. */
const MOST_VERSIONS = 4;
const TOO_MANY = 'is too long to be read';

/** The lists of tools that pass, page by page, and what each tool was said to be. Keeps them until the policy is there. */
export class SeenTools implements ToolsPort {
  /** What the client last read: a whole list, or its pages so far. Undefined: none that we could read. */
  current: readonly ListedTool[] | undefined;
  /** Whether that list was read to its end. */
  whole = false;
  /** Set while a list was asked for and one that we could not read may have come: how it is, as "cannot be read". */
  unread: string | undefined;
  /** Counts what was learned. */
  version = 0;
  /** Whether each page of the list under way was the only answer that its request can have had. */
  private sole = false;
  /** Each definition of a tool in this session, oldest first; one that differs in its spelling alone is the same. */
  private readonly versions = new Map<string, ListedTool[]>();

  listed(request: ListRequest, page: ToolPage, sole: boolean): void {
    const tools = toolsOn(page);
    for (const tool of tools) this.note(tool);
    const begun = request === 'more' && !this.whole ? this.current : undefined;
    if (this.versions.size > MOST_TOOLS || tools.length + (begun?.length ?? 0) > MOST_TOOLS)
      return this.unlisted(TOO_MANY);
    this.version += 1;
    // Another client's thread asked too, and was slower: the list is whole already.
    if (request === 'more' && this.whole) return this.merge(tools);
    this.current = [...(begun ?? []), ...tools];
    // A page without the pages before it says nothing of the whole.
    this.sole = sole && (request === 'first' || (this.sole && begun !== undefined));
    this.whole = page.last && this.sole;
    if (this.whole) this.unread = undefined;
  }

  unlisted(how: string): void {
    this.version += 1;
    this.unread = how;
    this.whole = false;
  }

  /** What its server has said in this session that a tool is. */
  versionsOf(tool: string): readonly ListedTool[] {
    return this.versions.get(tool) ?? [];
  }

  /** A person accepted the tools: what they were before that does not matter any more. */
  settled(): void {
    this.versions.clear();
    for (const tool of this.current ?? []) this.note(tool);
  }

  private merge(tools: readonly ListedTool[]): void {
    const named = new Map(tools.map((tool) => [tool.name, tool]));
    this.current = [...(this.current ?? []).filter(({ name }) => !named.has(name)), ...tools];
  }

  private note(tool: ListedTool): void {
    const known = this.versions.get(tool.name);
    if (known === undefined) this.versions.set(tool.name, [tool]);
    else if (known.length < MOST_VERSIONS && !known.some((one) => saysTheSame(one, tool))) known.push(tool);
  }
}

function saysTheSame(one: ListedTool, other: ListedTool): boolean {
  return one.source.text === other.source.text || digestOf(one.source) === digestOf(other.source);
}
