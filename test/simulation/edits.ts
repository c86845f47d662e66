/** What users do to both systems in a week, drawn from a seed. */
import type { World } from '../engine/world.ts';

type Values = Readonly<Record<string, string | number>>;

/** One thing a user does, and what has to be the same on the other side in the end. */
export interface Edit {
  readonly atMs: number;
  readonly side: 'businessCentral' | 'dataverse';
  /** Entity set or table. */
  readonly of: string;
  /** Null for a new record. */
  readonly id: string | null;
  readonly values: Values;
  /** Where the value is to arrive; null where nothing is, as the record or the field does not travel. */
  readonly arrives: {
    readonly mapping: string;
    readonly property: string;
    readonly attribute: string;
  } | null;
}

/** A kind of edit; `number` makes its value unlike all others. */
interface Kind {
  readonly side: Edit['side'];
  readonly of: string;
  /** The mapping whose coupled records are edited; null makes a new record. */
  readonly mapping: string | null;
  readonly property: string;
  readonly attribute: string | null;
  value(number: number): string | number;
  readonly weight: number;
}

const phone = (number: number) => `+47 ${10_000_000 + number}`;
const price = (number: number) => 100 + number / 4;

/** Each field is edited on one side only: two edits of one field are a conflict, which waits for a user. */
const kinds: readonly Kind[] = [
  kind('businessCentral', 'customers', 'CUSTOMER', 'city', 'address1_city', (n) => `Town ${n}`, 4),
  kind('businessCentral', 'contacts', 'CONTACT', 'mobilePhoneNumber', 'mobilephone', phone, 3),
  kind('businessCentral', 'vendors', 'VENDOR', 'phoneNumber', 'telephone1', phone, 1),
  kind('businessCentral', 'items', 'ITEM-PRODUCT', 'unitPrice', 'price', price, 1),
  kind('businessCentral', 'salesPrices', 'SALESPRC-PRODPRICE', 'unitPrice', 'amount', price, 1),
  kind(
    'businessCentral',
    'salespeoplePurchasers',
    'SALESPEOPLE',
    'commisionPercent',
    null,
    (n) => n % 90,
    0.5,
  ),
  kind(
    'businessCentral',
    'currencyExchangeRates',
    null,
    'relationalExchangeRateAmount',
    null,
    (n) => 1 + n / 1000,
    0.5,
  ),
  kind('businessCentral', 'customers', null, 'displayName', null, (n) => `Newcomer ${n}`, 0.5),
  kind('dataverse', 'account', 'CUSTOMER', 'phoneNumber', 'telephone1', phone, 4),
  kind('dataverse', 'contact', 'CONTACT', 'email', 'emailaddress1', (n) => `p${n}@example.com`, 3),
  kind('dataverse', 'systemuser', 'SALESPEOPLE', 'phoneNo', 'mobilephone', phone, 1),
];

function kind(
  side: Kind['side'],
  of: string,
  mapping: string | null,
  property: string,
  attribute: string | null,
  value: Kind['value'],
  weight: number,
): Kind {
  return { side, of, mapping, property, attribute, value, weight };
}

/** Ids of coupled records by mapping, each pair once. */
export type CoupledIds = Readonly<
  Record<string, readonly { readonly businessCentral: string; readonly dataverse: string }[]>
>;

/** Draws so many edits between two instants, in order of time; a third of them come in bursts within seconds. */
export function drawEdits(
  random: () => number,
  coupled: CoupledIds,
  span: { readonly fromMs: number; readonly toMs: number; readonly count: number },
): readonly Edit[] {
  let atMs = span.fromMs;
  const edits = Array.from({ length: span.count }, (_, number) => {
    const isBurst = random() < 1 / 3 && number > 0;
    atMs = isBurst
      ? atMs + 1 + Math.floor(random() * 20_000)
      : span.fromMs + Math.floor(random() * (span.toMs - span.fromMs));
    return editOf(drawn(random), number + 1, atMs, random, coupled);
  });
  return edits.toSorted((left, right) => left.atMs - right.atMs);
}

function drawn(random: () => number): Kind {
  let left = random() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of kinds) {
    left -= one.weight;
    if (left < 0) return one;
  }
  return kinds[0] as Kind;
}

function editOf(kind: Kind, number: number, atMs: number, random: () => number, coupled: CoupledIds): Edit {
  const { side, of, mapping, property, attribute } = kind;
  const pairs = mapping === null ? [] : (coupled[mapping] ?? []);
  const pair = pairs[Math.floor(random() * pairs.length)];
  if (mapping !== null && pair === undefined) throw new Error(`Nothing is coupled by ${mapping}.`);
  const field = side === 'businessCentral' ? property : (attribute ?? '');
  const arrives = mapping === null || attribute === null ? null : { mapping, property, attribute };
  return { atMs, side, of, id: pair?.[side] ?? null, values: { [field]: kind.value(number) }, arrives };
}

/** Does it, as a user of that system. */
export function carryOut({ businessCentral, dataverse }: World, { side, of, id, values }: Edit): void {
  if (side === 'dataverse') dataverse.edit(of, id ?? '', values, 'alice');
  else if (id !== null) businessCentral.edit(of, id, values, 'bob');
  else if (of !== 'currencyExchangeRates') businessCentral.create(of, values, 'bob');
  else {
    const present = businessCentral.records(of).find(({ startingDate }) => startingDate === '2026-01-01');
    businessCentral.edit(of, String(present?.['id']), values, 'bob');
  }
}
