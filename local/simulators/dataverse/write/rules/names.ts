/** Names and addresses the platform puts together itself. */
import { numberOf } from '../../store/row.ts';
import type { RowDraft } from '../rowDraft.ts';

const nameParts = ['firstname', 'middlename', 'lastname'] as const;
const addressPrefixes = ['address1_', 'address2_', 'address3_', 'billto_', 'shipto_'] as const;
const addressParts = ['line1', 'line2', 'line3', 'city', 'stateorprovince', 'postalcode', 'country'] as const;

/** Full name of contacts and users after the organisation's name convention, and address texts. */
export function applyNames(draft: RowDraft): void {
  if (nameParts.some((part) => draft.writes(part)) && draft.table.byName.has('fullname')) {
    draft.set('fullname', fullName(draft));
  }
  for (const prefix of addressPrefixes) {
    if (addressParts.some((part) => draft.writes(prefix + part))) {
      draft.set(`${prefix}composite`, composite(draft, prefix));
    }
  }
}

/** `organizations.fullnameconventioncode` (schema options of that column). */
function fullName(draft: RowDraft): string | null {
  const [first, middle, last] = nameParts.map((part) => draft.text(part) ?? '');
  const initial = middle ? `${middle.charAt(0)}.` : '';
  const text = (() => {
    switch (numberOf(draft.context.organisation.store.organization(), 'fullnameconventioncode') ?? 1) {
      case 0:
        return joined(', ', last, first);
      case 2:
        return joined(', ', last, joined(' ', first, initial));
      case 3:
        return joined(' ', first, initial, last);
      case 4:
        return joined(', ', last, joined(' ', first, middle));
      case 5:
        return joined(' ', first, middle, last);
      case 6:
        return joined(' ', last, first);
      case 7:
        return joined('', last, first);
      default:
        return joined(' ', first, last);
    }
  })();
  return text === '' ? null : text;
}

function composite(draft: RowDraft, prefix: string): string | null {
  const part = (name: string) => draft.text(prefix + name) ?? undefined;
  const region = joined(' ', part('stateorprovince'), part('postalcode'));
  const city = joined(', ', part('city'), region);
  const text = joined('\r\n', part('line1'), part('line2'), part('line3'), city, part('country'));
  return text === '' ? null : text;
}

function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}
