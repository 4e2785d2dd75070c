import type { Machine } from '../../src/clients/places.ts';
import { CLIENTS, type ClientRow, type Place } from '../../src/clients/table.ts';

const at = (platform: NodeJS.Platform): Machine => ({ platform, home: '~', env: {}, folders: ['.'] });

/** The first of a place's files and how many more there are; on a Mac too where that is another. */
function filesOf({ paths }: Place): string {
  const [linux = '', ...more] = paths(at('linux'));
  const [mac = ''] = paths(at('darwin'));
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return linux === mac ? `\`${linux}\`${rest}` : `\`${linux}\`${rest}, macOS: \`${mac}\``;
}

function limitOf({ limit }: ClientRow): string {
  if (limit === undefined) return 'no setting is known';
  const { usual, key, most, unit, notIn } = limit;
  const wanted = Math.min(1800, most ?? 1800);
  const written = unit === 'ms' ? wanted * 1000 : wanted;
  if (usual === undefined) return `as long as it takes, unless \`${key}\` says less`;
  const but = notIn === undefined ? '' : `; not in \`${notIn.join('.')}\``;
  return `${usual} s; wrap writes \`${key}\` = ${written}${but}`;
}

/** The table at the top of docs/clients.md, as the table in the code has it. */
export function clientTable(): string {
  const rows = CLIENTS.map((client) => {
    const formats = [...new Set(client.places.map(({ format }) => format.toUpperCase()))].join(', ');
    const files = client.places.map(filesOf).join('<br>');
    return `| [${client.id}](#${client.id}) | ${client.name} | ${files} | ${formats} | ${limitOf(client)} |`;
  });
  return ['| id | client | files | format | one call may take |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}
