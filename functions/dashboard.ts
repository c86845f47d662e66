/** The start page: what this is, and where its API answers. It holds no data, so it needs no key. */
import { app } from '@azure/functions';
import { startPage } from './startPage.ts';

app.http('dashboard', {
  methods: ['GET'],
  route: '/',
  authLevel: 'anonymous',
  handler: startPage,
});
