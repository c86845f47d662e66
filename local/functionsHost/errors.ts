/** Errors the local Functions host raises. */

/** The app cannot be started; `message` has one line per problem and names what to change. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
}

/** Something the real worker refuses while the app loads, such as a second function of the same name. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  /** The programming model tells the worker's own errors from the app's by this mark. */
  readonly isAzureFunctionsSystemError = true;
}

/** The text of anything thrown. Never throws. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
