// Who may do what: every role assignment, each role by its name, and nothing wider than one resource.

@description('The app\'s identity: its resource, and who it is to the directory.')
param appIdentityId string
param appPrincipalId string

@description('Identities outside that may send telemetry to the Service Bus queue.')
param telemetrySenderPrincipalIds string[]

param hostAccountName string
param dataAccountName string
param serviceBusName string
param telemetryQueueName string
param eventsTopicName string
param vaultName string
param insightsName string

@description('Empty: the task hub lies in the host\'s storage account.')
param schedulerName string
param taskHubName string

// Built-in roles, by the names Azure gives them.
var roles = {
  'Azure Service Bus Data Receiver': '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  'Azure Service Bus Data Sender': '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  'Durable Task Data Contributor': '0ad04412-c4d5-4796-b79c-f76d14c8d402'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

// The host locks blobs and reads the deployment package (it asks for Owner), and keeps the task hub's queues and tables.
var hostRoles = ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor']
var dataRoles = ['Storage Blob Data Contributor', 'Storage Queue Data Contributor', 'Storage Table Data Contributor']

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource dataAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName

  resource telemetry 'queues' existing = {
    name: telemetryQueueName
  }

  resource events 'topics' existing = {
    name: eventsTopicName
  }
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!empty(schedulerName)) {
  name: schedulerName

  resource taskHub 'taskHubs' existing = {
    name: taskHubName
  }
}

resource onHostAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostRoles: {
    scope: hostAccount
    name: guid(hostAccount.id, appIdentityId, roles[role])
    properties: {
      description: role
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    }
  }
]

resource onDataAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in dataRoles: {
    scope: dataAccount
    name: guid(dataAccount.id, appIdentityId, roles[role])
    properties: {
      description: role
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    }
  }
]

resource onTelemetryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::telemetry
  name: guid(serviceBus::telemetry.id, appIdentityId, roles['Azure Service Bus Data Receiver'])
  properties: {
    description: 'Azure Service Bus Data Receiver'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Azure Service Bus Data Receiver']
    )
  }
}

resource sendersOnTelemetryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principalId in telemetrySenderPrincipalIds: {
    scope: serviceBus::telemetry
    name: guid(serviceBus::telemetry.id, principalId, roles['Azure Service Bus Data Sender'])
    properties: {
      description: 'Azure Service Bus Data Sender'
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Azure Service Bus Data Sender']
      )
    }
  }
]

resource onEventsTopic 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::events
  name: guid(serviceBus::events.id, appIdentityId, roles['Azure Service Bus Data Sender'])
  properties: {
    description: 'Azure Service Bus Data Sender'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Azure Service Bus Data Sender']
    )
  }
}

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appIdentityId, roles['Key Vault Secrets User'])
  properties: {
    description: 'Key Vault Secrets User'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
  }
}

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appIdentityId, roles['Monitoring Metrics Publisher'])
  properties: {
    description: 'Monitoring Metrics Publisher'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Monitoring Metrics Publisher']
    )
  }
}

resource onTaskHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(schedulerName)) {
  scope: scheduler::taskHub
  name: guid(scheduler::taskHub.id, appIdentityId, roles['Durable Task Data Contributor'])
  properties: {
    description: 'Durable Task Data Contributor'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Durable Task Data Contributor']
    )
  }
}
