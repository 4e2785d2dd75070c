import { Environment, type EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import type { CallValues, Condition, ConditionFacts, Unevaluated } from '../../decide/condition.ts';
import { NotEvaluable } from '../../decide/json-values.ts';
import type { Effect } from '../../decide/types.ts';
import { factsOf } from './analysis.ts';
import { checkAnyText, registerAnyText } from './any-text.ts';
import { Budget } from './budget.ts';
import { Cost } from './cost.ts';
import { checkWords, type Part } from './expression.ts';
import { functionsWith, MIXED_OPERATORS } from './functions.ts';
import type { Patterns } from './patterns.ts';
import { ExpressionProblem } from './problem.ts';
import { rewritten } from './rewrite.ts';
import { variablesIn } from './variables.ts';
import { fault, notBoolean, whyNot } from './words.ts';

const MOST_SOURCE = 4_096;
const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 8,
};

/** Rewriting puts every operator in brackets, which count as depth. */
const WIDER = { ...LIMITS, maxAstNodes: 2_000, maxDepth: 600 };

/** For what is written in a policy, and for what becomes of it. */
interface Environments {
  environment: Environment;
  wider: Environment;
}

interface Program {
  program: ParseResult;
  cost: Cost;
  facts: ConditionFacts;
}

/** Of a part that names nothing of a call; undefined when it has none. */
function constantValue(environment: Environment, part: Part): unknown {
  try {
    return environment.parse(rewritten(part))({});
  } catch {
    return undefined;
  }
}

/** The language of conditions: CEL, on an engine that can be exchanged. What differs from CEL: docs/policy.md. */
export class Expressions {
  private readonly budget = new Budget();
  private readonly patterns: Patterns | undefined;
  private readonly environments: Record<'allow' | 'other', Environments>;

  constructor(patterns: Patterns | undefined) {
    this.patterns = patterns;
    this.environments = { allow: this.both('allow'), other: this.both('deny') };
  }

  /** Parses, checks and compiles. Throws an ExpressionProblem with the place in the source. */
  compile(source: string, list: Effect): Condition {
    const { program, cost, facts } = this.program(source, list);
    return { source, facts, test: (values) => this.test(program, cost, values) };
  }

  private program(source: string, list: Effect): Program {
    if (source.trim() === '')
      throw new ExpressionProblem('An empty condition would be no condition.', undefined);
    if (source.length > MOST_SOURCE) {
      throw new ExpressionProblem(`The condition is longer than ${MOST_SOURCE} characters.`, undefined);
    }
    const { environment, wider } = this.environments[list === 'allow' ? 'allow' : 'other'];
    const known = Object.keys(variablesIn(list));
    try {
      const { ast, check } = environment.parse(source);
      checkWords(ast);
      checkAnyText(ast, known);
      const { valid, type = '', error } = check();
      if (!valid) throw fault(error, source, known);
      if (type !== 'bool' && type !== 'dyn') throw notBoolean(type, ast);
      this.patterns?.add(ast);
      const program = wider.parse(rewritten(ast));
      const again = program.check();
      if (!again.valid) throw fault(again.error, source, known);
      return {
        program,
        cost: new Cost(ast),
        facts: factsOf(ast, (part) => constantValue(environment, part)),
      };
    } catch (error) {
      throw fault(error, source, known);
    }
  }

  private test(program: ParseResult, cost: Cost, values: CallValues): boolean | Unevaluated {
    try {
      const { args, input } = values.given;
      if (!cost.affords([args, input])) return { why: 'the arguments are too large for it' };
      this.budget.begin();
      const { server, tool, caller = '', client = '' } = values.call;
      const now = new Date(values.now);
      const result: unknown = program({
        args: args.root,
        input: input.root,
        server,
        tool,
        caller,
        client,
        now,
        // Asked for only where the condition names them: they may not be known.
        get risk() {
          return values.definition.risk;
        },
        get reversibility() {
          return values.definition.reversibility;
        },
        get annotations() {
          return values.definition.annotations;
        },
      });
      return typeof result === 'boolean' ? result : { why: 'it is neither true nor false' };
    } catch (error) {
      if (error instanceof NotEvaluable) return { why: error.message, lost: error.lost };
      return { why: whyNot(error as EvaluationError) };
    }
  }

  private both(list: Effect): Environments {
    const environment = this.environment(list);
    return { environment, wider: environment.clone({ limits: WIDER }) };
  }

  private environment(list: Effect): Environment {
    const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false });
    for (const [name, type] of Object.entries(variablesIn(list))) environment.registerVariable(name, type);
    for (const [operator, handler] of Object.entries(MIXED_OPERATORS)) {
      environment.registerOperator(`double ${operator} int: double`, handler);
      environment.registerOperator(`int ${operator} double: double`, handler);
    }
    for (const [signature, handler] of Object.entries(functionsWith(this.budget))) {
      environment.registerFunction(signature, handler, { async: false });
    }
    registerAnyText(environment);
    const find = (text: string, pattern: string): boolean => {
      if (this.patterns === undefined) throw new NotEvaluable('its patterns were not loaded');
      return this.patterns.find(this.budget, text, pattern);
    };
    return environment.registerFunction('hpMatches(string, string): bool', find, { async: false });
  }
}
