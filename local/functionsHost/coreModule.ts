/** Makes `require('@azure/functions-core')` answer: no such package exists, the worker lends it. */
import Module from 'node:module';
import type { CoreModule } from './coreTypes.ts';

const coreModuleId = '@azure/functions-core';
const lent: { core?: CoreModule } = {};

function patchRequire(): void {
  const original = Module.prototype.require;
  const patched = function (this: Module, id: string): unknown {
    return id === coreModuleId ? lent.core : original.call(this, id);
  };
  Module.prototype.require = patched as typeof original;
}

/**
 * Lends `core` to whatever is loaded from now on in this process; the last call wins. The change of `require` stays for
 * the life of the process, as in the real worker.
 */
export function lendCoreModule(core: CoreModule): void {
  if (lent.core === undefined) patchRequire();
  lent.core = core;
}
