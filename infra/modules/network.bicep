// The virtual network of a private installation: one subnet the app goes out by, one that holds the private endpoints.

import { tagMap } from 'tags.bicep'

param name string
param location string
param tags tagMap

@description('Of the whole network. The first half of it is the app\'s, the next quarter holds the endpoints.')
param addressPrefix string

var prefixLength = int(split(addressPrefix, '/')[1])

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, prefixLength + 1, 0)
          // Flex Consumption asks for this delegation, not for that of the older plans.
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, prefixLength + 2, 2) }
      }
    ]
  }
}
