// The network of a private installation, and the private endpoints of all that the app keeps its things in.

import { tagMap } from 'tags.bicep'
import { target } from 'privateEndpoints.bicep'

param name string
param location string
param tags tagMap
param addressPrefix string

@description('Ends the endpoints\' names.')
param suffix string
param hostAccountName string
param dataAccountName string
param serviceBusName string
param vaultName string

@description('Empty: there is no scheduler.')
param schedulerName string

var storageSuffix = environment().suffixes.storage
var groups = ['blob', 'queue', 'table']

// Spelt out, not gathered from the targets: what-if wants to count them before it knows the cloud's suffixes.
var zones = concat(
  [
    'privatelink.blob.${storageSuffix}'
    'privatelink.queue.${storageSuffix}'
    'privatelink.table.${storageSuffix}'
    'privatelink.servicebus.windows.net'
    'privatelink.vaultcore.azure.net'
  ],
  empty(schedulerName) ? [] : [schedulerTarget.zone]
)

var accountTargets target[] = flatten(map(
  [{ name: 'host', account: hostAccountName }, { name: 'data', account: dataAccountName }],
  item =>
    map(groups, group => {
      name: '${item.name}-${group}-${suffix}'
      id: resourceId('Microsoft.Storage/storageAccounts', item.account)
      group: group
      zone: 'privatelink.${group}.${storageSuffix}'
    })
))

var otherTargets target[] = [
  {
    name: 'bus-${suffix}'
    id: resourceId('Microsoft.ServiceBus/namespaces', serviceBusName)
    group: 'namespace'
    zone: 'privatelink.servicebus.windows.net'
  }
  {
    name: 'vault-${suffix}'
    id: resourceId('Microsoft.KeyVault/vaults', vaultName)
    group: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
]

var schedulerTarget target = {
  name: 'scheduler-${suffix}'
  id: resourceId('Microsoft.DurableTask/schedulers', schedulerName)
  group: 'scheduler'
  zone: 'privatelink.durabletask.io'
}

module network 'network.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    addressPrefix: addressPrefix
  }
}

module endpoints 'privateEndpoints.bicep' = {
  params: {
    location: location
    tags: tags
    networkId: resourceId('Microsoft.Network/virtualNetworks', name)
    subnetId: resourceId('Microsoft.Network/virtualNetworks/subnets', name, 'endpoints')
    zones: zones
    targets: concat(accountTargets, otherTargets, empty(schedulerName) ? [] : [schedulerTarget])
  }
  dependsOn: [network]
}
