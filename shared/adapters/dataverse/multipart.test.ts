/** The `$batch` body as written, and every form of answer the parser must take (dataverse-web-api section 12). */
import { describe, expect, it } from 'vitest';
import { buildMultipart } from './multipartBuilder.ts';
import { parseMultipart } from './multipartParser.ts';

const body = '{"name":"Käse \u{1F9C0} 東京"}';

describe('buildMultipart', () => {
  it('writes CRLF everywhere, two blank lines after a GET and an end mark', () => {
    const built = buildMultipart([
      { method: 'GET', url: 'https://x/accounts', headers: { Accept: 'application/json' } },
      { method: 'PATCH', url: 'https://x/accounts(1)', headers: { 'If-Match': 'W/"7"' }, body },
    ]);
    expect(built.contentType).toBe('multipart/mixed; boundary="batch_1"');
    expect(built.text).toBe(
      [
        '--batch_1',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        'GET https://x/accounts HTTP/1.1',
        'Accept: application/json',
        '',
        '',
        '--batch_1',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        'PATCH https://x/accounts(1) HTTP/1.1',
        'If-Match: W/"7"',
        '',
        body,
        '--batch_1--',
        '',
      ].join('\r\n'),
    );
  });

  it('chooses a boundary that no part contains', () => {
    const built = buildMultipart([{ method: 'PATCH', url: 'https://x/a', headers: {}, body: '"--batch_1"' }]);
    expect(built.contentType).toContain('batch_2');
  });

  it('refuses a header with a line break', () => {
    const part = { method: 'GET', url: 'https://x/a', headers: { 'If-Match': 'a\r\nX: y' } } as const;
    expect(() => buildMultipart([part])).toThrow('line break');
  });
});

function answer(lineEnd: string, ...lines: string[]): string {
  return lines.join(lineEnd);
}

const twoParts = [
  '--batchresponse_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  '',
  'HTTP/1.1 200 OK',
  'Content-Type: application/json; odata.metadata=minimal',
  'ETag: W/"7"',
  '',
  body,
  '--batchresponse_1',
  'Content-Type: application/http',
  '',
  'HTTP/1.1 204 No Content',
  'OData-EntityId: https://x/accounts(1)',
  '',
  '',
  '--batchresponse_1--',
  '',
];

describe('parseMultipart', () => {
  it.each([
    ['CRLF and no quotes', '\r\n', 'multipart/mixed; boundary=batchresponse_1'],
    [
      'CRLF, quotes and a further parameter',
      '\r\n',
      'multipart/mixed; boundary="batchresponse_1"; charset=utf-8',
    ],
    ['LF only', '\n', 'multipart/mixed; boundary=batchresponse_1'],
    ['no boundary in the content type', '\r\n', 'multipart/mixed'],
  ])('reads status, headers and UTF-8 bodies in order: %s', (_form, lineEnd, contentType) => {
    const parsed = parseMultipart(contentType, answer(lineEnd, ...twoParts));
    expect(parsed).toHaveLength(2);
    expect(parsed?.[0]).toMatchObject({ status: 200, text: body });
    expect(parsed?.[0]?.headers['etag']).toBe('W/"7"');
    expect(parsed?.[1]).toMatchObject({ status: 204, text: '' });
    expect(parsed?.[1]?.headers['odata-entityid']).toBe('https://x/accounts(1)');
  });

  it('flattens a nested change set response in place', () => {
    const text = answer(
      '\r\n',
      '--b',
      'Content-Type: multipart/mixed; boundary=changesetresponse_2',
      '',
      '--changesetresponse_2',
      'Content-Type: application/http',
      'Content-ID: 1',
      '',
      'HTTP/1.1 204 No Content',
      'Location: https://x/accounts(1)',
      '',
      '',
      '--changesetresponse_2--',
      '',
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 404 Not Found',
      '',
      '{"error":{"code":"0x80040217","message":"gone"}}',
      '--b--',
    );
    expect(parseMultipart('multipart/mixed; boundary=b', text)?.map((part) => part.status)).toEqual([
      204, 404,
    ]);
  });

  it('reads a part without any header after the status line', () => {
    const text = answer(
      '\r\n',
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 204 No Content',
      '',
      '',
      '--b--',
    );
    expect(parseMultipart('multipart/mixed; boundary=b', text)).toEqual([
      { status: 204, headers: {}, text: '' },
    ]);
  });

  it('keeps the parts of a body whose end mark is missing, and leaves out one without a status line', () => {
    const text = answer(
      '\r\n',
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 200 OK',
      '',
      '{}',
      '--b',
      'Conte',
    );
    expect(parseMultipart('multipart/mixed; boundary=b', text)).toEqual([
      { status: 200, headers: {}, text: '{}' },
    ]);
  });

  it('does not take a longer boundary for its own', () => {
    const text = answer(
      '\r\n',
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 200 OK',
      '',
      '--b2',
      '--b--',
    );
    expect(parseMultipart('multipart/mixed; boundary=b', text)?.[0]?.text).toBe('--b2');
  });

  it('says null for a body that is no multipart at all', () => {
    expect(parseMultipart('text/html', '<html>Bad gateway</html>')).toBeNull();
    expect(parseMultipart('multipart/mixed; boundary=b', '<html></html>')).toBeNull();
  });
});
