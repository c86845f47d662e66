/** Signals and a lost parent as wishes to stop. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { watchParent } from './parent.ts';
import { listenForStop } from './signals.ts';

function listening() {
  const source = new EventEmitter();
  const seen = { stops: 0, exits: [] as number[], nowMs: 0 };
  listenForStop({
    source,
    elapsedMs: () => seen.nowMs,
    onStop: () => {
      seen.stops += 1;
    },
    exit: (code) => void seen.exits.push(code),
  });
  return { source, seen };
}

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM'])('the first %s asks to stop', (name) => {
    const { source, seen } = listening();
    source.emit(name);
    expect(seen).toMatchObject({ stops: 1, exits: [] });
  });

  test('the same key press, passed on once more by npm, changes nothing', () => {
    const { source, seen } = listening();
    source.emit('SIGINT');
    seen.nowMs = 200;
    source.emit('SIGINT');
    expect(seen).toMatchObject({ stops: 1, exits: [] });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('a later %s ends the process at once with %i', (name, code) => {
    const { source, seen } = listening();
    source.emit('SIGINT');
    seen.nowMs = 1500;
    source.emit(name);
    expect(seen).toMatchObject({ stops: 1, exits: [code] });
  });
});

function watching(environment: NodeJS.ProcessEnv) {
  const seen = { parent: 10, gone: 0, ticks: [] as (() => void)[] };
  watchParent({
    parentId: () => seen.parent,
    environment,
    onGone: () => {
      seen.gone += 1;
    },
    repeat: (callback) => {
      seen.ticks.push(callback);
      return () => {
        seen.ticks = [];
      };
    },
  });
  const tick = () => {
    for (const callback of seen.ticks) callback();
  };
  return { seen, tick };
}

describe('the parent', () => {
  test('under npm, another parent means stop, once', () => {
    const { seen, tick } = watching({ npm_lifecycle_event: 'start' });
    tick();
    expect(seen.gone).toBe(0);
    seen.parent = 1;
    tick();
    tick();
    expect(seen.gone).toBe(1);
  });

  test('without npm an orphan goes on', () => {
    const { seen, tick } = watching({});
    seen.parent = 1;
    tick();
    expect(seen.gone).toBe(0);
  });
});
