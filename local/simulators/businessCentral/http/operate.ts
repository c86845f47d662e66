/** Carries out one operation on a company's sets. Does not wait for anything, so a batch can be one transaction. */
import { type Environment, publishedSets, requireCompany, requirePublishedSet } from '../environment.ts';
import type { PropertyValues } from '../page/writePage.ts';
import { findNavigation } from '../query/expandOption.ts';
import type { PageSource } from '../query/pageSource.ts';
import { companionRoute } from '../schema/entityModel.ts';
import { requireSet } from '../schema/schema.ts';
import { badRequest, resourceNotFound, ServiceError } from '../serviceError.ts';
import type { Company } from '../store/company.ts';
import type { Row } from '../store/row.ts';
import { type Address, readAddress, type Segment } from './address.ts';
import { metadataDocument } from './metadata.ts';
import type { Operation, OperationResult } from './operation.ts';
import { navigate, sourceOf } from './present.ts';
import {
  optionsOf,
  readCollection,
  readCount,
  readRecord,
  requireRow,
  requireSingle,
  serviceDocument,
} from './reads.ts';
import {
  actionOperation,
  createOperation,
  deleteOperation,
  refuseMethod,
  updateOperation,
} from './writes.ts';

/** The answer to an operation. Raises {@link ServiceError}. */
export function operate(environment: Environment, operation: Operation): OperationResult {
  if (operation.route === companionRoute && !environment.companionApp)
    throw resourceNotFound(operation.route);
  refuseReadOnlyIntent(operation);
  const address = readAddress(operation.path);
  const [first, ...rest] = address.segments;
  if (!first) return serviceDocument(environment, operation);
  if (first.name === '$metadata') return metadata(environment, operation);
  const set = requirePublishedSet(environment, operation.route, first.name);
  const company = companyOf(environment, operation, address, set.entitySet);
  const filter = first.key === null && rest.length === 0 ? filterOf(operation, set.entitySet) : null;
  const source = { ...sourceOf(environment, company, set.entitySet, filter), set };
  if (first.key === null) return onCollection(environment, operation, source, rest);
  return onRecord(environment, operation, source, requireRow(source, first.key), rest);
}

function metadata(environment: Environment, operation: Operation): OperationResult {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml', 'OData-Version': '4.0' },
    body: metadataDocument(publishedSets(environment, operation.route)),
  };
}

/** `Data-Access-Intent: ReadOnly` on a write is an error (section 3.4). */
function refuseReadOnlyIntent(operation: Operation): void {
  const intent = operation.headers['data-access-intent'] ?? '';
  if (operation.method !== 'GET' && /^readonly$/i.test(intent)) {
    throw badRequest('The request has a read-only data access intent and cannot write.');
  }
}

/** Virtual sets need their filter before they can give rows. */
function filterOf(operation: Operation, setName: string) {
  if (operation.method !== 'GET') return null;
  return optionsOf(operation, { set: requireSet(setName) }).filter;
}

/** From the path, `?company=` or the Company header, in this order (section 1). */
function companyOf(environment: Environment, operation: Operation, address: Address, set: string): Company {
  const key =
    address.companyKey ?? operation.parameters.get('company') ?? operation.headers['company'] ?? null;
  if (key !== null) return requireCompany(environment, key);
  if (set === 'companies') {
    for (const company of environment.database.companies.values()) return company;
  }
  throw new ServiceError(
    400,
    'BadRequest_RequiredParamNotProvided',
    `You must choose a company before you can access the "${set}" resource.`,
  );
}

function contextName(source: PageSource): string {
  if (source.set.entitySet === 'companies') return 'companies';
  return `companies(${source.company.info.id})/${source.set.entitySet}`;
}

function onCollection(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  rest: readonly Segment[],
): OperationResult {
  const [next] = rest;
  if (next?.name === '$count' && operation.method === 'GET') return readCount(operation, source);
  if (next) throw resourceNotFound(next.name);
  switch (operation.method) {
    case 'GET':
      return readCollection(environment, operation, source, contextName(source));
    case 'POST':
      return createOperation(environment, operation, source);
    default:
      return refuseMethod(source.set, operation.method);
  }
}

function onRecord(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
  rest: readonly Segment[],
): OperationResult {
  const [next, ...further] = rest;
  if (next) return onPart(environment, operation, source, row, next, further);
  switch (operation.method) {
    case 'GET':
      return readRecord(environment, operation, source, row, contextName(source));
    case 'PATCH':
      return updateOperation(environment, operation, source, row);
    case 'DELETE':
      return deleteOperation(environment, operation, source, row);
    default:
      return refuseMethod(source.set, operation.method);
  }
}

/** What follows a record in the path: an action or a navigation. */
function onPart(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
  next: Segment,
  further: readonly Segment[],
): OperationResult {
  const action = /^Microsoft\.NAV\.(\w+)$/.exec(next.name)?.[1];
  if (action) {
    if (operation.method !== 'POST') return refuseMethod(source.set, operation.method);
    return actionOperation(environment, operation, source, row, action);
  }
  const part = navigate(environment, source, row, next.name);
  if (!part) throw resourceNotFound(next.name);
  if (part.single) {
    const single = requireSingle(part.target, next.name);
    return onRecord(environment, operation, part.target, single, further);
  }
  if (next.key !== null) {
    return onRecord(environment, operation, part.target, requireRow(part.target, next.key), further);
  }
  if (operation.method === 'POST' && further.length === 0) {
    return createOperation(environment, operation, part.target, parentValues(source, row, next.name));
  }
  return onCollection(environment, operation, part.target, further);
}

/** What a child created under its parent takes over from the address. */
function parentValues(source: PageSource, row: Row, name: string): PropertyValues {
  const found = findNavigation(source.set, name);
  if (!found) return {};
  return { [found.navigation.theirs]: source.read(row, found.navigation.ours) };
}
