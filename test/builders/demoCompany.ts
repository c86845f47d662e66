/** The demo data of `npm start`, read and checked once per process: simulators copy what they change. */
import { join } from 'node:path';
import {
  type DemoBusinessCentralData,
  loadDemoBusinessCentralData,
} from '../../local/simulators/businessCentral/demoData.ts';
import { type DemoDataverseData, loadDemoDataverseData } from '../../local/simulators/dataverse/demoData.ts';

const folder = join(import.meta.dirname, '..', '..', 'local', 'data');

let businessCentral: DemoBusinessCentralData | undefined;
let dataverse: DemoDataverseData | undefined;

/** Company and organisation of the demo. */
export function demoData() {
  businessCentral ??= loadDemoBusinessCentralData(join(folder, 'businessCentral'));
  dataverse ??= loadDemoDataverseData(join(folder, 'dataverse'));
  return { businessCentral, dataverse };
}
