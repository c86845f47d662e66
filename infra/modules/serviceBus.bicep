// The queue that runs travel over. Sessions and duplicate detection are chosen when a queue is made and cannot be changed later.
param name string
param location string
param tags object

@description('Principal of the app.')
param principalId string

var dataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var dataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    // The Standard tier has no private endpoints; keys are off, so only identities with a role get in.
    publicNetworkAccess: 'Enabled'
  }
}

resource runs 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'sync-runs'
  properties: {
    requiresSession: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    // Renewed by the host while a run goes on; after a crash another instance takes over this much later.
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// On the queue alone: the app neither makes queues nor reads others.
resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [dataSender, dataReceiver]: {
    name: guid(runs.id, principalId, role)
    scope: runs
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

output id string = namespace.id
output host string = '${namespace.name}.servicebus.windows.net'
