// An environment for production. Addresses, ids and e-mail addresses are examples.
using '../main.bicep'

param environmentName = 'production'
param location = 'westeurope'
param settings = {
  BUSINESS_CENTRAL_URL: 'https://api.businesscentral.dynamics.com/v2.0/00000000-0000-0000-0000-000000000000/Production'
  BUSINESS_CENTRAL_COMPANY: 'CRONUS International Ltd.'
  DATAVERSE_URL: 'https://contoso.crm.dynamics.com'
  TICK_MINUTES: '5'
  TIME_ZONE: 'Europe/Oslo'
  extra: {
    SCHEDULE_CUSTOMER: '0 */2 * * * *'
  }
}
param authenticationClientId = '00000000-0000-0000-0000-000000000000'
param alertEmail = 'operations@contoso.com'
param telemetryRetentionDays = 90
param instanceMemoryMB = 2048
