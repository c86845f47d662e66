/** A small company with customers, products and posted invoices, on an otherwise empty pair of systems. */
import { addItem, addResource, fullRuns, startProductWorld } from './productWorld.ts';
import type { World, WorldOptions } from './world.ts';

type Values = Record<string, unknown>;

/** What invoices depend on, in run order. */
export const preparatoryJobs = ['UNIT OF MEASURE', 'CUSTOMER', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT'] as const;
export const invoiceJob = 'POSTEDSALESINV-INV';
export const lineMapping = 'POSTEDSALESLINE-INV';

/** Starts the world with customer 10000, items 1000 and 1001 and resource LINA, all of them in Sales already. */
export async function startInvoiceWorld(options: Omit<WorldOptions, 'demo'> = {}): Promise<World> {
  const world = await startProductWorld(options);
  addCustomer(world, '10000');
  addItem(world, '1000');
  addItem(world, '1001', { unitPrice: 20 });
  addResource(world, 'LINA');
  await fullRuns(world, preparatoryJobs);
  return world;
}

/** Adds a customer; its name is `Customer` and the number. */
export function addCustomer({ businessCentral }: World, number: string): string {
  return String(businessCentral.create('customers', { number, displayName: `Customer ${number}` })['id']);
}

/** A line of item 1000: two pieces at 10, with 25 % tax, unless stated. */
export function itemLine(values: Values = {}): Values {
  const usual = {
    type: 'Item',
    number: '1000',
    description: 'Item 1000',
    quantity: 2,
    unitOfMeasureCode: 'PCS',
    unitPrice: 10,
    lineDiscountAmount: 0,
    invoiceDiscountAmount: 0,
    amount: 20,
    amountIncludingTax: 25,
    lineAmount: 20,
  };
  return { ...usual, ...values };
}

const sum = (lines: readonly Values[], name: string) =>
  lines.reduce((total, line) => total + Number(line[name] ?? 0), 0);

/** Posts an invoice of customer 10000 that nobody has paid yet; amounts are those of the lines. Returns its id. */
export function addInvoice(
  { businessCentral }: World,
  number: string,
  lines: readonly Values[] = [itemLine()],
  header: Values = {},
): string {
  for (const [index, line] of lines.entries()) {
    const place = { documentNumber: number, lineNumber: (index + 1) * 10_000 };
    businessCentral.create('postedSalesInvoiceLines', { ...place, ...line } as never);
  }
  const usual = {
    number,
    sellToCustomerNumber: '10000',
    billToCustomerNumber: '10000',
    billToName: 'Customer 10000',
    shipToName: 'Warehouse',
    shipToCity: 'Leeds',
    postingDate: '2026-03-01',
    dueDate: '2026-03-31',
    shipmentDate: '2026-03-02',
    amount: sum(lines, 'amount'),
    amountIncludingTax: sum(lines, 'amountIncludingTax'),
    invoiceDiscountAmount: sum(lines, 'invoiceDiscountAmount'),
    remainingAmount: sum(lines, 'amountIncludingTax'),
  };
  const posted = businessCentral.create('postedSalesInvoices', { ...usual, ...header } as never);
  const buffer = { number, customerNumber: '10000', status: 'Open' };
  businessCentral.create('salesInvoices', buffer as never);
  return String(posted['id']);
}

/** The invoice of that number in Sales. */
export function invoice({ dataverse }: World, number: string) {
  return dataverse.rows('invoice').find((row) => row['invoicenumber'] === number);
}

/** The lines of that invoice in Sales, in their order. */
export function detailsOf(world: World, number: string) {
  const id = invoice(world, number)?.['invoiceid'];
  return world.dataverse
    .rows('invoicedetail')
    .filter((row) => row['_invoiceid_value'] === id)
    .toSorted((one, other) => Number(one['lineitemnumber']) - Number(other['lineitemnumber']));
}

/** Versions of everything an invoice writes in Sales, to see that nothing is written. */
export function invoiceVersions({ dataverse }: World): readonly unknown[] {
  return ['invoice', 'invoicedetail', 'pricelevel', 'productpricelevel'].flatMap((table) =>
    dataverse.rows(table).map((row) => row['versionnumber']),
  );
}

/** Posts a draft of two pieces of item 1000 to customer 10000, as a user of Business Central does; 25 with tax. Returns its number. */
export async function addPostedInvoice({ businessCentral }: World): Promise<string> {
  const draft = businessCentral.create('salesInvoices', { customerNumber: '10000' });
  const line = { lineType: 'Item', lineObjectNumber: '1000', quantity: 2, unitPrice: 10 };
  businessCentral.create('salesInvoiceLines', { documentId: String(draft['id']), ...line });
  const company = `${businessCentral.url}/api/v2.0/companies(${businessCentral.companyId})`;
  const response = await fetch(`${company}/salesInvoices(${String(draft['id'])})/Microsoft.NAV.post`, {
    method: 'POST',
    headers: { Authorization: 'Bearer bob' },
  });
  if (!response.ok) throw new Error(`Posting answered ${response.status}: ${await response.text()}`);
  return String(businessCentral.record('salesInvoices', String(draft['id']))?.['number']);
}

/** Runs the mapping over everything; gives its rows of the log. */
export function synchroniseInvoices(world: World) {
  return world.run(invoiceJob, 'fullSync');
}

/** Codes of the open errors of invoices. */
export async function invoiceErrorCodes(world: World): Promise<readonly string[]> {
  return (await world.openErrors(invoiceJob)).map(({ code }) => code);
}

/** Id of the account of customer 10000. */
export function accountOfCustomer({ dataverse }: World): unknown {
  return dataverse.rows('account').find((row) => row['name'] === 'Customer 10000')?.['accountid'];
}
