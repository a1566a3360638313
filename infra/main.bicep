// Dynamic Surplus on Azure: everything that one installation needs, within one resource group.

import { alwaysReadyGroup } from 'modules/functionApp.bicep'
import { subscriptionFilter } from 'modules/serviceBus.bicep'
import { tagMap } from 'modules/tags.bicep'

targetScope = 'resourceGroup'

type limitSet = {
  @minValue(1)
  @maxValue(500)
  liveQuotes: int
  @minValue(1)
  @maxValue(1000000)
  heldGpus: int
  tenantShare: string
  @minValue(1)
  readsPerMinute: int
  @minValue(1)
  writesPerMinute: int
  @minValue(1)
  telemetryPerMinute: int
  @minValue(1)
  failuresPerMinute: int
}

@description('Part of the names, and a tag: dev, prod, …')
@minLength(2)
@maxLength(12)
param environmentName string
param location string = resourceGroup().location
param tags tagMap = {}

@description('Fixed at the first start: a fleet\'s shard is its hash modulo this. One shard takes 65,536 fleets.')
@minValue(1)
@maxValue(256)
param shardCount int = 1

@description('The two schedules below must come as often.')
@minValue(10)
@maxValue(3600)
param tickSeconds int = 60

@description('When the pricing cycle runs (NCRONTAB, UTC): the second after each tick starts.')
param pricingSchedule string = '1 * * * * *'

@description('When fleets that name a Prometheus server are asked: in time for the next tick.')
param pullSchedule string = '50 * * * * *'

@description('When leases that nobody looked after are found.')
param sweepSchedule string = '15,45 * * * * *'

@description('When books, reservations, journals and wake-ups are held against each other.')
param reconcileSchedule string = '0 10 * * * *'

@description('When finished orchestrations and old events are removed.')
param purgeSchedule string = '0 30 3 * * *'

@description('When events are sent to webhooks: an event waits for the next of these times.')
param webhookSchedule string = '*/15 * * * * *'

@description('Another name leaves the orchestrations behind: for a deployment that changes what they do.')
param taskHubName string = 'surplus'

@description('What a tenant, a caller and an address may do at most; docs/security.md says why. Share: of 1.')
param limits limitSet = {
  liveQuotes: 32
  heldGpus: 1024
  tenantShare: '0.2'
  readsPerMinute: 60000
  writesPerMinute: 12000
  telemetryPerMinute: 6000
  failuresPerMinute: 1200
}

@description('Which queue telemetry comes by. Both exist; the function of the other is off.')
@allowed(['serviceBus', 'storageQueue'])
param telemetryTransport string = 'serviceBus'

@description('False: events go nowhere, and the topic stays empty.')
param publishEvents bool = true

@description('Who reads what of the events. Leave out what nobody reads: it fills the topic.')
param eventSubscriptions subscriptionFilter[] = [
  { name: 'audit', filter: '1 = 1' }
  { name: 'leases', filter: '[type] LIKE \'dynamic-surplus.lease.%\'' }
  {
    name: 'reclaims'
    filter: '[type] IN (\'dynamic-surplus.lease.reclaim-decided\', \'dynamic-surplus.lease.notice-sent\')'
  }
]

@description('The directory whose tokens are accepted.')
param entraTenantId string = tenant().tenantId

@description('What a token must be for: the API\'s application (client) id.')
param entraAudience string

@description('The claim that names the tenant; never the body of a request.')
param entraTenantClaim string = 'tid'

@description('Identities (object ids) that may send telemetry to the Service Bus queue.')
param telemetrySenderPrincipalIds string[] = []

@secure()
@description('What webhooks are signed with, Base64 of 32 bytes or more; goes to the vault. Empty: it stays as it is.')
param webhookSecret string = ''

@description('Whether owners and customers are called by webhook, signed with what the vault holds.')
param useWebhooks bool = false

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('Instances that stay up and are paid for idle.')
param alwaysReady alwaysReadyGroup[] = []

@description('Instances over the zones of the region. Wants zone-redundant storage.')
param zoneRedundant bool = false

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Messaging units, Premium only.')
@allowed([1, 2, 4, 8, 16])
param serviceBusCapacity int = 1

@description('Where orchestrations are kept: in the host\'s storage account, or in a scheduler made for it.')
@allowed(['azureStorage', 'durableTaskScheduler'])
param durableBackend string = 'azureStorage'

@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Capacity units, Dedicated only: 1, or 3 for zone redundancy.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int = 1

@description('Of logs and metrics.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Logs and metrics end for the day at so many GB, and the alerts with them. -1: never.')
param logDailyCapGb int = -1

@description('Of the ticks\' records, the evidence of every rate.')
@minValue(400)
param recordRetentionDays int = 400

@minValue(7)
@maxValue(90)
param vaultSoftDeleteDays int = 90

