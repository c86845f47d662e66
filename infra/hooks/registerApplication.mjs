// Before resources are made: the app registration that users sign in with (App Service authentication), with the app roles of
// infra/appRoles.json. Safe to repeat: a registration that AUTHENTICATION_CLIENT_ID names is only brought up to date.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, tryCommand } from './commands.mjs';

const appRoles = join(dirname(dirname(fileURLToPath(import.meta.url))), 'appRoles.json');
const { AZURE_ENV_NAME: environmentName, AUTHENTICATION_CLIENT_ID: known, SIGN_IN = 'true' } = process.env;

function register() {
  const name = `Business Central and Dataverse synchronisation (${environmentName})`;
  const asked = ['ad', 'app', 'create', '--display-name', name, '--sign-in-audience', 'AzureADMyOrg'];
  const clientId = command('az', [...asked, '--query', 'appId', '--output', 'tsv']);
  // Remembered before anything else can fail, so that a repetition goes on with this one.
  command('azd', ['env', 'set', 'AUTHENTICATION_CLIENT_ID', clientId]);
  console.log(`Registered "${name}" (${clientId}). Assign its app roles under Enterprise applications.`);
  return clientId;
}

/** An id token is enough for signing in, so the registration needs no secret; programs ask for `api://{client id}`. */
function bringUpToDate(clientId) {
  const people = ['--enable-id-token-issuance', 'true'];
  const programs = ['--identifier-uris', `api://${clientId}`, '--requested-access-token-version', '2'];
  const roles = ['--app-roles', `@${appRoles}`];
  command('az', ['ad', 'app', 'update', '--id', clientId, ...people, ...programs, ...roles]);
  if (tryCommand('az', ['ad', 'sp', 'show', '--id', clientId]) === null) {
    command('az', ['ad', 'sp', 'create', '--id', clientId]);
  }
}

if (SIGN_IN === 'false') console.log('SIGN_IN is false: the app is called with function keys only.');
else bringUpToDate(known || register());
