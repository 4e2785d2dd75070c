import { spawn } from 'node:child_process';

/**
 * Opens an address in the user's browser: `$BROWSER`, else `open` (macOS), else `xdg-open`. Started without a shell and
 * the address is one argument, for a server chose it (CVE-2025-6514). `hidden`: variables that the browser does not get.
 * Resolves to whether something was started; never rejects.
 */
export async function openPage(
  url: URL,
  env: NodeJS.ProcessEnv,
  hidden: readonly string[],
): Promise<boolean> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  const { BROWSER } = env;
  const programs = [process.platform === 'darwin' ? 'open' : 'xdg-open'];
  if (BROWSER !== undefined && BROWSER !== '') programs.unshift(BROWSER);
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.includes(name)));
  for (const program of programs) if (await started(program, url.href, kept)) return true;
  return false;
}

function started(program: string, address: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const child = spawn(program, [address], { stdio: 'ignore', detached: true, env, shell: false });
      child.once('error', () => resolve(false));
      child.once('spawn', () => resolve(true));
      child.unref();
    } catch {
      resolve(false);
    }
  });
}
