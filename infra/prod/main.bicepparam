// Production: zone-redundant, private, always warm where a customer or a tick would wait.
using '../main.bicep'

param environmentName = 'prod'
param entraAudience = readEnvironmentVariable('SURPLUS_ENTRA_AUDIENCE')
param webhookSecret = readEnvironmentVariable('SURPLUS_WEBHOOK_SECRET', '')
param useWebhooks = true
param alertEmails = split(readEnvironmentVariable('SURPLUS_ALERT_EMAILS'), ',')

// 16 shards × 65,536 fleets: a million fleets.
param shardCount = 16
param maximumInstanceCount = 400
param instanceMemoryMb = 4096
param alwaysReady = [
  { name: 'http', instanceCount: 2 }
  { name: 'durable', instanceCount: 2 }
  { name: 'function:PriceShard', instanceCount: 1 }
]
param zoneRedundant = true
param storageSku = 'Standard_ZRS'
param serviceBusSku = 'Premium'
param serviceBusCapacity = 1
param durableBackend = 'durableTaskScheduler'
param schedulerSku = 'Dedicated'
param schedulerCapacity = 3
param logRetentionDays = 90
param privateNetworking = true
param networkPrefix = '10.40.0.0/22'

// One in a thousand.
param staleFleetsAllowed = 65
