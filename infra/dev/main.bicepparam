// For developers: the least that runs the whole product. `azd up` deploys this.
using '../main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param entraAudience = readEnvironmentVariable('SURPLUS_ENTRA_AUDIENCE')
param webhookSecret = readEnvironmentVariable('SURPLUS_WEBHOOK_SECRET', '')
param useWebhooks = !empty(readEnvironmentVariable('SURPLUS_WEBHOOK_SECRET', ''))
param alertEmails = filter(split(readEnvironmentVariable('SURPLUS_ALERT_EMAILS', ''), ','), email => !empty(email))

// A runaway test must not cost a fortune. With the cap reached, alerts are blind until the next day.
param logDailyCapGb = 1
param maximumInstanceCount = 40
param vaultSoftDeleteDays = 7
