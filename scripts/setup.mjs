// Installs what the lock file names (Bun among it), and nothing when that is there already.
// Plain Node without packages, because it runs before anything is installed.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bun = join(root, 'node_modules', '.bin', 'bun');
const stamp = join(root, 'node_modules', '.ampra-setup');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`Ampra's set-up needs Node 20 or newer; this is ${process.versions.node}.`);

if (!isCurrent()) {
  const started = Date.now();
  console.error('Ampra: installing the pinned dependencies (once) ...');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed; the lines above say why.');
  // Where npm is set to skip install scripts, Bun's own has not put its binary in place.
  if (!works(bun))
    run(process.execPath, [join(root, 'node_modules', 'bun', 'install.js')], 'Bun could not be put in place.');
  if (!works(bun)) fail('Bun is installed but does not run on this machine (needs Linux x64 or arm64 with glibc).');
  writeFileSync(stamp, wanted);
  console.error(`Ampra: ready after ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

// A device family is a file in src/ingest/dialects and nothing else: the list of them follows.
const folder = join(root, 'src', 'ingest', 'dialects');
if (existsSync(folder) && !isListed())
  run(bun, [join(root, 'scripts', 'dialect-index.ts')], 'The list of dialects could not be written.');

function isListed() {
  if (!existsSync(join(folder, 'index.ts'))) return false;
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  const listed = [...index.matchAll(/ from '\.\/([^']+)'/g)].map((match) => match[1]);
  const there = readdirSync(folder).filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && isDialect(join(folder, file)));
  return listed.sort().join() === there.sort().join();
}

function isDialect(path) {
  return /^export const dialect\b/m.test(readFileSync(path, 'utf8'));
}

function isCurrent() {
  if (!existsSync(bun)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  if (!hasWhatTheLockNames() || !works(bun)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** True after a plain `npm ci` or `npm install`: npm notes what it installed, and that is compared with the lock. */
function hasWhatTheLockNames() {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    return there
      ? there.version === entry.version && there.integrity === entry.integrity
      : entry.optional || entry.peer;
  });
}

function works(command) {
  return existsSync(command) && spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

function run(command, args, complaint) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail(complaint);
}

function fail(message) {
  console.error(`Ampra: ${message}`);
  process.exit(1);
}
