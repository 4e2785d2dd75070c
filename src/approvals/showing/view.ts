import { TooMuch } from '../../harm/too-much.ts';
import type { Warning } from '../../harm/warning.ts';
import { type JsonNode, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import { isSaid, wordsOf } from '../../salience/kinds.ts';
import { salientValues } from '../../salience/salient.ts';
import { inWords } from '../../text/in-words.ts';
import { amountView } from './amount-view.ts';
import {
  type At,
  besideArguments,
  drawnArguments,
  type Manner,
  prettyCall,
  rankOf,
  type ShownCall,
} from './call-lines.ts';
import { codeDangers } from './code-dangers.ts';
import { commandView } from './command-view.ts';
import type { Around, Picture, ValueView } from './drawing.ts';
import { encodedView } from './encoded-view.ts';
import { fileView } from './file-view.ts';
import { jsonView } from './json-view.ts';
import type { PrettyLine } from './lines.ts';
import { messageOf } from './message-view.ts';
import { pairView } from './pair-view.ts';
import { patchView } from './patch-view.ts';
import { statementView } from './statement-view.ts';
import { everything, textWarnings } from './text-warnings.ts';
import { urlView } from './url-view.ts';
import { switchWarnings, valueWarnings } from './value-warnings.ts';

/** A call as it is put before a person. */
export interface View {
  /** What is drawn: 'plain' where nothing is drawn otherwise, else 'diff', 'statement', 'command' and so on. */
  name: string;
  lines: PrettyLine[];
  /** The most important first. */
  warnings: Warning[];
  /** Its own text says that it changes something, whatever its class. */
  changes?: boolean;
  /** Why the plain form is shown where another was tried, as a sentence. */
  fellBack?: string;
}

/** What a person's own machine knows beside the call. */
export interface Beside {
  /** The file that a write names, as it is on this machine: its text; or why it is not read, as a sentence. */
  file?: { text: string } | { why: string };
  /** The server's working folder; null where it runs elsewhere. */
  folder?: string | null;
  /** The source text of the last approved call of this tool. */
  before?: string | null;
}

/** The first that draws a value draws it. */
const VIEWS: readonly ValueView[] = [
  pairView,
  fileView,
  patchView,
  statementView,
  commandView,
  urlView,
  amountView,
  encodedView,
  jsonView,
];
const MOST_LENGTH = 512 * 1024;
const MOST_LOOKED = 2_000;
/** Of a value in a larger object it is not looked at what stands beside it. */
const MOST_BESIDE = 100;
/** Behind whatever a call does stands what its agent says about it. */
const LAST = 1_000_000;
const TONES = ['danger', 'warn', 'note'];

/** A call drawn by what its values are. Never throws: what cannot be drawn is shown plainly, with the reason. */
export function viewOf(call: ShownCall, beside: Beside): View {
  if (call.argumentsText.length > MOST_LENGTH)
    return {
      ...plainView(call),
      fellBack: 'The arguments are shown as they stand: they are longer than 512 KiB.',
    };
  try {
    return new Viewing(call, beside).view();
  } catch (error) {
    const why = error instanceof TooMuch ? error.message : 'no view could be made of them';
    return { ...plainView(call), fellBack: `The arguments are shown as they stand: ${why}.` };
  }
}

/** A call as it stands. */
export function plainView(call: ShownCall): View {
  return { name: 'plain', lines: prettyCall(call), warnings: [] };
}

class Viewing {
  private readonly names = new Set<string>();
  private readonly warnings: Warning[] = [];
  private readonly call: ShownCall;
  private readonly beside: Beside;
  private readonly around: Around;
  private changes = false;
  private fellBack: string | undefined;
  private looked = 0;

  constructor(call: ShownCall, beside: Beside) {
    this.call = call;
    this.beside = beside;
    const { file } = beside;
    this.around = { tool: call.tool, file: file !== undefined && 'text' in file ? file.text : undefined };
  }

  view(): View {
    const { call, beside } = this;
    const rank = this.order();
    const lines = [
      ...drawnArguments(call.argumentsText, { rank, draw: (at) => this.draw(at) }),
      ...besideArguments(call),
    ];
    if (beside.file !== undefined && 'why' in beside.file)
      this.warnings.push({ text: beside.file.why, tone: 'note' });
    const once = [...new Map(this.warnings.map((one) => [one.text, one])).values()];
    const warnings = once.sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone));
    const [name = 'plain'] = this.names;
    const changes = this.changes ? { changes: true } : {};
    return {
      name,
      lines,
      warnings,
      ...changes,
      ...(this.fellBack === undefined ? {} : { fellBack: this.fellBack }),
    };
  }

  /** What the rule wants first, then a message's head, else what tells most. */
  private order(): Manner['rank'] {
    const { argumentsText, obligations } = this.call;
    const { source, root } = readJson(argumentsText);
    const message = messageOf(source, root.members ?? []);
    if (message !== undefined) {
      this.names.add('message');
      this.warnings.push(...message.warnings);
    }
    const wanted = rankOf(obligations.show);
    const salient = salientValues(argumentsText, { show: [] }).map(({ path }) => path[0] ?? '');
    const telling = message?.rank ?? rankOf(salient);
    const { length } = obligations.show;
    return (key) =>
      obligations.show.includes(key) ? wanted(key) : length + telling(key) + (isSaid(key) ? LAST : 0);
  }

  /** Of a path on another machine, or within a document, the server's folder says nothing. */
  private folder({ path, siblings }: At): string | null {
    const name = wordsOf(path.at(-1) ?? '');
    const elsewhere = name.includes('remote') || name.includes('prefix') || name.includes('pointer');
    return elsewhere || siblings.some(({ key }) => key === 'op') ? null : (this.beside.folder ?? null);
  }

  private draw(at: At): Picture | undefined {
    if (at.path.length === 0) return undefined;
    if (at.node.kind === 'true') this.warnings.push(...switchWarnings(at.path));
    if (!mayBeDrawn(at.node)) return undefined;
    this.looked += 1;
    if (this.looked > MOST_LOOKED) {
      this.fellBack ??= `All but the first 2,000 values are shown as they stand: there are more.`;
      return undefined;
    }
    if (at.node.kind === 'string')
      this.warnings.push(...valueWarnings(at.path, stringOf(at.source, at.node), this.folder(at)));
    try {
      for (const view of VIEWS) {
        const picture = view(at.siblings.length > MOST_BESIDE ? { ...at, siblings: [] } : at, this.around);
        if (picture === undefined) continue;
        this.names.add(picture.name);
        this.warnings.push(...picture.warnings);
        this.changes ||= picture.changes === true;
        if (picture.below === true) this.textual(at);
        return picture;
      }
    } catch (error) {
      const why = error instanceof TooMuch ? error.message : 'no view could be made of it';
      this.fellBack ??= `"${inWords(at.path.join('.'))}" is shown as it stands: ${why}.`;
    }
    this.textual(at);
    return undefined;
  }

  /** What is said of a value that stands as it is. */
  private textual({ path, node, source }: At): void {
    if (node.kind !== 'string') return;
    const text = stringOf(source, node);
    this.warnings.push(...codeDangers(path, text, this.call.tool), ...textWarnings(path, text));
    this.warnings.push(...everything(path, text));
  }
}

function mayBeDrawn({ kind }: JsonNode): boolean {
  return kind === 'string' || kind === 'number' || kind === 'array';
}
