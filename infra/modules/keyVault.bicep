// The one secret the product has: what it signs webhooks with.

import { tagMap } from 'tags.bicep'

param name string
param location string
param tags tagMap
param softDeleteDays int
param publicAccess bool
param workspaceId string

@secure()
@description('Empty: no secret is written, and what is there stays.')
param webhookSecret string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    enablePurgeProtection: true
    enableRbacAuthorization: true
    networkAcls: { bypass: 'None', defaultAction: publicAccess ? 'Allow' : 'Deny' }
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    sku: { family: 'A', name: 'standard' }
    softDeleteRetentionInDays: softDeleteDays
    tenantId: tenant().tenantId
  }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(webhookSecret)) {
  parent: vault
  name: 'webhook-secret'
  properties: { contentType: 'HMAC key of webhooks', value: webhookSecret }
}

resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output name string = vault.name
output id string = vault.id
output uri string = vault.properties.vaultUri
