import { describe, expect, test } from 'bun:test';
import { stylesheet as css } from '../../src/web/stylesheet.ts';

type Palette = Record<string, string>;

function paletteIn(block: string): Palette {
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
}

const [lightBlock = ''] = css.split('@media (prefers-color-scheme: dark)');
const light = paletteIn(lightBlock);
const [, afterMedia = ''] = css.split('@media (prefers-color-scheme: dark)');
const [darkBySystem = '', darkByChoice = ''] = afterMedia.split(':root[data-theme="dark"]');
const dark = paletteIn(darkBySystem);

/** Contrast ratio of two colours (WCAG 2.2, 1.4.3: relative luminance). */
function contrast(a: string | undefined, b: string | undefined): number {
  const luminance = (hex = '#000000') => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5]
      .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const energies = ['solar', 'battery', 'load', 'grid', 'generator'];
const grounds = ['paper', 'surface'];

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s palette', (_, palette) => {
  const of = (name: string) => palette[name];

  test('has text of at least 4.5:1 on every ground', () => {
    for (const ground of [...grounds, 'sunken', 'chosen'])
      for (const text of ['ink', 'ink-2']) expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
    for (const ground of grounds)
      for (const text of [...energies.map((e) => `${e}-ink`), 'alert-ink'])
        expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('ink'), of('alert-paper'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('ink-2'), of('alert-paper'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('alert-ink'), of('alert-paper'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('ink-inverse'), of('ink'))).toBeGreaterThanOrEqual(4.5);
  });

  test('has lines and areas of at least 3:1', () => {
    for (const ground of grounds)
      for (const line of [...energies, 'alert', 'line-strong'])
        expect(contrast(of(line), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

test('dark is the same whether the system or the person chose it', () => {
  expect(paletteIn(darkByChoice)).toEqual(dark);
  expect(Object.keys(dark).sort()).toEqual(Object.keys(light).sort());
});
