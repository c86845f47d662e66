// The settings of the app, by name, as docs/settings.md describes them. A test compares this type with the app's own schema.
// An empty text counts as absent. Storage, Service Bus and secrets are not here: modules/functionApp.bicep sets them.

@export()
@description('Settings of the synchronisation. SCHEDULE_<JOB> and settings of later versions go into extra.')
type syncSettings = {
  @description('Up to and including the environment.')
  BUSINESS_CENTRAL_URL: string

  @description('Id or name of the company.')
  BUSINESS_CENTRAL_COMPANY: string

  @description('Address of the Dataverse organisation.')
  DATAVERSE_URL: string

  @description('How often a timer asks whether its job is due. 5 keeps an idle app within the free grant of Flex Consumption.')
  TICK_MINUTES: string

  WAKE_ON_DATAVERSE_CHANGE: string?
  WAKE_DELAY_SECONDS: string?
  OWNERSHIP_MODEL: string?
  ORDER_INTEGRATION: string?
  AUTO_CREATE_ORDERS: string?
  AUTO_PROCESS_QUOTES: string?
  ITEM_AVAILABILITY: string?
  WRITE_IN_PRODUCT: string?
  FREIGHT_ACCOUNT: string?
  STATISTICS_COLUMNS: string?
  STATISTICS_CHECK_HOURS: string?
  DISABLED_JOBS: string?
  MAX_DELETE_PERCENT: string?
  MAPPINGS_DIR: string?
  RETENTION_DAYS: string?
  TIME_ZONE: string?

  @description('Further settings by name, such as SCHEDULE_CUSTOMER.')
  extra: object?
}
