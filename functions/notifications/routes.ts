/** Addresses of notifications (contract section 3), below the app's own. */

export const businessCentralNotificationRoute = 'api/notifications/business-central';
export const dataverseNotificationRoute = 'api/notifications/dataverse';
