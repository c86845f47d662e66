/** Tables that the reference file does not list: posts, which flows of documents write (documents D-78), and security roles. */

const by = {
  type: 'Lookup',
  edm: 'Edm.Guid',
  create: false,
  update: false,
  targets: ['systemuser'],
} as const;
const at = { type: 'DateTime', edm: 'Edm.DateTimeOffset', create: false, update: false } as const;

/** Posts on the wall of a record. The navigation names are not verified, so clients read them from metadata. */
const post = {
  logicalName: 'post',
  entitySet: 'posts',
  primaryId: 'postid',
  primaryName: 'text',
  ownership: 'None',
  changeTrackingEnabled: false,
  optimisticConcurrency: false,
  attributes: [
    { name: 'postid', type: 'Uniqueidentifier', edm: 'Edm.Guid', create: true, update: false },
    {
      ...{ name: 'text', type: 'String', edm: 'Edm.String', create: true, update: false },
      ...{ maxLength: 250, required: 'SystemRequired' },
    },
    {
      ...{ name: 'regardingobjectid', type: 'Lookup', edm: 'Edm.Guid', create: true, update: false },
      property: '_regardingobjectid_value',
      targets: ['account', 'salesorder'],
      navigation: { account: 'regardingobjectid_account', salesorder: 'regardingobjectid_salesorder' },
    },
    {
      ...{ name: 'source', type: 'Picklist', edm: 'Edm.Int32', create: true, update: false },
      options: { 'Auto Post': 1, 'Manual Post': 2, 'ActionHub Post': 3 },
    },
    { name: 'createdby', property: '_createdby_value', navigation: { systemuser: 'createdby' }, ...by },
    { name: 'createdon', ...at },
    { name: 'modifiedby', property: '_modifiedby_value', navigation: { systemuser: 'modifiedby' }, ...by },
    { name: 'modifiedon', ...at },
    { name: 'versionnumber', type: 'BigInt', edm: 'Edm.Int64', create: false, update: false },
  ],
};

const key = { type: 'Uniqueidentifier', edm: 'Edm.Guid', create: false, update: false } as const;

/** Security roles; read only, as they come with solutions. */
const role = {
  logicalName: 'role',
  entitySet: 'roles',
  primaryId: 'roleid',
  primaryName: 'name',
  ownership: 'BusinessOwned',
  changeTrackingEnabled: false,
  optimisticConcurrency: false,
  attributes: [
    { name: 'roleid', ...key },
    { name: 'name', type: 'String', edm: 'Edm.String', create: false, update: false, maxLength: 100 },
    {
      ...{ name: 'businessunitid', type: 'Lookup', edm: 'Edm.Guid', create: false, update: false },
      ...{ property: '_businessunitid_value', targets: ['businessunit'] },
      navigation: { businessunit: 'businessunitid' },
    },
    {
      ...{ name: 'parentrootroleid', type: 'Lookup', edm: 'Edm.Guid', create: false, update: false },
      ...{ property: '_parentrootroleid_value', targets: ['role'], navigation: { role: 'parentrootroleid' } },
    },
    // The table of templates is not there; what the column holds is well known.
    {
      ...{ name: 'roletemplateid', type: 'Lookup', edm: 'Edm.Guid', create: false, update: false },
      ...{ property: '_roletemplateid_value', targets: ['roletemplate'] },
      navigation: { roletemplate: 'roletemplateid' },
    },
    { name: 'versionnumber', type: 'BigInt', edm: 'Edm.Int64', create: false, update: false },
  ],
};

/** Which roles were given to which users themselves (documents D-152). */
const userRoles = {
  logicalName: 'systemuserroles',
  entitySet: 'systemuserrolescollection',
  primaryId: 'systemuserroleid',
  primaryName: '',
  ownership: 'None',
  changeTrackingEnabled: false,
  optimisticConcurrency: false,
  attributes: [
    { name: 'systemuserroleid', ...key },
    { name: 'systemuserid', ...key },
    { name: 'roleid', ...key },
    { name: 'versionnumber', type: 'BigInt', edm: 'Edm.Int64', create: false, update: false },
  ],
};

/** In the form of the reference file. */
export const addedTables: readonly object[] = [post, role, userRoles];
