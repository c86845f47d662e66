// Alerts, from the events of docs/telemetry.md. docs/operations.md tells what to do about each.
param name string
param location string
param tags object
param insightsId string

@description('Id of the Service Bus namespace; empty = runs travel over a storage queue.')
param serviceBusId string

@description('Where alerts are sent; empty = nowhere.')
param email string

// Every event is one line of JSON (docs/telemetry.md).
var events = 'traces | where message startswith "{" | extend entry = parse_json(message) | extend event = tostring(entry.event), details = entry.details'

var rules = [
  {
    name: 'job-in-error'
    description: 'A job has used up its attempts and waits for a user.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    query: '${events} | where event in ("job-planned", "job-interrupted") and tostring(details.status) == "error"'
    threshold: 0
  }
  {
    name: 'job-late'
    description: 'A job lags: it should have run long ago, or has been running for too long.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT2H'
    query: '${events} | where event == "job-unhealthy" and tostring(details.problems) has_any ("job-overdue", "job-stuck")'
    threshold: 0
  }
  {
    name: 'throttled'
    description: 'A service keeps refusing requests because there are too many.'
    severity: 3
    frequency: 'PT15M'
    window: 'PT30M'
    query: '${events} | where event == "http-retry" and toint(details.status) == 429'
    threshold: 50
  }
  {
    name: 'invalid-settings'
    description: 'The app cannot work with its settings.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT30M'
    query: '${events} | where event == "invalid-settings"'
    threshold: 0
  }
  {
    name: 'mass-change-guard'
    description: 'A run stopped because too many couplings lost a side.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    query: '${events} | where event == "job-failed" and tostring(details.code) == "mass-change-guard"'
    threshold: 0
  }
  {
    name: 'notifications-forged'
    description: 'Notifications without the right secret keep coming.'
    severity: 3
    frequency: 'PT15M'
    window: 'PT30M'
    query: '${events} | where event == "notification-secret-wrong"'
    threshold: 20
  }
  {
    name: 'messages-set-aside'
    description: 'A message of the storage queue failed so often that the host set it aside.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT30M'
    query: 'traces | where message has "MaxDequeueCount"'
    threshold: 0
  }
  {
    name: 'server-errors'
    description: 'Requests to the app fail inside the app.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'requests | where toint(resultCode) >= 500'
    threshold: 20
  }
  {
    name: 'silent'
    description: 'The app has told nothing for two hours; its housekeeping does so every hour.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT2H'
    query: '${events} | where event == "mapping-statistics" | summarize told = count() | where told == 0'
    threshold: 0
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'bcsync'
    emailReceivers: [
      {
        name: 'administrators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var actionGroups = empty(email) ? [] : [group.id]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.name}'
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [insightsId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      autoMitigate: true
      // The tables are empty until the app has run for the first time.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: actionGroups
      }
    }
  }
]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(serviceBusId)) {
  name: '${name}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message of the run queue failed so often that Service Bus set it aside.'
    enabled: true
    severity: 1
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: ['sync-runs']
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [for id in actionGroups: { actionGroupId: id }]
  }
}