@description('Storage, Service Bus, vault and scheduler by private endpoints alone. Wants the Premium Service Bus.')
param privateNetworking bool = false

@description('Of the virtual network. /24: 128 addresses for the app, 64 for endpoints.')
param networkPrefix string = '10.40.0.0/24'

@description('False: the API too is reached by a private endpoint alone. Wants private networking.')
param publicApi bool = true

param alertEmails string[] = []

@description('Fleets per shard that may be stale before anybody is told.')
@minValue(0)
param staleFleetsAllowed int = 0

var suffix = uniqueString(resourceGroup().id, environmentName)
var allTags = union({ product: 'dynamic-surplus', environment: environmentName, 'azd-env-name': environmentName }, tags)
var names = {
  app: 'func-surplus-${suffix}'
  dataAccount: 'stdata${suffix}'
  hostAccount: 'sthost${suffix}'
  insights: 'appi-surplus-${suffix}'
  network: 'vnet-surplus-${suffix}'
  plan: 'plan-surplus-${suffix}'
  scheduler: 'dts-surplus-${suffix}'
  serviceBus: 'sb-surplus-${suffix}'
  vault: 'kv-sp-${suffix}'
  workspace: 'log-surplus-${suffix}'
}

// Ids that are known before anything is deployed, so that what-if can say what a deployment will do.
var workspaceId = resourceId('Microsoft.OperationalInsights/workspaces', names.workspace)
var appSubnetId = resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'app')
var serviceBusId = resourceId('Microsoft.ServiceBus/namespaces', names.serviceBus)

var onScheduler = durableBackend == 'durableTaskScheduler'
var packageContainer = 'app-package'

// Refused before anything is made: Azure would say so late, and less plainly.
var busSku = privateNetworking && serviceBusSku != 'Premium'
  ? fail('privateNetworking wants serviceBusSku Premium: a Standard namespace has no private endpoint.')
  : serviceBusSku
var storageTier = zoneRedundant && !contains(storageSku, 'ZRS')
  ? fail('zoneRedundant wants storageSku Standard_ZRS or Standard_GZRS.')
  : storageSku
var apiIsPublic = !privateNetworking && !publicApi
  ? fail('publicApi false wants privateNetworking true: nothing could reach the API.')
  : publicApi

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-surplus-${suffix}'
  location: location
  tags: allTags
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

// The host's own: its locks, the deployed package, the task hub. Apart from the product's data, so that neither slows
// the other, and so that the task hub can be thrown away while the journal stays.
module hostAccount 'modules/storage.bicep' = {
  params: {
    name: names.hostAccount
    location: location
    tags: allTags
    sku: storageTier
    containers: [packageContainer]
    publicAccess: !privateNetworking
  }
}

module dataAccount 'modules/storage.bicep' = {
  params: {
    name: names.dataAccount
    location: location
    tags: allTags
    sku: storageTier
    containers: ['inbox', 'shards', 'book', 'records']
    queues: ['telemetry', 'telemetry-poison', 'pricing', 'pricing-poison']
    tables: [
      'audit'
      'fleets'
      'requests'
      'capacity'
      'journal'
      'due'
      'leases'
      'idempotency'
      'refusals'
      'holds'
      'events'
      'webhooks'
      'deadletters'
    ]
    publicAccess: !privateNetworking
    retention: { prefix: 'records/', days: recordRetentionDays }
    queueLogWorkspaceId: workspaceId
  }
  dependsOn: [monitoring]
}

module serviceBus 'modules/serviceBus.bicep' = {
  params: {
    name: names.serviceBus
    location: location
    tags: allTags
    sku: busSku
    capacity: serviceBusCapacity
    subscriptions: eventSubscriptions
    publicAccess: !privateNetworking
  }
}

module vault 'modules/keyVault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: allTags
    softDeleteDays: vaultSoftDeleteDays
    publicAccess: !privateNetworking
    workspaceId: workspaceId
    webhookSecret: webhookSecret
  }
  dependsOn: [monitoring]
}

module scheduler 'modules/scheduler.bicep' = if (onScheduler) {
  params: {
    name: names.scheduler
    location: location
    tags: allTags
    taskHubName: taskHubName
    sku: schedulerSku
    capacity: schedulerCapacity
    publicAccess: !privateNetworking
  }
}

module network 'modules/privateNetwork.bicep' = if (privateNetworking) {
  params: {
    name: names.network
    location: location
    tags: allTags
    addressPrefix: networkPrefix
    suffix: suffix
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    serviceBusName: names.serviceBus
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
  }
  dependsOn: [hostAccount, dataAccount, serviceBus, vault, scheduler]
}

