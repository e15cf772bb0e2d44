import { expect, test } from 'bun:test';
import { toCsv } from './csv.ts';

test('text that a spreadsheet would run is marked as text, and numbers stay numbers', () => {
  const texts = ['=1+1', '+1', '-cmd', '@x', '\tx', '=HYPERLINK("http://x","y")', 'a=b', "'quoted", ''];
  expect(toCsv([texts, [-1.5, 0, null]])).toBe(
    `'=1+1,'+1,'-cmd,'@x,'\tx,"'=HYPERLINK(""http://x"",""y"")",a=b,'quoted,\r\n-1.5,0,\r\n`,
  );
  expect(toCsv([['\rx']])).toBe(`"'\rx"\r\n`);
});
