/** A complete environment for tests; a test states only what it changes. */
import type { Environment } from '../settings.ts';

/** Every required setting, with tokens in place of an identity. */
export const validEnvironment: Environment = {
  BUSINESS_CENTRAL_URL: 'https://api.businesscentral.dynamics.com/v2.0/contoso.example/Production',
  BUSINESS_CENTRAL_COMPANY: 'CRONUS International Ltd.',
  BUSINESS_CENTRAL_ACCESS_TOKEN: 'business-central-token',
  DATAVERSE_URL: 'https://contoso.crm.dynamics.com',
  DATAVERSE_ACCESS_TOKEN: 'dataverse-token',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};
