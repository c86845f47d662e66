/** What the jobs that run code do, by name. */
import type { DocumentSettings } from '../../domain/documents/documentSettings.ts';
import { type CodeJobDefinition, type CodeJobName, codeJobsOf } from '../../domain/jobs/codeJobs.ts';
import { itemAvailability } from '../availability/itemAvailability.ts';
import { orderNotes } from '../documents/notes/orderNotes.ts';
import { planOrderNotes } from '../documents/notes/planOrderNotes.ts';
import { autoCreateOrders } from '../documents/orders/autoCreateOrders.ts';
import { planAutoCreate } from '../documents/orders/planAutoCreate.ts';
import { postOrderStatus } from '../documents/postOrderStatus.ts';
import { autoProcessQuotes } from '../documents/quotes/autoProcessQuotes.ts';
import { takeOverArchives } from '../documents/takeOverArchives.ts';
import { customerStatistics } from '../statistics/customerStatistics.ts';
import type { CodeJob, CodeJobPlan } from './codeJob.ts';

const codeJobs: Readonly<Partial<Record<CodeJobName, CodeJob>>> = {
  'AUTO CREATE SALES ORDERS': autoCreateOrders,
  'AUTO PROCESS SALES QUOTES': autoProcessQuotes,
  'SALES ORDER NOTES': orderNotes,
  'SALES ORDER STATUS': postOrderStatus,
  'ARCHIVED SALES ORDERS': takeOverArchives,
  'CUSTOMER STATISTICS': customerStatistics,
  'ITEM AVAILABILITY': itemAvailability,
};

const plans: Readonly<Partial<Record<CodeJobName, CodeJobPlan>>> = {
  'AUTO CREATE SALES ORDERS': planAutoCreate,
  'SALES ORDER NOTES': planOrderNotes,
};

/** How a job is planned; undefined for those that cannot say what they would do without doing it. */
export function codeJobPlanOf(name: CodeJobName): CodeJobPlan | undefined {
  return plans[name];
}

/** The code of a job; undefined for the jobs of mappings. */
export function codeJobOf(name: string): CodeJob | undefined {
  return (codeJobs as Readonly<Record<string, CodeJob | undefined>>)[name];
}

/** The jobs that the settings ask for and this version carries out. */
export function codeJobsFor(settings: DocumentSettings): readonly CodeJobDefinition[] {
  return codeJobsOf(settings).filter(({ name }) => codeJobOf(name) !== undefined);
}
