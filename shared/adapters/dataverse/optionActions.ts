/** Options of columns, changed by actions and made visible by publishing (dataverse-web-api section 18). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { OptionValue } from '../../domain/options/optionRow.ts';
import type { OptionWrite } from '../../domain/options/optionWrites.ts';
import type { OptionInsert } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { chunk } from '../http/chunks.ts';
import { isSuccess, problemOf, sendBatch } from './batch.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { baseLanguage } from './optionReads.ts';
import { actionHeaders } from './requestHeaders.ts';

const addedShape = z.object({ NewOptionValue: z.int() });

/** Changes of metadata take the service long, so that fewer of them fit into the time of one request. */
const writesPerBatch = 20;

type Outcome = WriteOutcome<OptionValue>;

/** Adds options; never sends one again whose outcome is unknown. */
export function addOptions(
  context: DataverseContext,
  inserts: readonly OptionInsert[],
): Promise<readonly Outcome[]> {
  return act(context, 'InsertOptionValue', inserts, {
    idempotent: false,
    body: ({ target, label, value }, language) => ({
      ...addressOf(target),
      ...(value === null ? {} : { Value: value }),
      Label: labelOf(label, language),
    }),
    done: ({ label }, text) => {
      const added = addedShape.safeParse(jsonOf(text));
      return added.success ? { value: added.data.NewOptionValue, label } : null;
    },
  });
}

/** Renames options in the base language and keeps their labels in others. */
export function renameOptions(
  context: DataverseContext,
  writes: readonly OptionWrite[],
): Promise<readonly Outcome[]> {
  return act(context, 'UpdateOptionValue', writes, {
    idempotent: true,
    body: ({ target, value, label }, language) => ({
      ...addressOf(target),
      Value: value,
      Label: labelOf(label, language),
      MergeLabels: true,
    }),
    done: ({ value, label }) => ({ value, label }),
  });
}

/** Takes options away; rows that hold their numbers keep them. */
export function removeOptions(
  context: DataverseContext,
  writes: readonly OptionWrite[],
): Promise<readonly Outcome[]> {
  return act(context, 'DeleteOptionValue', writes, {
    idempotent: true,
    body: ({ target, value }) => ({ ...addressOf(target), Value: value }),
    done: ({ value, label }) => ({ value, label }),
  });
}

/** An action that changes one option. */
interface OptionAction<Write> {
  readonly idempotent: boolean;
  body(write: Write, language: number): object;
  /** The option as it is now; null when the answer does not tell. */
  done(write: Write, text: string): OptionValue | null;
}

async function act<Write extends OptionInsert>(
  context: DataverseContext,
  name: string,
  writes: readonly Write[],
  action: OptionAction<Write>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  if (writes.length === 0) return outcomes;
  const language = await baseLanguage(context);
  for (const some of chunk(writes, writesPerBatch)) {
    const parts = some.map((write): BatchPart => {
      const body = JSON.stringify(action.body(write, language));
      return { method: 'POST', url: context.apiUrl + name, headers: actionHeaders, body };
    });
    outcomes.push(...(await sendActions(context, some, parts, action)));
  }
  return outcomes;
}

/** Raises SyncFailure when the service refuses the whole batch; a batch that got lost leaves every outcome unknown. */
async function sendActions<Write>(
  context: DataverseContext,
  writes: readonly Write[],
  parts: readonly BatchPart[],
  action: OptionAction<Write>,
): Promise<readonly Outcome[]> {
  try {
    const mode = { idempotent: action.idempotent, writes: true };
    const answers = await sendBatch(context, parts, mode);
    return writes.map((write, index) => outcomeOf(write, answers[index], action));
  } catch (failure) {
    if (!(failure instanceof SyncFailure) || !failure.outcomeUnknown) throw failure;
    return writes.map(() => ({ status: 'unknown', message: failure.message }));
  }
}

function outcomeOf<Write>(
  write: Write,
  answer: BatchAnswer | undefined,
  action: OptionAction<Write>,
): Outcome {
  if (!answer) return { status: 'unknown', message: 'Dataverse gave no answer for this option.' };
  if (!isSuccess(answer)) {
    return answer.status === 404 ? { status: 'missing' } : { status: 'refused', problem: problemOf(answer) };
  }
  const record = action.done(write, answer.text);
  if (record) return { status: 'done', record };
  return { status: 'unknown', message: 'Dataverse accepted the option but did not answer with its number.' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function addressOf({ column, sharedSet }: OptionWrite['target']): object {
  if (sharedSet !== null) return { OptionSetName: sharedSet };
  return { EntityLogicalName: column.table, AttributeLogicalName: column.attribute };
}

function labelOf(label: string, language: number): object {
  return { LocalizedLabels: [{ Label: label, LanguageCode: language }] };
}

/** One PublishXml for all tables and shared sets. Raises what the transport raises. */
export async function publishOptions(
  context: DataverseContext,
  targets: readonly OptionWrite['target'][],
): Promise<void> {
  if (targets.length === 0) return;
  const tables = new Set(targets.map(({ column }) => column.table));
  const sets = new Set(targets.flatMap(({ sharedSet }) => sharedSet ?? []));
  const list = (name: string, of: ReadonlySet<string>) =>
    [...of].map((item) => `<${name}>${item}</${name}>`).join('');
  const xml =
    `<importexportxml><entities>${list('entity', tables)}</entities>` +
    `${sets.size === 0 ? '' : `<optionsets>${list('optionset', sets)}</optionsets>`}</importexportxml>`;
  await context.transport.send(
    {
      method: 'POST',
      url: `${context.apiUrl}PublishXml`,
      headers: actionHeaders,
      body: JSON.stringify({ ParameterXml: xml }),
      idempotent: true,
    },
    context.meter ?? undefined,
  );
}
