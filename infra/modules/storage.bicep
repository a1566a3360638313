// One storage account that knows no keys: only identities may read or write it.

import { tagMap } from 'tags.bicep'

param name string
param location string
param tags tagMap
param sku string

@description('Blob containers.')
param containers string[] = []

@description('Queues.')
param queues string[] = []

@description('Tables.')
param tables string[] = []

@description('False: only private endpoints and nothing else reach it.')
param publicAccess bool

@description('Append blobs under this prefix are deleted so many days after the last append. 0: none are.')
param retention { prefix: string, days: int } = { prefix: '', days: 0 }

@description('Where the log of queue writes goes. Empty: nowhere.')
param queueLogWorkspaceId string = ''

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: { bypass: 'None', defaultAction: publicAccess ? 'Allow' : 'Deny' }
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    supportsHttpsTrafficOnly: true
  }
}

// Blobs have no soft delete: a shard's state is written again every tick, and each old copy would be kept and paid for.
resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: { containerDeleteRetentionPolicy: { enabled: true, days: 7 } }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for containerName in containers: {
    parent: blobService
    name: containerName
    properties: { publicAccess: 'None' }
  }
]

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for queueName in queues: {
    parent: queueService
    name: queueName
  }
]

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for tableName in tables: {
    parent: tableService
    name: tableName
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = if (retention.days > 0) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'age-out'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['appendBlob'], prefixMatch: [retention.prefix] }
            // Azure moves append blobs to no cooler tier; it only deletes them.
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: retention.days } } }
          }
        }
      ]
    }
  }
}

// Only writes: they hold what reaches a poison queue, and leave out the polls, which are many.
resource queueLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(queueLogWorkspaceId)) {
  scope: queueService
  name: 'writes'
  properties: {
    workspaceId: queueLogWorkspaceId
    logs: [{ category: 'StorageWrite', enabled: true }]
  }
}

output name string = account.name
output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
