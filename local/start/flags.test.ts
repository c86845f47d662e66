/** The command line of `npm start`, as contract section 1 has it. */
import { describe, expect, test } from 'vitest';
import { parseFlags, usage } from './flags.ts';

const defaults = {
  once: false,
  port: 7071,
  businessCentralPort: 7081,
  dataversePort: 7082,
  dataFolder: null,
  demo: true,
  initialSync: true,
};

function problems(...argv: string[]): readonly string[] {
  const parsed = parseFlags(argv);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

describe('flags', () => {
  test('without any, the default ports, the demo data and the initial synchronisation are taken', () => {
    expect(parseFlags([])).toEqual({ kind: 'flags', flags: defaults });
  });

  test('every flag has its effect, with its value after a blank or an equals sign', () => {
    const argv =
      '--once --port 0 --business-central-port=81 --dataverse-port 65535 --data=-x --no-demo'.split(' ');
    const flags = { port: 0, businessCentralPort: 81, dataversePort: 65_535, dataFolder: '-x', demo: false };
    expect(parseFlags(argv)).toEqual({ kind: 'flags', flags: { ...defaults, once: true, ...flags } });
    expect(parseFlags(['--no-initial-sync'])).toMatchObject({ flags: { initialSync: false } });
  });

  test('help is help, whatever else is valid', () => {
    expect(parseFlags(['--help', '--once']).kind).toBe('help');
    expect(parseFlags(['-h']).kind).toBe('help');
  });

  test('the usage text names every flag', () => {
    for (const name of [
      'once',
      'port',
      'business-central-port',
      'dataverse-port',
      'data',
      'no-demo',
      'help',
    ]) {
      expect(usage).toContain(`--${name}`);
    }
    expect(usage).toContain('--no-initial-sync');
  });

  test.each([
    [['--unknown'], 'Unknown flag --unknown; see --help.'],
    [['-x'], 'Unknown flag -x; see --help.'],
    [['start'], 'Unexpected argument "start"; see --help.'],
    [['--', 'start'], 'Unexpected argument "start"; see --help.'],
    [['--port', 'abc'], '--port needs a port from 0 to 65535, not "abc".'],
    [['--port', '65536'], '--port needs a port from 0 to 65535, not "65536".'],
    [['--port', '-1'], '--port needs a port from 0 to 65535, not "-1".'],
    [['--port', '1.5'], '--port needs a port from 0 to 65535, not "1.5".'],
    [['--port='], '--port needs a port from 0 to 65535, not "".'],
    [['--dataverse-port'], '--dataverse-port needs a port from 0 to 65535.'],
    [['--data'], '--data needs a folder.'],
    [['--data', '--once'], '--data needs a folder.'],
    [['--once=yes'], '--once takes no value.'],
    [['--once', '--no-initial-sync'], '--once and --no-initial-sync exclude each other.'],
    [['--constructor'], 'Unknown flag --constructor; see --help.'],
  ])('%j is refused with one line', (argv, problem) => {
    expect(problems(...argv)).toEqual([problem]);
  });

  test('every problem is listed', () => {
    expect(problems('--foo', 'bar', '--port', 'x')).toHaveLength(3);
  });
});
