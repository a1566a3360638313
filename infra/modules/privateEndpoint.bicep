// A service's address inside the network, and its name there.

import { tagMap } from 'tags.bicep'

param name string
param location string
param tags tagMap
param subnetId string

@description('The service, and which part of it: blob, queue, vault, …')
param targetId string
param group string

@description('The private DNS zone of the service\'s names.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [{ name: group, properties: { groupIds: [group], privateLinkServiceId: targetId } }]
  }

  resource record 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zoneId } }] }
  }
}
