/** Answers whether the mark of a signed-in user arrives that http/signInGuard.ts forges; it should not. */
import { app } from '@azure/functions';
import { markTakenOff, signInCheckRoute } from './http/signInGuard.ts';

app.http('sign-in-check', {
  methods: ['GET'],
  route: signInCheckRoute,
  authLevel: 'anonymous',
  handler: ({ headers }) => ({
    status: headers.get('x-ms-client-principal') === null ? markTakenOff : 409,
    headers: { 'cache-control': 'no-store' },
  }),
});
