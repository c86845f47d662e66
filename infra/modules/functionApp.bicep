// The function app on Flex Consumption, its settings, and who may call it.
import { syncSettings } from '../settings.bicep'

param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param storageAccountName string
param packageContainerUrl string

@description('Host name of the Service Bus namespace; empty = runs travel over a storage queue.')
param serviceBusHost string
param insightsName string
param vaultUri string
param settings syncSettings
param receiveNotifications bool
param authenticationClientId string
param serviceClientId string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyHttpInstances int

var serviceBusSettings = empty(serviceBusHost)
  ? {}
  : {
      SERVICE_BUS__fullyQualifiedNamespace: serviceBusHost
      SERVICE_BUS__credential: 'managedidentity'
      SERVICE_BUS__clientId: identityClientId
    }

var notificationSettings = !receiveNotifications
  ? {}
  : {
      NOTIFICATION_URL: 'https://${site.properties.defaultHostName}'
      NOTIFICATION_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/notification-secret)'
    }

// Towards both services: the managed identity itself, or an app registration of the customer's.
var serviceIdentitySettings = empty(serviceClientId)
  ? {
      AZURE_CLIENT_ID: identityClientId
    }
  : {
      AZURE_TENANT_ID: tenant().tenantId
      AZURE_CLIENT_ID: serviceClientId
      AZURE_CLIENT_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/service-client-secret)'
    }

var appSettings = {
  BUSINESS_CENTRAL_URL: settings.BUSINESS_CENTRAL_URL
  BUSINESS_CENTRAL_COMPANY: settings.BUSINESS_CENTRAL_COMPANY
  DATAVERSE_URL: settings.DATAVERSE_URL
  TICK_MINUTES: settings.TICK_MINUTES
  WAKE_ON_DATAVERSE_CHANGE: settings.?WAKE_ON_DATAVERSE_CHANGE ?? ''
  WAKE_DELAY_SECONDS: settings.?WAKE_DELAY_SECONDS ?? ''
  OWNERSHIP_MODEL: settings.?OWNERSHIP_MODEL ?? ''
  ORDER_INTEGRATION: settings.?ORDER_INTEGRATION ?? ''
  AUTO_CREATE_ORDERS: settings.?AUTO_CREATE_ORDERS ?? ''
  AUTO_PROCESS_QUOTES: settings.?AUTO_PROCESS_QUOTES ?? ''
  ITEM_AVAILABILITY: settings.?ITEM_AVAILABILITY ?? ''
  WRITE_IN_PRODUCT: settings.?WRITE_IN_PRODUCT ?? ''
  FREIGHT_ACCOUNT: settings.?FREIGHT_ACCOUNT ?? ''
  STATISTICS_COLUMNS: settings.?STATISTICS_COLUMNS ?? ''
  STATISTICS_CHECK_HOURS: settings.?STATISTICS_CHECK_HOURS ?? ''
  DISABLED_JOBS: settings.?DISABLED_JOBS ?? ''
  MAX_DELETE_PERCENT: settings.?MAX_DELETE_PERCENT ?? ''
  MAPPINGS_DIR: settings.?MAPPINGS_DIR ?? ''
  RETENTION_DAYS: settings.?RETENTION_DAYS ?? ''
  TIME_ZONE: settings.?TIME_ZONE ?? ''
  // Bytes; above what the app takes, so that larger bodies do not take the memory of an instance.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '33554432'
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyHttpInstances
              }
            ]
      }
      runtime: {
        name: 'node'
        version: '22'
      }
    }
  }
}

resource siteSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: site
  name: 'appsettings'
  properties: union(
    settings.?extra ?? {},
    appSettings,
    serviceBusSettings,
    notificationSettings,
    serviceIdentitySettings
  )
}

// No user name and password for deployments.
resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
}

// Who is signed in is told to the app, which asks for app roles (functions/http/access.ts); who is not is let through to it,
// since programs come with a function key and the two services with their notifications. The app refuses everybody else.
resource authentication 'Microsoft.Web/sites/config@2024-04-01' = if (!empty(authenticationClientId)) {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
      excludedPaths: [
        '/api/notifications/business-central'
        '/api/notifications/dataverse'
        '/api/key-check'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authenticationClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            authenticationClientId
            'api://${authenticationClientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}

output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
