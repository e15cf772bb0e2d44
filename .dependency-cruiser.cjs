/**
 * The second guard of the layout (the first is test/architecture.test.ts): arrows between rooms and features, cycles.
 * It needs @swc/core to read TypeScript; scripts/check-dependencies.mjs fails when it has read no module.
 */
const notPure = String.raw`(?!(ports|feature|service|[\w-]+-service)\.ts$)`;
const pure = [
  String.raw`^src/core/[^/]+\.ts$`,
  String.raw`^src/[^/]+/${notPure}[^/.]+\.ts$`,
  String.raw`^src/[^/]+/[\w-]+/${notPure}[^/.]+\.ts$`,
];
const application = [
  String.raw`^src/[^/]+/(ports|service|[\w-]+-service)\.ts$`,
  String.raw`^src/[^/]+/[\w-]+/(ports|service|[\w-]+-service)\.ts$`,
];
const infrastructure = String.raw`^src/platform/|\.(sqlite|duckdb|http|fs|worker)\.ts$`;
const mqtt = String.raw`^src/mqtt/|\.mqtt\.ts$`;
const ml = String.raw`^src/ml/|\.ml\.ts$`;
const web = String.raw`^src/web/|\.web\.tsx$`;
const rooms = '^src/(platform|mqtt|ml|web|testing)/';
const tests = String.raw`\.test\.tsx?$|^src/testing/|^test/`;
const order = [
  ...['accounts', 'sources', 'telemetry', 'ingest', 'weather', 'forecast', 'returns', 'sharing', 'alerts', 'series'],
  ...['dispatch', 'workflows', 'wiring', 'fleet', 'sync', 'backups', 'admin', 'demo'],
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'A dot-less file imports no package, no runtime module and nothing that does.',
      from: { path: pure, pathNot: [rooms, tests, String.raw`^src/(main|app)[\w-]*\.ts$`] },
      to: { pathNot: pure },
    },
    {
      name: 'core-knows-no-feature',
      severity: 'error',
      from: { path: '^src/core/', pathNot: tests },
      to: { path: '^src/(?!core/)' },
    },
    {
      name: 'application-knows-no-technology',
      severity: 'error',
      from: { path: application, pathNot: [rooms, tests] },
      to: { pathNot: [...pure, ...application] },
    },
    {
      name: 'web-knows-no-infrastructure',
      severity: 'error',
      from: { path: `${web}|^views/`, pathNot: tests },
      to: {
        path: [infrastructure, mqtt, ml, 'bun:', String.raw`^src/(main|app)[\w-]*\.ts$`],
        pathNot: [String.raw`^src/(mqtt|ml)/ports\.ts$`],
      },
    },
    {
      name: 'infrastructure-knows-no-web',
      severity: 'error',
      from: { path: infrastructure, pathNot: tests },
      to: { path: [web, '^views/', String.raw`^src/(?!platform/)[^/]+/feature\.ts$`] },
    },
    ...order.map((feature, index) => ({
      name: `${feature}-reaches-forward`,
      severity: 'error',
      from: { path: `^src/${feature}/`, pathNot: tests },
      to: { path: order.slice(index + 1).map((later) => `^src/${later}/`) },
    })),
    ...order.map((feature) => ({
      name: `${feature}-shows-pure-files-and-ports-only`,
      severity: 'error',
      from: { path: `^src/(${order.filter((other) => other !== feature).join('|')})/`, pathNot: tests },
      to: { path: `^src/${feature}/`, pathNot: [...pure, String.raw`/ports\.ts$`] },
    })),
  ].filter((rule) => rule.to.path === undefined || rule.to.path.length > 0),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`\.(sql|css|svg|min\.js)$|\.test\.tsx?$|^src/testing/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'] },
    builtInModules: { add: ['bun', 'bun:sqlite', 'bun:ffi', 'bun:test'] },
  },
};
