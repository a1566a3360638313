// Durable Task Scheduler: the task hub as a service, for more leases than a storage account's control queues carry.

import { tagMap } from 'tags.bicep'

param name string
param location string
param tags tagMap
param taskHubName string

@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Capacity units of the Dedicated tier: 1, or 3 for zone redundancy.')
param capacity int

@description('False: only its private endpoint reaches it. Identity and role are asked for either way.')
param publicAccess bool

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // An empty list lets nobody in; identity and role still decide.
    ipAllowlist: publicAccess ? ['0.0.0.0/0'] : []
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    sku: { name: sku, capacity: sku == 'Dedicated' ? capacity : null }
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

output name string = scheduler.name
output id string = scheduler.id
output endpoint string = scheduler.properties.endpoint
output taskHubName string = taskHub.name
