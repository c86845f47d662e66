/** The plain page at the root address. */
import type { HttpResponseInit } from '@azure/functions';

const links = [
  ['api/jobs', 'Jobs'],
  ['api/table-mappings', 'Table mappings'],
  ['api/couplings', 'Couplings'],
  ['api/sync-jobs', 'Synchronisation log'],
  ['api/sync-errors', 'Synchronisation errors'],
  ['api/health', 'Health'],
  ['api/connection', 'Connections'],
] as const;

const name = 'Business Central and Dataverse synchronisation';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
</head>
<body>
<h1>${name}</h1>
<p>This app keeps Business Central and Dynamics 365 Sales in step. Its state, as JSON:</p>
<ul>
${links.map(([path, text]) => `<li><a href="/${path}">${text}</a></li>`).join('\n')}
</ul>
</body>
</html>
`;

/** Answers the page. It needs nothing but itself, and the browser is told so. */
export function startPage(): HttpResponseInit {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: page,
  };
}
