// Runs dependency-cruiser over the sources, and fails when it has read none: without @swc/core it reads no
// TypeScript file, finds no violation and says that all is well.
import { spawnSync } from 'node:child_process';

const { status, stdout, stderr } = spawnSync('node_modules/.bin/depcruise', ['src', 'views', '--output-type', 'json'], {
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
if (!stdout) {
  console.error(stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(stdout);
const sources = modules.filter((m) => /^(src|views)\//.test(m.source));
for (const v of summary.violations) console.error(`${v.rule.name}: ${v.from} -> ${v.to}`);
console.log(
  `dependency-cruiser: ${sources.length} files read, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`,
);
if (sources.length < 40 || summary.totalDependenciesCruised < 80) {
  console.error('dependency-cruiser has read too little to judge; is @swc/core installed?');
  process.exit(1);
}
process.exit(summary.violations.length > 0 ? 1 : (status ?? 1));
