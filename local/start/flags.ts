/** The command line of `npm start` (contract section 1). */
import { parseArgs } from 'node:util';

/** What the user asked for on the command line. */
export interface Flags {
  /** Synchronise once, print the table, and end. */
  readonly once: boolean;
  /** Port of the function app; 0 takes a free one. The same holds for the other two. */
  readonly port: number;
  readonly businessCentralPort: number;
  readonly dataversePort: number;
  /** Folder that keeps the state between starts; null = everything in memory. */
  readonly dataFolder: string | null;
  /** False starts empty simulators. */
  readonly demo: boolean;
  readonly initialSync: boolean;
}

/** Flags, the wish for the usage text, or what is wrong, one line per problem. */
export type ParsedFlags =
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const options = {
  once: { type: 'boolean' },
  port: { type: 'string', default: '7071' },
  'business-central-port': { type: 'string', default: '7081' },
  'dataverse-port': { type: 'string', default: '7082' },
  data: { type: 'string' },
  'no-demo': { type: 'boolean' },
  'no-initial-sync': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type OptionName = keyof typeof options;

const highestPort = 65_535;

/** What `--help` prints. */
export const usage = `Usage: npm start -- [flags]

Starts Azurite, simulators of Business Central and Dataverse with demo data, and the function app; synchronises once.
Settings that point elsewhere (AzureWebJobsStorage, BUSINESS_CENTRAL_URL, DATAVERSE_URL) replace the local part.

  --once                     synchronise once, print the result and end (1 when a job ended in error)
  --port N                   port of the function app (7071; 0 = any free port)
  --business-central-port N  port of the Business Central simulator (7081)
  --dataverse-port N         port of the Dataverse simulator (7082)
  --data DIR                 keep the state in this folder between starts (default: in memory)
  --no-demo                  start with an empty company and an empty organisation
  --no-initial-sync          do not synchronise at the start
  --help                     print this text

LOCAL_LOG=all in the environment shows every log line of the functions, not only warnings and errors.`;

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

type Token = ReturnType<typeof tokensOf>[number];

function tokensOf(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** What is wrong with one token alone; null when it is fine. */
function tokenProblem(token: Token): string | null {
  if (token.kind === 'option-terminator') return null;
  if (token.kind === 'positional') return `Unexpected argument "${token.value}"; see --help.`;
  if (!isOptionName(token.name)) return `Unknown flag ${token.rawName}; see --help.`;
  if (options[token.name].type === 'boolean') {
    return token.value === undefined ? null : `${token.rawName} takes no value.`;
  }
  return valueProblem(token.name, token.value, token.inlineValue === true);
}

function valueProblem(name: OptionName, value: string | undefined, isInline: boolean): string | null {
  if (name === 'data') {
    const isMissing = value === undefined || value === '' || (!isInline && value.startsWith('-'));
    return isMissing ? '--data needs a folder.' : null;
  }
  const isPort = value !== undefined && /^\d{1,5}$/.test(value) && Number(value) <= highestPort;
  if (isPort) return null;
  return `--${name} needs a port from 0 to ${highestPort}${value === undefined ? '' : `, not "${value}"`}.`;
}

/** Reads the command line. Lists every problem; never throws. */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const tokens = tokensOf(argv);
  const problems = tokens.map(tokenProblem).filter((problem) => problem !== null);
  const given = new Map(
    tokens.flatMap((token) => (token.kind === 'option' ? [[token.name, token.value]] : [])),
  );
  if (given.has('once') && given.has('no-initial-sync')) {
    problems.push('--once and --no-initial-sync exclude each other.');
  }
  if (problems.length > 0) return { kind: 'invalid', problems };
  if (given.has('help')) return { kind: 'help' };
  const portOf = (name: 'port' | 'business-central-port' | 'dataverse-port') =>
    Number(given.get(name) ?? options[name].default);
  const flags: Flags = {
    once: given.has('once'),
    port: portOf('port'),
    businessCentralPort: portOf('business-central-port'),
    dataversePort: portOf('dataverse-port'),
    dataFolder: given.get('data') ?? null,
    demo: !given.has('no-demo'),
    initialSync: !given.has('no-initial-sync'),
  };
  return { kind: 'flags', flags };
}
