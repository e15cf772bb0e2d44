/**
 * Makes `dist/ampra-linux-x64` and `dist/ampra-linux-arm64`: one file each with the program, pages, migrations,
 * workers, and DuckDB's addon and library inside. `--only x64|arm64` makes one of them.
 */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { type Architecture, nativeParts, root } from './native-parts.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted: Architecture[] = values.only === 'x64' || values.only === 'arm64' ? [values.only] : ['x64', 'arm64'];
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });

for (const arch of wanted) {
  const started = Date.now();
  const outfile = join(dist, `ampra-linux-${arch}`);
  await buildExecutable(arch, outfile);
  const size = statSync(outfile).size / 1e6;
  console.log(`dist/ampra-linux-${arch}: ${size.toFixed(0)} MB, ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function buildExecutable(arch: Architecture, outfile: string): Promise<void> {
  const parts = await nativeParts(arch);
  rmSync(outfile, { force: true });
  const result = await Bun.build({
    entrypoints: [join(root, 'src/main.ts'), ...workers()],
    target: 'bun',
    minify: { syntax: true, whitespace: true, identifiers: false },
    sourcemap: 'none',
    // Read by src/platform/runtime.ts; a checkout leaves them undefined.
    define: { 'process.env.AMPRA_BUILT_VERSION': JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
    plugins: [embedDuckdb(parts)],
    compile: {
      target: `bun-linux-${arch}`,
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
      ...(parts.bun ? { executablePath: parts.bun } : {}),
    },
  });
  if (!result.success) throw new AggregateError(result.logs, `building ${outfile} failed`);
  if (!existsSync(outfile)) throw new Error(`the build said it succeeded but left no ${outfile}`);
}

/** Worker files are entry points of their own, else the executable would not hold them. */
function workers(): string[] {
  return [...new Bun.Glob('src/**/*.worker.ts').scanSync(root)].sort().map((file) => join(root, file));
}

/**
 * The addon needs `libduckdb.so` beside it, which a file inside an executable cannot have: both are embedded as data and
 * unpacked once by `src/platform/duckdb-native.ts`.
 */
function embedDuckdb(parts: { addon: string; library: string }): Bun.BunPlugin {
  const loader = join(root, 'src/platform/duckdb-native.ts');
  return {
    name: 'embed-duckdb',
    setup(build) {
      build.onResolve({ filter: /^@duckdb\/node-bindings$/ }, () => ({ path: 'loader', namespace: 'embedded-duckdb' }));
      build.onLoad({ filter: /.*/, namespace: 'embedded-duckdb' }, () => ({
        loader: 'ts',
        contents: `
          import addon from ${JSON.stringify(parts.addon)} with { type: 'file' };
          import library from ${JSON.stringify(parts.library)} with { type: 'file' };
          import { loadEmbeddedDuckdb } from ${JSON.stringify(loader)};
          module.exports = loadEmbeddedDuckdb({ addon, library });
        `,
      }));
    },
  };
}
