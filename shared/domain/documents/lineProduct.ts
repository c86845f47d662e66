/** What a line sells: an item, a resource, or the write-in product (D-49 to D-51, D-53). */
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import {
  type CoupledRecords,
  type Decided,
  type DocumentFacts,
  decided,
  undecided,
} from './documentFacts.ts';
import { documentProblem } from './documentProblems.ts';
import type { DocumentType } from './documentType.ts';

/** `producttypecode` of products (D-14). */
const goods = 1;
const services = 3;
const activeState = 0;

/** Kinds of items that a write-in line may stand for (D-50). */
const writeInItemTypes: readonly unknown[] = ['Service', 'Non-Inventory'];

export interface LineProduct {
  readonly type: 'Item' | 'Resource';
  readonly record: BusinessCentralRecord;
  readonly isWriteIn: boolean;
}

/** The item or resource of the line. */
export function productOf(
  type: DocumentType,
  line: DataverseRow,
  facts: DocumentFacts,
): Decided<LineProduct> {
  const id = canonicalText(line.values['productid']);
  return id === '' ? writeInOf(type, facts) : coupledProduct(type, id, facts);
}

function coupledProduct(type: DocumentType, id: string, facts: DocumentFacts): Decided<LineProduct> {
  const product = facts.products.get(id);
  const name = canonicalText(product?.values['name']) || id;
  const fail = (cause: Parameters<typeof documentProblem>[1], message: string) =>
    undecided(documentProblem(type, cause, message, [id]));
  if (product?.values['statecode'] !== activeState)
    return fail('PRODUCT_NOT_ACTIVE', `The product "${name}" is not active.`);
  switch (product.values['producttypecode']) {
    case goods: {
      const item = facts.items.get(id);
      if (!item) return fail('PRODUCT_NOT_COUPLED', `The product "${name}" is not coupled to an item.`);
      if (!item.record)
        return fail('ITEM_MISSING', `The item that the product "${name}" is coupled to no longer exists.`);
      return decided({ type: 'Item', record: item.record, isWriteIn: false });
    }
    case services: {
      const resource = facts.resources.get(id);
      if (!resource)
        return fail('RESOURCE_NOT_COUPLED', `The product "${name}" is not coupled to a resource.`);
      if (!resource.record)
        return fail(
          'RESOURCE_MISSING',
          `The resource that the product "${name}" is coupled to no longer exists.`,
        );
      return decided({ type: 'Resource', record: resource.record, isWriteIn: false });
    }
    default:
      return fail('PRODUCT_TYPE_UNSUPPORTED', `The product "${name}" is neither inventory nor a service.`);
  }
}

function writeInOf(type: DocumentType, { writeIn }: DocumentFacts): Decided<LineProduct> {
  const fail = (message: string) => undecided(documentProblem(type, 'WRITEIN_NOT_CONFIGURED', message));
  if (!writeIn) return fail('A line has no product, and no write-in product is configured.');
  const { type: kind, number, record, isCoupled } = writeIn;
  const name = `${kind.toLowerCase()} ${number}`;
  if (isCoupled) {
    const message = `The write-in product, ${name}, is coupled to a product of Sales.`;
    return undecided(documentProblem(type, 'WRITEIN_PRODUCT_COUPLED', message, [number]));
  }
  if (!record) return fail(`The write-in product, ${name}, does not exist in Business Central.`);
  if (kind === 'Item' && !writeInItemTypes.includes(record.values['type']))
    return fail(`The write-in product, ${name}, is neither of type Service nor Non-Inventory.`);
  return decided({ type: kind, record, isWriteIn: true });
}

/** How the line names its product. */
export function productValues({ type, record }: LineProduct): FieldValues {
  return type === 'Item'
    ? { itemId: record.id }
    : { lineType: type, lineObjectNumber: record.values['number'] ?? '' };
}

/** The unit of the line; undefined where Business Central's own sales unit applies. Write-in lines have none (D-53). */
export function unitOf(
  type: DocumentType,
  line: DataverseRow,
  product: LineProduct,
  facts: DocumentFacts,
): Decided<string | undefined> {
  if (facts.units === null || product.isWriteIn) return decided(undefined);
  const isItem = product.type === 'Item';
  const units: CoupledRecords = isItem ? facts.units.items : facts.units.resources;
  const id = canonicalText(line.values['uomid']);
  const number = canonicalText(product.record.values['number']);
  const unit = units.get(id);
  if (!unit) {
    const message = `The unit of a line with ${number} is not coupled to a unit of measure.`;
    return undecided(documentProblem(type, 'UOM_NOT_COUPLED', message, [number, id]));
  }
  const owner = canonicalText(unit.record?.values[isItem ? 'itemNumber' : 'resourceNumber']);
  if (unit.record && owner === number) return decided(canonicalText(unit.record.values['code']));
  const message = `The unit of measure of a line with ${number} does not exist in Business Central.`;
  return undecided(
    documentProblem(type, isItem ? 'ITEM_UOM_MISSING' : 'RESOURCE_UOM_MISSING', message, [number, id]),
  );
}
