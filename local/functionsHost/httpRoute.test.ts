/** Route templates. */
import { describe, expect, it } from 'vitest';
import { compileRoute } from './httpRoute.ts';

describe('compileRoute', () => {
  it.each([
    ['', '/', {}],
    ['api/jobs', '/API/Jobs/', {}],
    ['api/jobs/{name}', '/api/jobs/UNIT%20OF%20MEASURE', { name: 'UNIT OF MEASURE' }],
    ['api/jobs/{name}', '/api/jobs/K%C3%B8benhavn', { name: 'København' }],
    ['api/jobs/{name}', '/api/jobs/a%2Fb', { name: 'a%2Fb' }],
    ['api/jobs/{name}', '/api/jobs/100%', { name: '100%' }],
    ['api/jobs/{name?}', '/api/jobs', {}],
    ['api/{id:int}', '/api/42', { id: '42' }],
    [
      'api/{id:guid}',
      '/api/6f9619ff-8b86-d011-b42d-00c04fc964ff',
      { id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' },
    ],
    ['api/{code:alpha:length(2,3)}', '/api/abc', { code: 'abc' }],
    ['assets/{*path}', '/assets/js/app.js', { path: 'js/app.js' }],
    ['assets/{*path}', '/assets', {}],
  ])('"%s" matches "%s"', (template, path, parameters) => {
    expect(compileRoute(template).match(path)).toEqual(parameters);
  });

  it.each([
    ['', '/api'],
    ['api/jobs', '/api'],
    ['api/jobs', '/api/jobs/x'],
    ['api/jobs/{name}', '/api/jobs'],
    ['api/jobs/{name}', '/api/jobs/a/b'],
    ['api/{id:int}', '/api/x'],
    ['api/{id:int}', '/api/99999999999'],
    ['api/{id:guid}', '/api/42'],
    ['api/{code:alpha:length(2,3)}', '/api/abcd'],
    ['assets/{*path}', '/other/x'],
  ])('"%s" does not match "%s"', (template, path) => {
    expect(compileRoute(template).match(path)).toBeNull();
  });

  it('puts literals before constrained parameters before parameters before catch-alls', () => {
    const templates = ['api/{*rest}', 'api/{id}', 'api/{id:int}', 'api/jobs'];
    const ordered = templates.map(compileRoute).sort((a, b) => a.precedence.localeCompare(b.precedence));
    expect(ordered.map((route) => route.template)).toEqual([
      'api/jobs',
      'api/{id:int}',
      'api/{id}',
      'api/{*rest}',
    ]);
  });

  it.each([
    'api/{name',
    'api/{name}.json',
    'api/{id:unknown}',
    'api/{id:length}',
    'api/{*rest}/more',
    'api/{a?}/{b}',
    'api/{a}/{A}',
    'admin/x',
    'local/x',
    'runtime/x',
  ])('refuses "%s"', (template) => {
    expect(() => compileRoute(template)).toThrow(template);
  });
});
