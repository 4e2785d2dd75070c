import type { Home } from '../../platform/home.ts';
import { allSignIns, type SignIn } from '../../remote/sign-in/kept.ts';
import { table } from '../../text/table.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { tableWidth } from '../terminal/table-width.ts';

/** `holdpoint login --list`. */
export function listSignIns(home: Home): void {
  const all = allSignIns(home);
  if (all.length === 0) {
    process.stdout.write('Nobody is signed in to any remote server.\n');
    return;
  }
  const columns = [{ title: 'SERVER', least: 20 }, { title: 'SINCE' }, { title: 'ENDS' }];
  const rows = all.map((one) => [visible(one.server), localTime(one.signedInAt), endOf(one)]);
  process.stdout.write(`${table(columns, rows, tableWidth()).join('\n')}\n`);
}

function endOf({ refreshToken, expiresAt }: SignIn): string {
  if (refreshToken !== undefined) return 'is renewed';
  return expiresAt === undefined ? 'is not said' : localTime(new Date(expiresAt).toISOString());
}
