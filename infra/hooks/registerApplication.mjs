// Before resources are made: the app registration that users sign in with (App Service authentication), with the app roles of
// infra/appRoles.json. Safe to repeat: a registration that AUTHENTICATION_CLIENT_ID names is only brought up to date.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './commands.mjs';

const appRoles = join(dirname(dirname(fileURLToPath(import.meta.url))), 'appRoles.json');
const { AZURE_ENV_NAME: environmentName, AUTHENTICATION_CLIENT_ID: known, SIGN_IN = 'true' } = process.env;

/** An id token is enough for signing in, so the registration needs no secret. */
const tokens = ['--enable-id-token-issuance', 'true', '--app-roles', `@${appRoles}`];

function register() {
  const name = `Business Central and Dataverse synchronisation (${environmentName})`;
  const audience = ['--sign-in-audience', 'AzureADMyOrg'];
  const asked = ['ad', 'app', 'create', '--display-name', name, ...audience, ...tokens];
  const clientId = command('az', [...asked, '--query', 'appId', '--output', 'tsv']);
  command('az', ['ad', 'sp', 'create', '--id', clientId]);
  command('azd', ['env', 'set', 'AUTHENTICATION_CLIENT_ID', clientId]);
  console.log(`Registered "${name}" (${clientId}). Assign its app roles under Enterprise applications.`);
}

if (SIGN_IN === 'false') console.log('SIGN_IN is false: the app is called with function keys only.');
else if (known) command('az', ['ad', 'app', 'update', '--id', known, ...tokens]);
else register();
