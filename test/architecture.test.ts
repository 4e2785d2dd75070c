import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Which rooms a room may import (DESIGN 3). A room may always import itself. */
const ALLOWED: Record<string, string[]> = {
  protocol: [],
  policy: ['protocol'],
  risk: ['protocol'],
  approvals: ['policy', 'risk', 'protocol'],
  audit: ['policy', 'risk', 'protocol'],
  config: ['policy', 'risk', 'protocol'],
  clients: ['policy', 'risk', 'protocol'],
  proxy: ['protocol', 'policy/decide', 'risk'],
  watch: ['approvals', 'audit', 'policy', 'protocol'],
  demo: ['protocol'],
  cli: ['protocol', 'policy', 'risk', 'approvals', 'audit', 'config', 'clients', 'proxy', 'watch', 'demo'],
};
/** What the pure rooms may import besides our own files. */
const PURE: Record<string, string[]> = {
  protocol: [],
  'policy/decide': [],
  'policy/source': ['zod', 'jsonc-parser', 'yaml', '@marcbachmann/cel-js', 're2js'],
  risk: [],
};

interface Import {
  from: string;
  to: string;
  dynamic: boolean;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]/gm)) {
    found.push({ from: file, to: match[2] ?? '', dynamic: false, typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/^import\s+['"]([^'"]+)['"]/gm)) {
    found.push({ from: file, to: match[1] ?? '', dynamic: false, typeOnly: false });
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    found.push({ from: file, to: match[1] ?? '', dynamic: true, typeOnly: false });
  }
  return found;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(SRC, name));
const imports = files.flatMap(importsOf);
const place = (file: string): string => dirname(relative(SRC, file));
const room = (file: string): string => place(file).split('/')[0] ?? '';
const target = (edge: Import): string => resolve(dirname(edge.from), edge.to);

describe('the rooms', () => {
  it('lie in the folders of the design and nowhere else', () => {
    expect([...new Set(files.map(room))].filter((name) => !(name in ALLOWED))).toEqual([]);
  });

  it('import each other only in the directions of the design', () => {
    const breaches = imports
      .filter((edge) => edge.to.startsWith('.'))
      .filter((edge) => {
        const to = place(target(edge));
        const from = room(edge.from);
        if (to.split('/')[0] === from) return false;
        return !(ALLOWED[from] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
      })
      .map((edge) => `${relative(SRC, edge.from)} -> ${relative(SRC, target(edge))}`);
    expect(breaches).toEqual([]);
  });

  it('that are pure import no module of Node and no package but the named ones', () => {
    const breaches = imports
      .filter((edge) => !edge.to.startsWith('.'))
      .flatMap((edge) => {
        const pure = Object.keys(PURE).find((name) => `${place(edge.from)}/`.startsWith(`${name}/`));
        return pure === undefined || PURE[pure]?.includes(edge.to)
          ? []
          : [`${relative(SRC, edge.from)} -> ${edge.to}`];
      });
    expect(breaches).toEqual([]);
  });

  it('have no barrel and no drawer', () => {
    const names = files.map((file) => relative(SRC, file));
    expect(names.filter((name) => /(^|\/)(index\.tsx?|utils?|helpers?)(\/|\.|$)/.test(name))).toEqual([]);
  });
});

/** Our files that some reach by imports that are neither dynamic nor of types alone, and what these import besides. */
function reached(...starts: string[]): { files: Set<string>; foreign: { from: string; to: string }[] } {
  const seen = new Set<string>();
  const foreign: { from: string; to: string }[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const edge of importsOf(file)) {
      if (edge.dynamic || edge.typeOnly) continue;
      if (edge.to.startsWith('.')) visit(target(edge));
      else foreign.push({ from: relative(SRC, file), to: edge.to });
    }
  };
  for (const start of starts) visit(join(SRC, start));
  return { files: seen, foreign };
}

const packagesFrom = (start: string): string[] => reached(start).foreign.map(({ to }) => to);

describe('reading a policy', () => {
  it('loads the engines of conditions and of YAML only for a text that needs them', () => {
    const packages = packagesFrom('config/applied-policy.ts');
    expect(packages).toContain('zod');
    for (const heavy of ['@marcbachmann/cel-js', 're2js', 'yaml']) expect(packages).not.toContain(heavy);
    expect(packagesFrom('policy/source/cel/expressions.ts')).toContain('@marcbachmann/cel-js');
  });
});

describe('`holdpoint run`', () => {
  it("statically reaches Node's own modules and our files alone", () => {
    // The session is loaded while the server boots, and before any call passes.
    const { files: seen, foreign } = reached('cli/run.ts', 'cli/run-session.ts');
    const breaches = foreign
      .filter(({ to }) => !to.startsWith('node:') || !builtinModules.includes(to.slice(5)))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(seen.size).toBeGreaterThan(5);
    expect(breaches).toEqual([]);
  });
});
