// Telemetry in, events out. No keys: only identities may send or receive.

import { tagMap } from 'tags.bicep'

@export()
@description('What a subscription of the topic sees: an SQL filter over the properties type, tenant and fleet.')
type subscriptionFilter = { name: string, filter: string }

param name string
param location string
param tags tagMap

@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units of the Premium tier.')
param capacity int
param publicAccess bool
param subscriptions subscriptionFilter[]

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: sku, capacity: sku == 'Premium' ? capacity : null }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

// One session per shard keeps a shard's batches on one instance at a time. A sender's retry within ten minutes is
// dropped here; a later one changes nothing, since the newest sample of a fleet wins.
resource telemetry 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = {
  parent: namespace
  name: 'telemetry'
  properties: {
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P1D'
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    lockDuration: 'PT1M'
    maxDeliveryCount: 5
    maxSizeInMegabytes: 5120
    requiresDuplicateDetection: true
    requiresSession: true
  }
}

resource events 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = {
  parent: namespace
  name: 'surplus-events'
  properties: {
    defaultMessageTimeToLive: 'P1D'
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    // A topic that is full refuses events, and their effects stay pending.
    maxSizeInMegabytes: sku == 'Premium' ? 81920 : 5120
    requiresDuplicateDetection: true
  }
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = [
  for item in subscriptions: {
    parent: events
    name: item.name
    properties: {
      deadLetteringOnFilterEvaluationExceptions: true
      // What nobody fetched goes: the journal keeps every event, and a subscription without a reader must not wake us.
      deadLetteringOnMessageExpiration: false
      defaultMessageTimeToLive: 'P1D'
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
    }
  }
]

// '$Default' is the rule that a subscription is born with, and lets all pass; so it is replaced, not added to.
resource rule 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2026-01-01' = [
  for (item, i) in subscriptions: {
    parent: subscription[i]
    name: '$Default'
    properties: { filterType: 'SqlFilter', sqlFilter: { sqlExpression: item.filter } }
  }
]

output name string = namespace.name
output id string = namespace.id
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
output telemetryQueue string = telemetry.name
output eventsTopic string = events.name
