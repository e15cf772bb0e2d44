import { describe, expect, test } from 'bun:test';
import { chartModules, chartScript } from './chart-script.ts';
import { joinModules } from './join-modules.ts';

test('modules become one script with one scope', () => {
  const joined = joinModules([
    '/** Two. */\nexport const two = 2; // not three\n',
    "import { two } from './two.js';\nimport {\n  three,\n} from './three.js';\nexport function four() {\n  return two + two;\n}\n",
  ]);
  expect(joined).not.toContain('import');
  expect(joined).not.toContain('export');
  expect(joined).not.toContain('Two.');
  expect(new Function(`return ${joined.replace('})();', 'return four();})();')}`)()).toBe(4);
});

describe('the script of the History page', () => {
  const declared = chartModules.flatMap((text) =>
    [...text.matchAll(/^(?:export )?(?:async )?(?:const|let|function) (\w+)/gm)].map((found) => found[1]),
  );

  test('can be parsed', () => expect(() => new Function(chartScript)).not.toThrow());

  test('declares each name once', () => {
    expect(declared.length).toBeGreaterThan(30);
    expect(declared).toHaveLength(new Set(declared).size);
  });

  test('imports by name what an earlier module exports', () => {
    const known = new Set<string>();
    for (const text of chartModules) {
      expect(text).not.toMatch(/^import (?!\{)|\bas\b.* from |export default/m);
      const imported = [...text.matchAll(/^import \{([^}]*)\}/gm)].flatMap((found) => found[1]?.match(/\w+/g) ?? []);
      expect(imported.filter((name) => !known.has(name))).toEqual([]);
      for (const found of text.matchAll(/^export (?:async )?(?:const|let|function) (\w+)/gm)) known.add(found[1] ?? '');
    }
  });
});
