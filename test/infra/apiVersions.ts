/**
 * Resource types with the versions in use. Each was found in public templates that are deployed; none was tried by this
 * project (infra/README.md). A new one is looked up before it is added here.
 */
export const apiVersions: readonly string[] = [
  'Microsoft.Authorization/roleAssignments@2022-04-01',
  'Microsoft.Insights/actionGroups@2023-01-01',
  'Microsoft.Insights/components@2020-02-02',
  'Microsoft.Insights/metricAlerts@2018-03-01',
  'Microsoft.Insights/scheduledQueryRules@2023-12-01',
  'Microsoft.KeyVault/vaults@2023-07-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31',
  'Microsoft.OperationalInsights/workspaces@2023-09-01',
  'Microsoft.Resources/resourceGroups@2024-03-01',
  'Microsoft.ServiceBus/namespaces@2024-01-01',
  'Microsoft.ServiceBus/namespaces/queues@2024-01-01',
  'Microsoft.Storage/storageAccounts@2023-05-01',
  'Microsoft.Storage/storageAccounts/blobServices@2023-05-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01',
  'Microsoft.Storage/storageAccounts/queueServices@2023-05-01',
  'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01',
  'Microsoft.Storage/storageAccounts/tableServices@2023-05-01',
  'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01',
  'Microsoft.Web/serverfarms@2024-04-01',
  'Microsoft.Web/sites@2024-04-01',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01',
  'Microsoft.Web/sites/config@2024-04-01',
];
