/** Notices that the npm which started this program is gone. */

/**
 * npm runs a script through a shell, and passes a SIGTERM on to that shell only: the shell ends, and what it ran would
 * go on for ever as an orphan. Under npm a new parent therefore means stop.
 */
export interface ParentWatch {
  /** The present parent; it changes when the original one ends. */
  readonly parentId: () => number;
  readonly environment: NodeJS.ProcessEnv;
  /** Called once. */
  readonly onGone: () => void;
  /** Calls back again and again until the returned function is called. */
  readonly repeat: (callback: () => void) => () => void;
}

/** Watches the parent when npm started this program; otherwise an orphan may be what the user wants (nohup). */
export function watchParent({ parentId, environment, onGone, repeat }: ParentWatch): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const original = parentId();
  const end = repeat(() => {
    if (parentId() === original) return;
    end();
    onGone();
  });
}
