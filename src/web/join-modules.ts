/**
 * Joins small modules into the one classic script that the browser loads: one request, no bundler. A module imports by
 * name from modules that stand before it in the list, and what it declares at its top level is unique in the list, since
 * the joined script has one scope (`join-modules.test.ts` holds the shipped scripts to both). Comments on lines of their
 * own stay here.
 */
export function joinModules(modules: readonly string[]): string {
  const parts = modules.map((text) =>
    text
      .replaceAll(/^import [^;]*;\n/gm, '')
      .replaceAll(/^export /gm, '')
      .replaceAll(/^ *(?:\/\/.*|\/\*\*[\s\S]*?\*\/)\n/gm, ''),
  );
  return `(() => {\n'use strict';\n${parts.join('\n')}})();\n`;
}
