// Sets everything up and runs the tests: `npm test`, or `npm test -- test/browser` for a part.
// Ends with one line: N passed, N failed, N skipped.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const debianPackages = {
  chromium: '/usr/bin/chromium',
  mosquitto: '/usr/sbin/mosquitto',
  'mosquitto-clients': '/usr/bin/mosquitto_pub',
  strace: '/usr/bin/strace',
};

/** Few enough that both lanes end at about the same time. */
const FILES_A_PART = 12;

addDebianPackages();
const named = process.argv.slice(2);
const parts = named.length > 0 ? { waiting: [], working: [{ name: '', files: named }] } : partsOf(testFiles());
const results = await runAll(parts);
const sum = (kind) => results.reduce((total, { counts }) => total + counts[kind], 0);
const ranNone = sum('pass') + sum('fail') === 0;
if (ranNone) console.error('No test ran.');
console.log(`${sum('pass')} passed, ${sum('fail')} failed, ${sum('skip')} skipped`);
process.exit(ranNone || results.some(({ code }) => code !== 0) ? 1 : 0);

/** Every test of the project, with its path. */
function testFiles() {
  return ['src', 'test', 'views']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => /\.test\.tsx?$/.test(file))
    .sort();
}

/**
 * For the lane that mostly waits: those that hold the broker to its standard, and those that kill, cut the power or fill the
 * disk. For the two that work: first the house that is watched for minutes and besieged, then the others in parts of about the
 * same number of files.
 */
function partsOf(files) {
  const under = (folder) => files.filter((file) => file.startsWith(join('test', folder)));
  const load = under('faults').filter((file) => /(soak|siege)\.test/.test(file));
  const faults = under('faults').filter((file) => !load.includes(file));
  const conformance = under('conformance');
  const others = files.filter((file) => ![load, faults, conformance].some((part) => part.includes(file)));
  const working = [{ name: 'load', files: load }];
  for (let from = 0; from < others.length; from += FILES_A_PART)
    working.push({ name: `others, from ${others[from]}`, files: others.slice(from, from + FILES_A_PART) });
  return {
    waiting: [
      { name: 'conformance', files: conformance },
      { name: 'faults', files: faults },
    ],
    working,
  };
}

/** What waits goes by itself; two lanes beside it work, of which the one that is free takes the next part. */
async function runAll({ waiting, working }) {
  const isHeldBack = waiting.length + working.length > 1;
  const results = [];
  const lane = async (parts) => {
    for (let part = parts.shift(); part; part = parts.shift()) results.push(await run(part, isHeldBack));
  };
  await Promise.all([lane(waiting), lane(working), lane(working)]);
  return results;
}

/** Runs Bun's test runner. With several parts what one says is held back until it is done. */
function run({ name, files }, isHeldBack) {
  const paths = files.map((file) => (existsSync(file) ? `./${file}` : file));
  const child = spawn('node_modules/.bin/bun', ['test', '--timeout', '30000', ...paths], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    stream.on('data', (chunk) => {
      said += chunk;
      if (!isHeldBack) out.write(chunk);
    });
  if (isHeldBack) console.error(`Running: ${name} (${files.length} files)`);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (isHeldBack) process.stderr.write(`\n== ${name}\n${said}`);
      resolve({ code, counts: countsOf(said) });
    });
  });
}

/** What Bun counted, from the end of what it said. */
function countsOf(said) {
  const tail = said.slice(-4000);
  const count = (kind) => Number([...tail.matchAll(new RegExp(`^\\s*(\\d+) ${kind}\\s*$`, 'gm'))].at(-1)?.[1] ?? 0);
  return { pass: count('pass'), fail: count('fail'), skip: count('skip') };
}

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
