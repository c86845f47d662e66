import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../common/records.ts';
import type { Transformation } from '../mappings/model.ts';
import { applyTransformation, transformationSchema } from './transformations.ts';

const rule = (name: Transformation['rule'], options: object = {}): Transformation => ({
  rule: name,
  direction: 'toDataverse',
  options: { ...options },
});

describe('a transformation rule (E-68)', () => {
  it.each([
    [rule('uppercase'), 'Ærø', 'ÆRØ'],
    [rule('lowercase'), 'ÆRØ', 'ærø'],
    [rule('titleCase'), "o'hara van DYKE", "O'hara Van Dyke"],
    [rule('trim'), '  x ', 'x'],
    [rule('substring', { start: 2, length: 2 }), 'a😀bc', '😀b'],
    [rule('substring', { start: 9 }), 'abc', ''],
    [rule('replace', { find: '.', with: '$&' }), 'a.b.c', 'a$&b$&c'],
    [rule('regexReplace', { pattern: '[^0-9+]', with: '' }), '+47 22 33-44', '+47223344'],
    [rule('dateFormat', { format: "dd.MM.yyyy 'kl' HH:mm" }), '2026-03-09T07:05:00Z', '09.03.2026 kl 07:05'],
    [rule('dateFormat', { format: 'd. MMMM yy', culture: 'nb-NO' }), '2026-05-17', '17. mai 26'],
    [rule('map', { values: { GB: 'United Kingdom' } }), 'GB', 'United Kingdom'],
    [rule('map', { values: { GB: 'United Kingdom' } }), 'NO', 'NO'],
    [rule('map', { values: { GB: 'x' }, otherwise: 'other' }), 'NO', 'other'],
    [rule('map', { values: { '': 'none' } }), '', 'none'],
    [rule('prefix', { text: 'NO-' }), '10', 'NO-10'],
    [rule('suffix', { text: '!' }), 10, '10!'],
  ] as const)('%j turns %j into %j', (transformation, value, expected) => {
    expect(applyTransformation(transformation, value as FieldValue)).toBe(expected);
  });

  it('leaves blank values alone', () => {
    expect(applyTransformation(rule('prefix', { text: 'x' }), '')).toBe('');
    expect(applyTransformation(rule('uppercase'), null)).toBeNull();
  });

  it('says so when a text is no date', () => {
    expect(applyTransformation(rule('dateFormat', { format: 'dd' }), 'soon')).toBeUndefined();
  });

  it('cannot be made to hang by its pattern', () => {
    const hostile = rule('regexReplace', { pattern: '(a+)+$', with: '' });
    expect(applyTransformation(hostile, `${'a'.repeat(50_000)}!`)).toBe(`${'a'.repeat(50_000)}!`);
  });

  it.each([
    [{ rule: 'regexReplace', direction: 'toDataverse', options: { pattern: '(', with: '' } }],
    [{ rule: 'regexReplace', direction: 'toDataverse', options: { pattern: '(?=x)', with: '' } }],
    [{ rule: 'substring', direction: 'toDataverse', options: { start: 0 } }],
    [{ rule: 'prefix', direction: 'both', options: { text: 'x' } }],
    [{ rule: 'trim', direction: 'toDataverse', options: { unknown: 1 } }],
    [{ rule: 'reverse', direction: 'toDataverse', options: {} }],
  ])('%j is refused', (transformation) => {
    expect(transformationSchema.safeParse(transformation).success).toBe(false);
  });
});