module roles 'modules/roles.bicep' = {
  params: {
    appIdentityId: identity.id
    appPrincipalId: identity.properties.principalId
    telemetrySenderPrincipalIds: telemetrySenderPrincipalIds
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    serviceBusName: names.serviceBus
    telemetryQueueName: 'telemetry'
    eventsTopicName: 'surplus-events'
    vaultName: names.vault
    insightsName: names.insights
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [hostAccount, dataAccount, serviceBus, vault, monitoring, scheduler]
}

var clientId = identity.properties.clientId

var settings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  AZURE_CLIENT_ID: clientId
  'AzureWebJobs.IngestTelemetry.Disabled': string(telemetryTransport != 'serviceBus')
  'AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled': string(telemetryTransport != 'storageQueue')
  AzureWebJobsStorage__blobServiceUri: hostAccount.outputs.blobEndpoint
  AzureWebJobsStorage__clientId: clientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__queueServiceUri: hostAccount.outputs.queueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostAccount.outputs.tableEndpoint
  Entra__Audience: entraAudience
  Entra__Authority: '${environment().authentication.loginEndpoint}${entraTenantId}/v2.0'
  Entra__TenantClaim: entraTenantClaim
  Limits__FailuresPerMinute: string(limits.failuresPerMinute)
  Limits__HeldGpus: string(limits.heldGpus)
  Limits__LiveQuotes: string(limits.liveQuotes)
  Limits__ReadsPerMinute: string(limits.readsPerMinute)
  Limits__TelemetryPerMinute: string(limits.telemetryPerMinute)
  Limits__TenantShare: limits.tenantShare
  Limits__WritesPerMinute: string(limits.writesPerMinute)
  PricingSchedule: pricingSchedule
  PullSchedule: pullSchedule
  PurgeSchedule: purgeSchedule
  ReconcileSchedule: reconcileSchedule
  ServiceBus__clientId: clientId
  ServiceBus__credential: 'managedidentity'
  ServiceBus__fullyQualifiedNamespace: serviceBus.outputs.fullyQualifiedNamespace
  SurplusStorage__blobServiceUri: dataAccount.outputs.blobEndpoint
  SurplusStorage__clientId: clientId
  SurplusStorage__credential: 'managedidentity'
  SurplusStorage__queueServiceUri: dataAccount.outputs.queueEndpoint
  SurplusStorage__tableServiceUri: dataAccount.outputs.tableEndpoint
  Surplus__EventsTopic: publishEvents ? serviceBus.outputs.eventsTopic : ''
  Surplus__ShardCount: string(shardCount)
  Surplus__TickSeconds: string(tickSeconds)
  Surplus__WebhookSecret: useWebhooks ? '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/webhook-secret)' : ''
  SweepSchedule: sweepSchedule
  TASKHUB_NAME: taskHubName
  WebhookSchedule: webhookSchedule
}

module functionApp 'modules/functionApp.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: allTags
    identityId: identity.id
    settings: settings
    clientId: clientId
    onScheduler: onScheduler
    schedulerEndpoint: onScheduler ? scheduler!.outputs.endpoint : ''
    packageContainerUrl: '${hostAccount.outputs.blobEndpoint}${packageContainer}'
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMb: instanceMemoryMb
    alwaysReady: alwaysReady
    publicAccess: apiIsPublic
    zoneRedundant: zoneRedundant
    subnetId: privateNetworking ? appSubnetId : ''
  }
  // The app reads its storage as it starts.
  dependsOn: [roles, network]
}

module apiEndpoint 'modules/privateEndpoints.bicep' = if (!apiIsPublic) {
  params: {
    location: location
    tags: allTags
    networkId: resourceId('Microsoft.Network/virtualNetworks', names.network)
    subnetId: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'endpoints')
    zones: ['privatelink.azurewebsites.net']
    targets: [
      {
        name: 'api-${suffix}'
        id: resourceId('Microsoft.Web/sites', names.app)
        group: 'sites'
        zone: 'privatelink.azurewebsites.net'
      }
    ]
  }
  dependsOn: [functionApp]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    environmentName: environmentName
    location: location
    tags: allTags
    emails: alertEmails
    workspaceId: workspaceId
    serviceBusId: serviceBusId
    shardCount: shardCount
    tickSeconds: tickSeconds
    staleFleetsAllowed: staleFleetsAllowed
  }
  dependsOn: [monitoring, serviceBus]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    environmentName: environmentName
    location: location
    tags: allTags
    workspaceId: workspaceId
    serviceBusId: serviceBusId
  }
  dependsOn: [monitoring, serviceBus]
}

output AZURE_FUNCTION_APP_NAME string = functionApp.outputs.name
output SURPLUS_API_URL string = 'https://${functionApp.outputs.hostName}'
output SURPLUS_DATA_ACCOUNT string = dataAccount.outputs.name
output SURPLUS_SERVICE_BUS string = serviceBus.outputs.fullyQualifiedNamespace
output SURPLUS_VAULT string = vault.outputs.name
