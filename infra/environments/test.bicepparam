// A small environment for trials: against a sandbox, without Service Bus and its base fee.
using '../main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param settings = {
  BUSINESS_CENTRAL_URL: 'https://api.businesscentral.dynamics.com/v2.0/00000000-0000-0000-0000-000000000000/Sandbox'
  BUSINESS_CENTRAL_COMPANY: 'CRONUS International Ltd.'
  DATAVERSE_URL: 'https://contoso-test.crm.dynamics.com'
  TICK_MINUTES: '5'
}
param useServiceBus = false
param storageRedundancy = 'Standard_LRS'
