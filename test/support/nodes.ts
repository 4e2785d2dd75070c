import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The oldest Node that package.json allows and the newest of each later line, with what npm says of their packages. */
const NODES: Record<string, Record<string, string>> = {
  '20.19.0': {
    'linux-x64': 'HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==',
    'linux-arm64': 'kT7jX7frbsrMrXMsBaFt3Th1SWs5VjxTzd0U8vxcmdCFkaqeu5hFK0+QoYfIo5drmr3DmwJfLtO2gnD/7hNE/Q==',
  },
  '22.23.3': {
    'linux-x64': 'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    'linux-arm64': 'l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
  },
  '24.21.0': {
    'linux-x64': '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    'linux-arm64': 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

export const NODE_VERSIONS = Object.keys(NODES);

const MACHINE = `${process.platform}-${process.arch}`;
const KEPT = resolve(import.meta.dirname, '../../node_modules/.cache/holdpoint-nodes');

/** Whether npm has these Nodes for this machine. */
export const NODES_ARE_THERE = Object.values(NODES).every((machines) => MACHINE in machines);

/**
 * The folder of this Node's binary, for PATH. From npm once in a checkout, by a lock that names its digest; nothing is
 * asked of the registry where npm's cache has it.
 */
export function nodeFolder(version: string): string {
  const prefix = join(KEPT, version);
  const name = `node-${MACHINE}`;
  const folder = join(prefix, 'node_modules', name, 'bin');
  if (runs(folder, version)) return folder;
  mkdirSync(prefix, { recursive: true });
  const dependencies = { [name]: version };
  const resolved = `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`;
  const integrity = `sha512-${NODES[version]?.[MACHINE]}`;
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, resolved, integrity } };
  writeFileSync(join(prefix, 'package.json'), JSON.stringify({ dependencies }));
  writeFileSync(join(prefix, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', ['ci', ...quiet], { cwd: prefix, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!runs(folder, version)) throw new Error(`npm's ${name}@${version} does not run here`);
  return folder;
}

function runs(folder: string, version: string): boolean {
  try {
    return execFileSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' }).trim() === `v${version}`;
  } catch {
    return false;
  }
}
