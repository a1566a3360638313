// Private addresses of services, and the DNS zones that lead their public names there.

import { tagMap } from 'tags.bicep'

@export()
@description('A service: its resource, which part of it (blob, vault, …), and the zone of its names, one of those given.')
type target = { name: string, id: string, group: string, zone: string }

param location string
param tags tagMap
param networkId string
param subnetId string
param zones string[]
param targets target[]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zones: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, i) in zones: {
    parent: zone[i]
    name: last(split(networkId, '/'))
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
]

module endpoint 'privateEndpoint.bicep' = [
  for item in targets: {
    params: {
      name: 'pe-${item.name}'
      location: location
      tags: tags
      subnetId: subnetId
      targetId: item.id
      group: item.group
      zoneId: zone[indexOf(zones, item.zone)].id
    }
  }
]
