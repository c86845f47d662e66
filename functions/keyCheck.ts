/** Answers whether the host takes a function key, and nothing else; http/callerCheck.ts asks it. */
import { app } from '@azure/functions';
import { keyCheckRoute } from './http/callerCheck.ts';

app.http('key-check', {
  methods: ['GET'],
  route: keyCheckRoute,
  authLevel: 'function',
  handler: () => ({ status: 204, headers: { 'cache-control': 'no-store' } }),
});
