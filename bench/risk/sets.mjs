/** The sets of test/risk/sets: tools written for the tests, half of them looked at while word lists were mended. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const HERE = resolve(import.meta.dirname, '../../test/risk/sets');
export const TRICKY = resolve(import.meta.dirname, '../../../shared/data/tools-tricky.jsonl');

function definitionOf(line) {
  const [name, description, parameters] = line.split(' | ').map((part) => part.trim());
  const names = (parameters ?? '').split(/,\s*/).filter((one) => one !== '');
  return {
    name,
    description: description.replaceAll('\\n', '\n').replace(/\s*\|$/, ''),
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(names.map((one) => [one, { type: 'string' }])),
    },
  };
}

/** [{ definition, unseen }]: `unseen` ones were never looked at. */
export function setOf(name) {
  const lines = readFileSync(resolve(HERE, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => ({
    definition: definitionOf(line.replace(/^\* /, '')),
    unseen: !line.startsWith('* '),
  }));
}

/** The half that was given with the issue: [{ label, definition }]; none where it is not beside the project. */
export function trickyTools() {
  if (!existsSync(TRICKY)) return [];
  const lines = readFileSync(TRICKY, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).map(({ label, tool }) => ({ label, definition: tool }));
}

/** Wilson's 95 % interval of a share. */
export function wilson(part, whole) {
  if (whole === 0) return [0, 1];
  const [z, share] = [1.96, part / whole];
  const middle = share + z ** 2 / (2 * whole);
  const around = z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2));
  return [middle - around, middle + around].map((one) => Math.max(0, one / (1 + z ** 2 / whole)));
}
