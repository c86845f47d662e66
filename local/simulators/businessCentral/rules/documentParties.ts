/** What a document takes over from its customers. */
import type { Draft } from '../page/draft.ts';
import type { Row } from '../store/row.ts';

const addressColumns = [
  ['Address', 'Address'],
  ['Address 2', 'Address 2'],
  ['City', 'City'],
  ['Country/Region Code', 'Country/Region Code'],
  ['County', 'County'],
  ['Post Code', 'Post Code'],
] as const;

function fillAddress(draft: Draft, prefix: string, customer: Row): void {
  for (const [ours, theirs] of addressColumns) {
    draft.assign(`${prefix} ${ours}`, customer.values[theirs] ?? '');
  }
}

/** Takes over what the customer prescribes. Values given earlier in the body are overwritten, as in AL (section 4). */
export function copyCustomer(draft: Draft, customer: Row): void {
  const name = customer.values['Name'] ?? '';
  draft.assign('Sell-to Customer Name', name);
  draft.assign('Ship-to Name', name);
  draft.assign('Ship-to Contact', customer.values['Contact'] ?? '');
  draft.assign('Sell-to Phone No.', customer.values['Phone No.'] ?? '');
  draft.assign('Sell-to E-Mail', customer.values['E-Mail'] ?? '');
  fillAddress(draft, 'Sell-to', customer);
  fillAddress(draft, 'Ship-to', customer);
  for (const column of ['Salesperson Code', 'Shipment Method Code', 'Shipping Agent Code', 'Location Code']) {
    draft.assign(column, customer.values[column] ?? '');
  }
  draft.assign(
    'Bill-to Customer No.',
    customer.values['Bill-to Customer No.'] || (customer.values['No.'] ?? ''),
  );
  copyBillTo(draft);
}

/** Takes over what the bill-to customer prescribes: name, address, currency, payment terms. */
export function copyBillTo(draft: Draft): void {
  const customer = draft.find('Customer', 'No.', draft.get('Bill-to Customer No.'));
  if (!customer) return;
  draft.assign('Bill-to Name', customer.values['Name'] ?? '');
  fillAddress(draft, 'Bill-to', customer);
  draft.assign('Currency Code', customer.values['Currency Code'] ?? '');
  draft.assign('Payment Terms Code', customer.values['Payment Terms Code'] ?? '');
}
