/** Registers the HTTP API. */
import { processComposition } from '../../shared/composition/processComposition.ts';
import { registerEndpoints } from '../http/register.ts';
import { allEndpoints } from './endpoints.ts';
import { registerUnknownAddresses } from './unknownAddress.ts';

registerEndpoints(processComposition, allEndpoints);
registerUnknownAddresses();
