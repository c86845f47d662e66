// After resources are made: the sign-in address of the registration, and the secrets that no identity can replace.
// Safe to repeat: secrets that exist are kept, since subscriptions carry them.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { command, stop, tryCommand } from './commands.mjs';

const {
  APP_URL: appUrl,
  AUTHENTICATION_CLIENT_ID: registration,
  AZURE_SUBSCRIPTION_ID: subscription,
  KEY_VAULT_NAME: vault,
  RESOURCE_GROUP: resourceGroup,
  SERVICE_APP_NAME: app,
  HOOK_PAUSE_SECONDS: pauseSeconds = '15',
} = process.env;

/** A role given a moment ago takes up to some minutes to count. */
const mostAttempts = 20;

const named = (secret) => ['--vault-name', vault, '--name', secret, '--output', 'none'];

async function putNotificationSecret() {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const listed = tryCommand('az', [
      'keyvault',
      'secret',
      'list',
      '--vault-name',
      vault,
      '--query',
      '[].name',
      '--output',
      'tsv',
    ]);
    if (listed?.split(/\s+/).includes('notification-secret')) return;
    // Hexadecimal, since az takes a value that begins with a hyphen for an option. `@-` is its word for standard input.
    const secret = randomBytes(32).toString('hex');
    const put = ['keyvault', 'secret', 'set', ...named('notification-secret'), '--value', '@-'];
    if (listed !== null && tryCommand('az', put, { input: secret }) !== null) return;
    await pause(Number(pauseSeconds) * 1000);
  }
  stop(`The notification secret could not be put into ${vault}. Run \`azd provision\` again.`);
}

/** References to secrets made before the secrets are looked up again. */
function refreshReferences() {
  const site = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${app}`;
  const address = `${site}/config/configreferences/appsettings/refresh?api-version=2024-04-01`;
  command('az', ['rest', '--method', 'post', '--url', address, '--output', 'none']);
}

for (const [name, value] of Object.entries({ appUrl, vault, subscription, resourceGroup, app })) {
  if (!value) stop(`The outputs of the deployment lack ${name}; run \`azd provision\`.`);
}
await putNotificationSecret();
refreshReferences();
if (registration) {
  const callback = `${appUrl}/.auth/login/aad/callback`;
  command('az', ['ad', 'app', 'update', '--id', registration, '--web-redirect-uris', callback]);
}
