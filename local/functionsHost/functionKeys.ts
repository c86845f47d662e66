/** Access keys of HTTP functions and of the host's own routes; without a key file everything is open. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorMessage, HostStartError } from './errors.ts';
import type { AuthLevel } from './functionDefinition.ts';
import type { HostRequest } from './httpServer.ts';

const keyFileSchema = z.strictObject({
  masterKey: z.string().min(1),
  functionKeys: z.record(z.string(), z.string().min(1)).default({}),
});

/** Decides whether a request may run a function. */
export interface FunctionKeys {
  allows(level: AuthLevel, request: HostRequest): boolean;
}

function givenKey(request: HostRequest): string | undefined {
  return request.headers['x-functions-key'] ?? request.url.searchParams.get('code') ?? undefined;
}

function readKeyFile(file: string): z.infer<typeof keyFileSchema> {
  try {
    return keyFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new HostStartError(`The key file ${file} is not valid: ${detail}`, { cause: error });
  }
}

/**
 * Reads a key file `{"masterKey", "functionKeys": {name: key}}`. Without a file every request is allowed.
 * Raises HostStartError when the file cannot be read or is not valid.
 */
export function readFunctionKeys(file: string | undefined): FunctionKeys {
  if (file === undefined) return { allows: () => true };
  const { masterKey, functionKeys } = readKeyFile(file);
  const forFunctions = [masterKey, ...Object.values(functionKeys)];
  return {
    allows: (level, request) => {
      if (level === 'anonymous') return true;
      const key = givenKey(request);
      return key !== undefined && (level === 'admin' ? key === masterKey : forFunctions.includes(key));
    },
  };
}
