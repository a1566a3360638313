// The function app, on a plan that scales to nothing, with every setting it reads.

import { tagMap } from 'tags.bicep'

@export()
@description('Instances that stay up: for `http`, `durable`, or `function:<name>`.')
type alwaysReadyGroup = { name: string, instanceCount: int }

param name string
param planName string
param location string
param tags tagMap
param identityId string
param clientId string

@description('Settings by name; nothing secret among them but references to the vault.')
param settings { *: string }

@description('False: the task hub lies in the host\'s storage account. Not told by the endpoint, which what-if cannot know.')
param onScheduler bool
param schedulerEndpoint string

@description('Container that holds the deployed package, with its address.')
param packageContainerUrl string

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@allowed([512, 2048, 4096])
param instanceMemoryMb int
param alwaysReady alwaysReadyGroup[]

@description('False: only a private endpoint reaches the API.')
param publicAccess bool

@description('Instances over the zones of the region; the storage accounts must be zone-redundant too.')
param zoneRedundant bool

@description('The subnet the app goes out by. Empty: none.')
param subnetId string

// host.json names Azure Storage; these say otherwise, so that one package runs on either.
var provider = 'AzureFunctionsJobHost__extensions__durableTask__storageProvider'
var schedulerConnection = 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
var schedulerSettings = onScheduler
  ? {
      '${provider}__connectionStringName': schedulerConnection
      '${provider}__type': 'azureManaged'
      '${schedulerConnection}': 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${clientId}'
    }
  : {}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // `azd deploy` finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'surplus' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: instanceMemoryMb
        maximumInstanceCount: maximumInstanceCount
      }
    }
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    outboundVnetRouting: empty(subnetId) ? null : { allTraffic: true }
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    serverFarmId: plan.id
    siteConfig: {
      appSettings: [
        for setting in items(union(settings, schedulerSettings)): { name: setting.key, value: setting.value }
      ]
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
  }

  // Deployment is by identity alone: no publishing password.
  resource scmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

output name string = app.name
output id string = app.id
output hostName string = app.properties.defaultHostName
