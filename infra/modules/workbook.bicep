// The page one looks at first when an alert comes.

import { tagMap } from 'tags.bicep'

param environmentName string
param location string
param tags tagMap
param workspaceId string
param serviceBusId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'surplus-operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Surplus ${environmentName}: operations'
    serializedData: replace(
      replace(loadTextContent('../workbook.json'), '<workspace>', workspaceId),
      '<service-bus>',
      serviceBusId
    )
    sourceId: workspaceId
  }
}
