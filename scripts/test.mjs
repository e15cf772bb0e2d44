// Sets everything up and runs the tests: `npm test`, or `npm test -- test/browser` for a part.
// Ends with one line: N passed, N failed, N skipped.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const debianPackages = {
  chromium: '/usr/bin/chromium',
  mosquitto: '/usr/sbin/mosquitto',
  'mosquitto-clients': '/usr/bin/mosquitto_pub',
  strace: '/usr/bin/strace',
};

addDebianPackages();
const counts = { pass: 0, fail: 0, skip: 0 };
const child = spawn('node_modules/.bin/bun', ['test', '--timeout', '30000', ...process.argv.slice(2)], {
  stdio: ['ignore', 'inherit', 'pipe'],
});
let tail = '';
child.stderr.on('data', (chunk) => {
  process.stderr.write(chunk);
  tail = (tail + chunk).slice(-4000);
});
child.on('close', (code) => {
  for (const kind of Object.keys(counts)) {
    const found = new RegExp(`^\\s*(\\d+) ${kind}\\s*$`, 'gm');
    counts[kind] = Number([...tail.matchAll(found)].at(-1)?.[1] ?? 0);
  }
  const ranNone = counts.pass + counts.fail === 0;
  if (ranNone) console.error('No test ran.');
  console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skip} skipped`);
  process.exit(code !== 0 || ranNone ? code || 1 : 0);
});

/** The browser, Mosquitto and its clients, and strace come from Debian; without them the tests that need them skip by name. */
function addDebianPackages() {
  const missing = Object.keys(debianPackages).filter((name) => !existsSync(debianPackages[name]));
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `Not installed: ${missing.join(', ')}. The tests that need them will skip. As root on Debian: apt-get install ${missing.join(' ')}`,
    );
    return;
  }
  console.error(`Installing ${missing.join(', ')} from Debian for the tests ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) console.error('Debian could not install them; the tests that need them will skip.');
  // Debian starts Mosquitto at once; its port is Ampra's, and the tests start brokers of their own.
  if (missing.includes('mosquitto')) spawnSync('systemctl', ['disable', '--now', 'mosquitto'], { stdio: 'ignore' });
}
