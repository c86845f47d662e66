// Everything the function app needs in Azure, in a resource group of its own.
targetScope = 'subscription'

import { syncSettings } from 'settings.bicep'

@minLength(1)
@maxLength(24)
@description('Name of the environment, such as production; part of every name.')
param environmentName string

@minLength(1)
@description('Region of all resources; one that offers Flex Consumption.')
param location string

@description('Settings of the app, see docs/settings.md.')
param settings syncSettings

@description('Whether Business Central may send change notifications to the app; false = polling only.')
param receiveNotifications bool = true

@description('Whether runs travel over Service Bus; false = over a storage queue, without its base fee.')
param useServiceBus bool = true

@description('Client id of the app registration that users sign in with; empty = function keys only.')
param authenticationClientId string = ''

@description('Client id of an app registration used towards both services; empty = the managed identity itself. Its secret is put into the vault as service-client-secret.')
param serviceClientId string = ''

@description('Where alerts are sent; empty = they are shown in the portal only.')
param alertEmail string = ''

@allowed([512, 2048, 4096])
@description('Memory of an instance in MB; 512 does up to about 100,000 records a mapping, 2048 beyond (docs/operations.md).')
param instanceMemoryMB int = 512

@minValue(1)
@maxValue(1000)
@description('The most instances of the app. Some regions and subscriptions refuse less than 40.')
param maximumInstanceCount int = 40

@minValue(0)
@maxValue(10)
@description('Instances kept ready for HTTP requests, at a base fee; 1 where Business Central gives up its subscriptions because a first request takes more than five seconds.')
param alwaysReadyHttpInstances int = 0

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
@description('Copies of the storage account. The app can be rebuilt from both services (docs/operations.md), couplings only by matching.')
param storageRedundancy string = 'Standard_ZRS'

@minValue(30)
@maxValue(730)
@description('Days that telemetry is kept.')
param telemetryRetentionDays int = 30

var suffix = uniqueString(subscription().id, environmentName, location)
var tags = {
  'azd-env-name': environmentName
  application: 'business-central-dataverse-sync'
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-bcsync-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-bcsync-${suffix}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-bcsync-${suffix}'
    insightsName: 'appi-bcsync-${suffix}'
    location: location
    tags: tags
    retentionDays: telemetryRetentionDays
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'stbcsync${suffix}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    redundancy: storageRedundancy
    runsTravelHere: !useServiceBus
  }
}

module serviceBus 'modules/serviceBus.bicep' = if (useServiceBus) {
  name: 'serviceBus'
  scope: group
  params: {
    name: 'sb-bcsync-${suffix}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    deployerId: deployer().objectId
  }
}

module app 'modules/functionApp.bicep' = {
  name: 'functionApp'
  scope: group
  params: {
    name: 'func-bcsync-${suffix}'
    planName: 'plan-bcsync-${suffix}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    serviceBusHost: useServiceBus ? serviceBus.outputs.host : ''
    insightsName: monitoring.outputs.insightsName
    vaultUri: vault.outputs.uri
    settings: settings
    receiveNotifications: receiveNotifications
    authenticationClientId: authenticationClientId
    serviceClientId: serviceClientId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    name: 'bcsync-${environmentName}'
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    serviceBusId: useServiceBus ? serviceBus.outputs.id : ''
    email: alertEmail
  }
}

@description('Read by azd.')
output AZURE_LOCATION string = location
output RESOURCE_GROUP string = group.name
output SERVICE_APP_NAME string = app.outputs.name
output APP_URL string = app.outputs.url
output KEY_VAULT_NAME string = vault.outputs.name

@description('To be made an application user of Dataverse and a Microsoft Entra application of Business Central.')
output SERVICE_CLIENT_ID string = empty(serviceClientId) ? identity.outputs.clientId : serviceClientId
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
