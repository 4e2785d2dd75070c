import type { CallValues, Condition, Unevaluated } from '../decide/condition.ts';
import type { Effect } from '../decide/types.ts';
import { type Language, languageForConditions } from './language.ts';

const NOT_LOADED: Unevaluated = { why: 'the engine of conditions is not loaded' };
const NOT_LOADABLE: Unevaluated = { why: 'the engine of conditions could not be loaded' };

/**
 * The conditions of a kept policy: checked when it was made, and known by their text alone. The engine is loaded
 * when a call first meets one of them, and each is compiled when it is first tried. Until then it cannot be evaluated.
 */
export class KeptConditions {
  private readonly sources: string[] = [];
  private language: Language | undefined;
  private loading: Promise<void> | undefined;
  private failed = false;

  of(source: string, list: Effect): Condition {
    this.sources.push(source);
    let compiled: Condition | undefined;
    const test = (values: CallValues): boolean | Unevaluated => {
      if (this.language === undefined) return this.failed ? NOT_LOADABLE : NOT_LOADED;
      try {
        compiled ??= this.language.compile(source, list);
      } catch {
        return { why: 'it cannot be compiled' };
      }
      return compiled.test(values);
    };
    return { source, test, awaits: () => this.awaits() };
  }

  private awaits(): Promise<void> | undefined {
    if (this.language !== undefined || this.failed) return undefined;
    this.loading ??= this.load();
    return this.loading;
  }

  private async load(): Promise<void> {
    try {
      this.language = await languageForConditions(this.sources);
    } catch {
      this.failed = true;
    }
  }
}
