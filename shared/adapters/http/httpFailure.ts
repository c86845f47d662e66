/** Failures of the transport: answers that say no, and connections that broke. */
import { type FailureDetails, SyncFailure } from '../../domain/common/failures.ts';

/** A SyncFailure that came from an HTTP answer. */
export class HttpFailure extends SyncFailure {
  readonly status: number;
  /** The service's own code; empty when the body named none. */
  readonly serviceCode: string;

  constructor(details: FailureDetails & { readonly status: number; readonly serviceCode: string }) {
    super(details);
    this.name = 'HttpFailure';
    this.status = details.status;
    this.serviceCode = details.serviceCode;
  }
}

/** A link that leaves the service's own origin; credentials are never sent there. */
export function foreignLink(service: string): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'foreign-next-link',
    message: `${service} named an address outside of its own host for the next page.`,
    suggestion: 'Check the address of the service in the settings: a proxy may rewrite its answers.',
  });
}
