import { EXIT } from '../platform/exit-codes.ts';
import { PlainError } from '../platform/plain-error.ts';
import { compileLayer, formatOf, type PolicyLayer } from '../policy/source/compile.ts';
import { describe } from '../policy/source/problems.ts';

/** Compiles a text or rejects with a PlainError (exit 3) that has every problem, one a line. */
export async function compileOrExplain(text: string, file: string, said = file): Promise<PolicyLayer> {
  const { layer, problems } = await compileLayer(text, formatOf(file, text));
  if (layer !== undefined) return layer;
  const lines = problems.map((problem) => describe(problem, file));
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
  throw new PlainError(`The policy ${said} has ${count}:\n${lines.join('\n')}`, EXIT.policyInvalid);
}
