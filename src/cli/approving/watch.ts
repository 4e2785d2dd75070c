import type { Command } from 'commander';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { HOME } from '../terminal/home-option.ts';

interface WatchWords {
  plain?: boolean;
  as?: string;
  notify?: boolean;
  home?: string;
}

/** `holdpoint watch`, which a bare `holdpoint` on a terminal means too. */
export function registerWatch(program: Command): void {
  program
    .command('watch')
    .description('the approval terminal: see what waits, approve or reject it')
    .option('--plain', 'line by line, for screen readers and scripts (also where INK_SCREEN_READER=true)')
    .option('--as <name>', 'whose approver key signs, where there are several')
    .option('--no-notify', "no notifications of the terminal's and no window title: the bell alone")
    .option(...HOME)
    .action(watch);
}

/** Starts the terminal; without one: one sentence and exit 2. */
export async function watch(options: WatchWords): Promise<void> {
  const { ensurePrivateFolder, resolveHome } = await import('../../platform/home.ts');
  const { ownKey, unlock } = await import('./own-key.ts');
  const { keyedFor } = await import('../../session/keyed-for.ts');
  const { unsafeToSign } = await import('../../approvals/signing/signing-place.ts');
  const home = resolveHome(options.home, process.env);
  ensurePrivateFolder(home.root);
  ensurePrivateFolder(home.run);
  const { refusals } = await import('./watch-refusals.ts');
  const refused = refusals(home);
  const { brakeOf } = await import('../stop/brake-of.ts');
  const brake = brakeOf(home);
  const key = ownKey(home, options.as);
  const { teamDeskOf } = await import('../team/team-desk.ts');
  const team = await teamDeskOf(home);
  // What is in its way is on the screen.
  void team?.open(true).catch(() => {});
  const keyed = keyedFor(home);
  // A reader of screens reads lines, not a screen that is drawn anew each second.
  if (options.plain === true || process.env['INK_SCREEN_READER'] === 'true') {
    const { watchPlain } = await import('../../watch/plain/plain.ts');
    // Without a terminal nobody can be asked for a passphrase: then answers are not signed.
    const signs = key !== undefined && process.stdin.isTTY === true && process.stdout.isTTY === true;
    const ask = signs ? (): Promise<Signer | undefined> => unlock(key) : undefined;
    const signer = await ask?.();
    team?.signer(signer);
    await watchPlain(home.run, { signer, keyed, unlock: ask, refused, brake, team });
    await team?.close();
    return;
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('holdpoint: watch needs a terminal; open one, or use "holdpoint watch --plain".\n');
    process.exitCode = EXIT.usage;
    return;
  }
  const { watchTerminal } = await import('../../watch/terminal.ts');
  const { EarlierApprovals } = await import('./earlier-approvals.ts');
  const { triedRule } = await import('./tried-rule.ts');
  const { DeskRules } = await import('./desk-rules.ts');
  const { RecordPages } = await import('./record-pages.ts');
  const earlier = new EarlierApprovals(home.root);
  const { KeyRing } = await import('../../watch/state/key-ring.ts');
  const { showsColours } = await import('../../platform/colours.ts');
  await watchTerminal(home.run, {
    coloured: showsColours(process.stdout),
    keys: new KeyRing(() => ownKey(home, options.as), unsafeToSign(process.env, process.execArgv), keyed),
    refused,
    brake,
    earlier: (hold) => earlier.of(hold),
    trial: (rule) => triedRule(home.root, rule),
    rules: new DeskRules(home, options.as),
    record: new RecordPages(home.root),
    notify: options.notify !== false,
    ...(team && { team }),
  });
  await team?.close();
}
