/** What the jobs that run code do, by name. */
import type { DocumentSettings } from '../../domain/documents/documentSettings.ts';
import {
  type CodeJobDefinition,
  type CodeJobName,
  codeJobsOf,
  isCodeJobName,
} from '../../domain/jobs/codeJobs.ts';
import { itemAvailability } from '../availability/itemAvailability.ts';
import { planAvailability } from '../availability/planAvailability.ts';
import { orderNotes } from '../documents/notes/orderNotes.ts';
import { planOrderNotes } from '../documents/notes/planOrderNotes.ts';
import { autoCreateOrders } from '../documents/orders/autoCreateOrders.ts';
import { planAutoCreate } from '../documents/orders/planAutoCreate.ts';
import { planArchivesJob } from '../documents/planArchivesJob.ts';
import { planOrderStatus } from '../documents/planOrderStatus.ts';
import { postOrderStatus } from '../documents/postOrderStatus.ts';
import { autoProcessQuotes } from '../documents/quotes/autoProcessQuotes.ts';
import { planQuotesJob } from '../documents/quotes/planQuotesJob.ts';
import { takeOverArchives } from '../documents/takeOverArchives.ts';
import { customerStatistics } from '../statistics/customerStatistics.ts';
import { planStatisticsJob } from '../statistics/planStatisticsJob.ts';
import type { CodeJob, CodeJobPlan } from './codeJob.ts';

/** How a job is carried out, and how a dry run tells what that would do. */
interface CodeJobParts {
  readonly run: CodeJob;
  readonly plan: CodeJobPlan;
}

const codeJobs: Readonly<Record<CodeJobName, CodeJobParts>> = {
  'AUTO CREATE SALES ORDERS': { run: autoCreateOrders, plan: planAutoCreate },
  'AUTO PROCESS SALES QUOTES': { run: autoProcessQuotes, plan: planQuotesJob },
  'SALES ORDER NOTES': { run: orderNotes, plan: planOrderNotes },
  'SALES ORDER STATUS': { run: postOrderStatus, plan: planOrderStatus },
  'ARCHIVED SALES ORDERS': { run: takeOverArchives, plan: planArchivesJob },
  'CUSTOMER STATISTICS': { run: customerStatistics, plan: planStatisticsJob },
  'ITEM AVAILABILITY': { run: itemAvailability, plan: planAvailability },
};

/** The code of a job; undefined for the jobs of mappings. */
export function codeJobOf(name: string): CodeJob | undefined {
  return partsOf(name)?.run;
}

/** How a job is planned; undefined for the jobs of mappings. */
export function codeJobPlanOf(name: string): CodeJobPlan | undefined {
  return partsOf(name)?.plan;
}

function partsOf(name: string): CodeJobParts | undefined {
  return isCodeJobName(name) ? codeJobs[name] : undefined;
}

/** The jobs that the settings ask for. */
export function codeJobsFor(settings: DocumentSettings): readonly CodeJobDefinition[] {
  return codeJobsOf(settings);
}
