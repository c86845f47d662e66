// The storage account: package and state of the Functions host, and the app's tables and queues. No keys, nothing public.
param name string
param location string
param tags object

@description('Principal of the app.')
param principalId string

@description('Standard_LRS, Standard_ZRS, Standard_GRS or Standard_GZRS.')
param redundancy string

@description('Whether runs travel over a queue of this account.')
param runsTravelHere bool

var tableNames = [
  'Couplings'
  'Retries'
  'Jobs'
  'Mappings'
  'SyncJobs'
  'SyncErrors'
  'Actions'
  'FullSync'
  'Statistics'
]
var queueNames = runsTravelHere ? ['sync-runs', 'sync-runs-poison'] : []

// The host keeps function keys and the locks of timers in blobs; tables and queues are the app's.
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var roles = concat(
  [storageBlobDataOwner, storageTableDataContributor],
  runsTravelHere ? [storageQueueDataContributor] : []
)

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Reached over the public network by identity only; a virtual network is the operator's choice (docs/security.md).
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'packages'
  properties: {
    publicAccess: 'None'
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [
  for tableName in tableNames: {
    parent: tableService
    name: tableName
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [
  for queueName in queueNames: {
    parent: queueService
    name: queueName
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

output name string = account.name
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packages.name}'
