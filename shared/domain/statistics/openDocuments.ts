/** What a customer still has to be delivered and invoiced, from open documents (ST-9). Amounts are local currency. */
import type { FieldValues } from '../common/records.ts';
import { ratesOn } from '../sync/exchangeRates.ts';
import { asCode, canonicalText, roundTo } from '../sync/values.ts';

/** The three sums of one bill-to customer, tax included. */
export interface OpenAmounts {
  readonly outstandingOrders: number;
  readonly shippedNotInvoiced: number;
  readonly outstandingInvoices: number;
}

/** A customer without open documents. */
export const nothingOpen: OpenAmounts = {
  outstandingOrders: 0,
  shippedNotInvoiced: 0,
  outstandingInvoices: 0,
};

/** An open document's bill-to customer, and what one unit of its currency is worth. */
export interface OpenDocument {
  readonly id: string;
  readonly billToCustomerNumber: string;
  /** Local currency units for one unit of the document's currency. */
  readonly rate: number;
}

/** Rates by day: documents of one day share them. */
export class RatesByDay {
  readonly #rows: readonly FieldValues[];
  readonly #localCode: string;
  readonly #byDay = new Map<string, ReadonlyMap<string, number>>();

  /** `rows` of currencyExchangeRates; `localCode` is the code that a blank currency stands for. */
  constructor(rows: readonly FieldValues[], localCode: string) {
    this.#rows = rows;
    this.#localCode = localCode;
  }

  /** Local currency units for one unit of a currency on a day; 1 where no rate is known, as for the local currency. */
  rate(currencyCode: string, day: string): number {
    const code = asCode(currencyCode);
    if (code === '' || code === this.#localCode) return 1;
    let rates = this.#byDay.get(day);
    if (!rates) {
      rates = ratesOn(this.#rows, day, this.#localCode);
      this.#byDay.set(day, rates);
    }
    return rates.get(code) ?? 1;
  }
}

/** The document behind a row of salesOrders or salesInvoices; its currency counts as of its document date. */
export function openDocument(row: FieldValues, day: unknown, rates: RatesByDay): OpenDocument {
  return {
    id: canonicalText(row['id']),
    billToCustomerNumber: asCode(canonicalText(row['billToCustomerNumber'])),
    rate: rates.rate(canonicalText(row['currencyCode']), String(day ?? '')),
  };
}

const amountDecimals = 2;

/** What one line of an order adds, each sum rounded for itself (ST-9); a line without quantity adds nothing. */
export function orderLineAmounts(line: FieldValues, rate: number): OpenAmounts {
  const number = (name: string) => Number(line[name] ?? 0);
  const quantity = number('quantity');
  if (quantity === 0) return nothingOpen;
  const share = (units: number) =>
    roundTo((number('netAmountIncludingTax') * units * rate) / quantity, amountDecimals);
  return {
    outstandingOrders: share(quantity - number('shippedQuantity')),
    shippedNotInvoiced: share(number('shippedQuantity') - number('invoicedQuantity')),
    outstandingInvoices: 0,
  };
}

/** What an invoice that is not posted adds: all of it (ST-9). */
export function invoiceAmounts(invoice: FieldValues, rate: number): OpenAmounts {
  const amount = Number(invoice['totalAmountIncludingTax'] ?? 0);
  return { ...nothingOpen, outstandingInvoices: roundTo(amount * rate, amountDecimals) };
}

/** Sums by bill-to customer; what is kept grows with the customers that have open documents, not with the documents. */
export class OpenAmountsByCustomer {
  readonly #sums = new Map<string, OpenAmounts>();

  add({ billToCustomerNumber }: OpenDocument, amounts: OpenAmounts): void {
    const sum = this.of(billToCustomerNumber);
    this.#sums.set(billToCustomerNumber, {
      outstandingOrders: roundTo(sum.outstandingOrders + amounts.outstandingOrders, amountDecimals),
      shippedNotInvoiced: roundTo(sum.shippedNotInvoiced + amounts.shippedNotInvoiced, amountDecimals),
      outstandingInvoices: roundTo(sum.outstandingInvoices + amounts.outstandingInvoices, amountDecimals),
    });
  }

  of(customerNumber: string): OpenAmounts {
    return this.#sums.get(asCode(customerNumber)) ?? nothingOpen;
  }
}
