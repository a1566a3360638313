// What wakes somebody up. Each alert has a runbook of its name in docs/azure.md.

import { tagMap } from 'tags.bicep'

param environmentName string
param location string
param tags tagMap
param emails string[]
param workspaceId string
param serviceBusId string
param shardCount int
param tickSeconds int

@description('Fleets per shard that may be stale before anybody is told: some owners stop sending for good reasons.')
param staleFleetsAllowed int

// In this window half of the ticks must have been priced; the metrics of the last minutes are still on their way. It
// holds three ticks at the least, or half of them would be none.
var lateWindowMinutes = tickSeconds <= 300 ? 15 : tickSeconds <= 1200 ? 60 : 180
var fewestTicks = shardCount * lateWindowMinutes * 60 / tickSeconds / 2

// Each query gives one row with one number. Metrics come a minute apart from every instance, counters as what was added.
var logAlerts = [
  {
    name: 'telemetry-stale'
    severity: 2
    description: 'Fleets have sent no telemetry for more than ten ticks: their rates are frozen, and they take no lease.'
    query: 'AppMetrics | where Name == "surplus.fleets.stale" | summarize Value = max(Max)'
    operator: 'GreaterThan'
    threshold: staleFleetsAllowed
    windowMinutes: 5
    periods: 3
  }
  {
    name: 'pricing-late'
    severity: 1
    description: 'Fewer than half of the ticks were priced: rates age, and nothing is reclaimed.'
    query: 'AppMetrics | where Name == "surplus.ticks" | summarize Value = coalesce(sum(Sum), 0.0)'
    operator: 'LessThan'
    threshold: fewestTicks
    windowMinutes: lateWindowMinutes
    periods: 1
  }
  {
    name: 'pricing-slow'
    severity: 2
    description: 'A pricing cycle takes more than half a tick: soon ticks will be late.'
    query: 'AppMetrics | where Name == "surplus.cycle.duration" | summarize Value = max(Max)'
    operator: 'GreaterThan'
    threshold: tickSeconds / 2
    windowMinutes: 5
    periods: 3
  }
  {
    name: 'notice-broken'
    severity: 1
    description: 'A reclaim notice went out late: its whole length runs from when it was sent, so the owner waits.'
    query: 'AppMetrics | where Name == "surplus.notices.late" | summarize Value = coalesce(sum(Sum), 0.0)'
    operator: 'GreaterThan'
    threshold: 0
    windowMinutes: 5
    periods: 1
  }
  {
    name: 'firm-shortage'
    severity: 1
    description: 'A fleet has fewer healthy GPUs than firm leases: the firm promise is broken.'
    query: 'AppMetrics | where Name == "surplus.firm.shortages" | summarize Value = coalesce(sum(Sum), 0.0)'
    operator: 'GreaterThan'
    threshold: 0
    windowMinutes: 5
    periods: 1
  }
  {
    name: 'effects-failing'
    severity: 2
    description: 'Effects of leases (grants, notices, webhooks) keep failing; they stay pending and are tried again.'
    query: 'AppMetrics | where Name == "surplus.effects.failed" | summarize Value = coalesce(sum(Sum), 0.0)'
    operator: 'GreaterThan'
    threshold: 10
    windowMinutes: 15
    periods: 2
  }
  {
    // The host moves a message there by itself, so the app's own metrics cannot tell; the storage account's log can.
    name: 'poison-queue'
    severity: 2
    description: 'A message was given up and moved to a poison queue.'
    query: '''
StorageQueueLogs
| where OperationName == "PutMessage" and StatusText == "Success"
| where Uri has_any ("telemetry-poison", "pricing-poison")
| summarize Value = toreal(count())'''
    operator: 'GreaterThan'
    threshold: 0
    windowMinutes: 5
    periods: 1
  }
]

resource team 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-surplus-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'surplus'
    emailReceivers: [
      for (email, i) in emails: { name: 'operator-${i}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for item in logAlerts: {
    name: 'surplus-${environmentName}-${item.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Surplus ${environmentName}: ${item.name}'
      description: '${item.description} Runbook: docs/azure.md, ${item.name}.'
      enabled: true
      severity: item.severity
      evaluationFrequency: 'PT5M'
      windowSize: 'PT${item.windowMinutes}M'
      scopes: [workspaceId]
      criteria: {
        allOf: [
          {
            query: item.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: item.operator
            threshold: item.threshold
            failingPeriods: { numberOfEvaluationPeriods: item.periods, minFailingPeriodsToAlert: item.periods }
          }
        ]
      }
      autoMitigate: true
      // On the first deployment nothing has been logged, and a table without a row is not known.
      skipQueryValidation: true
      actions: { actionGroups: [team.id] }
    }
  }
]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'surplus-${environmentName}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages were dead-lettered. Runbook: docs/azure.md, dead-letters.'
    enabled: true
    severity: 2
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    scopes: [serviceBusId]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          // One alert for each queue and topic, so that an old dead letter of one does not hide a new one of another.
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    autoMitigate: true
    actions: [{ actionGroupId: team.id }]
  }
}
