import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * The first guard of the layout (docs/architecture.md): a file's name says what it may import. It reads every import of
 * every source file, and fails when it has read none. The second guard is dependency-cruiser.
 */
type Room = 'core' | 'application' | 'infrastructure' | 'mqtt' | 'ml' | 'web' | 'views' | 'wiring' | 'testing';

const mayImport: Record<Room, { rooms: Room[]; packages: boolean }> = {
  core: { rooms: ['core'], packages: false },
  application: { rooms: ['core', 'application'], packages: false },
  infrastructure: { rooms: ['core', 'application', 'infrastructure'], packages: true },
  mqtt: { rooms: ['core', 'application', 'infrastructure', 'mqtt'], packages: true },
  ml: { rooms: ['core', 'application', 'infrastructure', 'ml'], packages: true },
  web: { rooms: ['core', 'application', 'web', 'views'], packages: true },
  views: { rooms: ['core', 'views'], packages: true },
  wiring: { rooms: ['core', 'application', 'infrastructure', 'mqtt', 'ml', 'web', 'views', 'wiring'], packages: true },
  testing: {
    rooms: ['core', 'application', 'infrastructure', 'mqtt', 'ml', 'web', 'views', 'wiring', 'testing'],
    packages: true,
  },
};

const featureOrder = [
  ...['accounts', 'sources', 'telemetry', 'ingest', 'weather', 'forecast', 'returns', 'sharing', 'alerts', 'series'],
  ...['dispatch', 'workflows', 'wiring', 'fleet', 'sync', 'backups', 'admin', 'demo'],
];
const technologies: Record<string, Room> = {
  sqlite: 'infrastructure',
  duckdb: 'infrastructure',
  http: 'infrastructure',
  fs: 'infrastructure',
  worker: 'infrastructure',
  mqtt: 'mqtt',
  ml: 'ml',
  web: 'web',
};

const root = join(import.meta.dir, '..');
const files = [...new Bun.Glob('{src,views}/**/*.{ts,tsx}').scanSync(root)]
  .filter((file) => !file.endsWith('.d.ts'))
  .sort();

describe('the layout', () => {
  test('has files, and imports to read', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(40);
  });

  test('gives every file a room', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('lets a file import only from the rooms that its name allows', () => {
    expect(files.flatMap(wrongImports)).toEqual([]);
  });

  test('lets a feature see only the pure files and ports of an earlier feature', () => {
    expect(files.flatMap(wrongNeighbours)).toEqual([]);
  });

  test('catches planted violations', () => {
    expect(wrongImport('src/core/x.ts', 'node:fs')).toContain('package');
    expect(wrongImport('src/core/solar/x.ts', '../../forecast/pv-system.ts')).toContain('a feature');
    expect(wrongImport('src/telemetry/history.web.tsx', '../platform/sqlite.ts')).toContain('infrastructure');
    expect(wrongImport('src/sources/service.ts', './sources.sqlite.ts')).toContain('infrastructure');
    expect(wrongImport('src/sources/odd.redis.ts', './source.ts')).toContain('no room');
    expect(wrongNeighbour('src/sources/service.ts', '../telemetry/ports.ts')).toContain('later');
    expect(wrongNeighbour('src/telemetry/service.ts', '../sources/service.ts')).toContain('inside');
  });
});

function roomOf(file: string): Room | undefined {
  const [top = '', folder = '', ...rest] = file.split('/');
  if (/\.test\.tsx?$/.test(file) || folder === 'testing') return 'testing';
  if (top === 'views' || top === 'ampra.config.ts') return top === 'views' ? 'views' : 'wiring';
  if (top === 'migrations') return 'infrastructure';
  if (top === 'package.json') return 'core';
  if (rest.length === 0) return /^(main|app)[\w-]*\.ts$/.test(folder) ? 'wiring' : undefined;
  const name = rest.at(-1) ?? '';
  if (folder === 'mqtt' || folder === 'ml') return name === 'ports.ts' ? 'application' : folder;
  const technology = /^[\w-]+\.([\w-]+)\.tsx?$/.exec(name)?.[1];
  if (technology) return technologies[technology];
  if (name === 'ports.ts') return 'application';
  if (folder === 'core') return 'core';
  if (folder === 'platform') return 'infrastructure';
  if (folder === 'web') return folder;
  if (name === 'service.ts' || name.endsWith('-service.ts')) return 'application';
  if (name === 'feature.ts') return 'wiring';
  return name.endsWith('.ts') ? 'core' : undefined;
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return [
    ...code.matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}

function resolved(file: string, target: string): string {
  return normalize(join(dirname(file), target));
}

function wrongImport(file: string, target: string): string | undefined {
  const room = roomOf(file);
  if (!room) return `${file}: its name has no room`;
  const allowed = mayImport[room];
  if (!target.startsWith('.')) {
    return allowed.packages ? undefined : `${file} (${room}) imports the package ${target}`;
  }
  const other = roomOf(resolved(file, target));
  if (file.startsWith('src/core/') && room === 'core' && !isEmbedded(target) && featureOf(resolved(file, target))) {
    return `${file} imports ${target}: core knows no feature, and this is a feature's`;
  }
  if (isEmbedded(target) || (other && allowed.rooms.includes(other))) return undefined;
  return `${file} (${room}) imports ${target} (${other ?? 'no room'})`;
}

/** Text and data files that are embedded belong to whoever embeds them. */
function isEmbedded(target: string): boolean {
  return /\.(sql|css|js|svg|json|md|txt|html|png|ico|webmanifest)$/.test(target);
}

function wrongImports(file: string): string[] {
  return importsOf(file).flatMap((target) => wrongImport(file, target) ?? []);
}

function featureOf(file: string): string | undefined {
  const [top, folder = ''] = file.split('/');
  return top === 'src' && featureOrder.includes(folder) ? folder : undefined;
}

function wrongNeighbour(file: string, target: string): string | undefined {
  if (!target.startsWith('.')) return undefined;
  const path = resolved(file, target);
  const mine = featureOf(file);
  const other = featureOf(path);
  const room = roomOf(file);
  if (!mine || !other || mine === other || room === 'testing') return undefined;
  if (featureOrder.indexOf(other) > featureOrder.indexOf(mine)) return `${file} imports ${target} of a later feature`;
  const otherRoom = roomOf(path);
  if (otherRoom === 'core' || path.endsWith('/ports.ts')) return undefined;
  return `${file} imports ${target}, the inside of another feature`;
}

function wrongNeighbours(file: string): string[] {
  return importsOf(file).flatMap((target) => wrongNeighbour(file, target) ?? []);
}
