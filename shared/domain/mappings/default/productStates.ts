/** States of a product in Sales with the status that goes with each (dataverse-web-api section 8). */
export const productStates = {
  active: { statecode: 0, statuscode: 1 },
  retired: { statecode: 1, statuscode: 2 },
  draft: { statecode: 2, statuscode: 0 },
  revision: { statecode: 3, statuscode: 3 },
} as const;
