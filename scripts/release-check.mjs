// node scripts/release-check.mjs TAG OWNER/NAME: whether this checkout may be published as TAG, from that repository.
// Each fault is a sentence on stderr, and the exit code is 1.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const text = (name) => readFileSync(resolve(root, name), 'utf8');
const [tag = '', repository = ''] = process.argv.slice(2);
const { version, repository: named } = JSON.parse(text('package.json'));
const lock = JSON.parse(text('package-lock.json'));
const url = typeof named === 'string' ? named : (named?.url ?? '');

const faults = [];
if (tag !== `v${version}`)
  faults.push(`The tag is ${tag} and package.json says ${version}: tag v${version}, or change the version.`);
if (lock.version !== version)
  faults.push(`package-lock.json is of version ${lock.version}: run npm install --package-lock-only.`);
if (
  !new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d\\d-\\d\\d\\)$`, 'm').test(
    text('CHANGELOG.md'),
  )
)
  faults.push(`CHANGELOG.md has no "## ${version} (YYYY-MM-DD)": give what is new its version and day.`);
if (!new RegExp(`github\\.com[/:]${repository}(?:\\.git)?$`, 'i').test(url))
  faults.push(
    `package.json names the repository "${url}" and this is ${repository}: npm takes a provenance only from the one that it names.`,
  );
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
