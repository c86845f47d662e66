/** What the added pages are put together from. */
import type { PropertyModel } from './entityModel.ts';

/** A property that shows a column. */
export const readOnly = (name: string, type: string, source: string, maxLength?: number): PropertyModel => ({
  name,
  type,
  readOnly: true,
  source,
  ...(maxLength === undefined ? {} : { maxLength }),
});
/** A property that takes values, too. */
export const writable = (name: string, type: string, source: string, maxLength?: number): PropertyModel => ({
  ...readOnly(name, type, source, maxLength),
  readOnly: false,
});

/** The key of every page. */
export const id = readOnly('id', 'Edm.Guid', 'SystemId');
/** What pages of our own show of a record's history. */
export const systemProperties = [
  readOnly('systemCreatedAt', 'Edm.DateTimeOffset', 'SystemCreatedAt'),
  readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  readOnly('systemRowVersion', 'Edm.Int64', 'SystemRowVersion'),
];
/** A page that only shows, unless it says otherwise. */
export const plainPage = {
  key: 'id',
  webhookSupported: true,
  insertAllowed: false,
  modifyAllowed: false,
  deleteAllowed: false,
  navigation: [],
  boundActions: [],
};
