import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities, plainText } from './noteText.ts';

describe('the text of a Sales note', () => {
  it.each([
    ['<p>Call first.</p><p>Then deliver.</p>', 'Call first.\nThen deliver.'],
    ['<div data-wrapper="true"><p>Bring <b>two</b> keys</p></div>', 'Bring two keys'],
    ['One<br>Two<BR/>Three</P >Four', 'One\nTwo\nThree\nFour'],
    ['<pre>kept</pre> as <param>is', 'kept as is'],
    [
      '  <p> &lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; &#x20AC; &eacute;&nbsp;</p> ',
      '<b> & "x" \'y\' € é\u00a0',
    ],
    ['a < b and c > d, x<y', 'a < b and c > d, x<y'],
    ['', ''],
  ])('%s becomes plain: paragraphs end lines, tags go, entities are decoded (D-102)', (html, text) => {
    expect(plainText(html)).toBe(text);
  });

  it('is decoded once only, after tags were removed, so that written-out tags stay text (D-102)', () => {
    expect(plainText('<p>&amp;lt;p&amp;gt; &lt;p&gt;</p>')).toBe('&lt;p&gt; <p>');
  });

  it.each(['&unknown;', '&#0;', '&#xD800;', '&#1114112;', '& amp;', '&amp'])(
    'keeps %s, which stands for no character',
    (text) => expect(decodeEntities(text)).toBe(text),
  );

  it('comes back as it is when it has neither tags nor entities, but trimmed', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[<&]/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(plainText(text)).toBe(text.trim());
      }),
    );
  });

  it('keeps every word and no tag, however tags follow one another', () => {
    const tag = fc.constantFrom(
      '<p>',
      '</p>',
      '<b x="1">',
      '</b>',
      '<br/>',
      '<!-- a -->',
      '<ul><li>',
      '</li></ul>',
    );
    const word = fc.constantFrom('word', '5 < 6', 'x');
    fc.assert(
      fc.property(fc.array(fc.tuple(tag, word), { maxLength: 40 }), (pieces) => {
        const text = plainText(pieces.flat().join(''));
        expect(text.replaceAll('\n', '')).toBe(pieces.map(([, kept]) => kept).join(''));
      }),
    );
  });

  it('takes time in proportion to its length, also where nothing is closed', () => {
    for (const unit of ['<a', '</p', '<!--', '&#1', '&a', '<p ', '< ', '<br/']) {
      const startedAt = performance.now();
      plainText(unit.repeat(50_000));
      expect(performance.now() - startedAt, unit).toBeLessThan(1_000);
    }
  });
});
