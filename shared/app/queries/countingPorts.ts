/** Ports that count the requests of everything done with them, whoever else counts them too. */
import { RequestMeter } from '../../ports/requestMeter.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** One meter per service. */
export interface ServiceMeters {
  readonly businessCentral: RequestMeter;
  readonly dataverse: RequestMeter;
}

/** Hands each count on to two meters. */
class SharedMeter extends RequestMeter {
  readonly #others: readonly RequestMeter[];

  constructor(others: readonly RequestMeter[]) {
    super();
    this.#others = others;
  }

  override add(count = 1): void {
    super.add(count);
    for (const other of this.#others) other.add(count);
  }
}

/** The same ports; requests sent through them, also by runs with meters of their own, are noted in `meters`. */
export function countingPorts(ports: SyncPorts, meters: ServiceMeters): SyncPorts {
  const { businessCentral, dataverse } = ports;
  return {
    ...ports,
    businessCentral: {
      ...businessCentral.metered(meters.businessCentral),
      metered: (own) => businessCentral.metered(new SharedMeter([own, meters.businessCentral])),
    },
    dataverse: {
      ...dataverse.metered(meters.dataverse),
      metered: (own) => dataverse.metered(new SharedMeter([own, meters.dataverse])),
    },
  };
}
