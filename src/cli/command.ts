// What a command is: data that help, parsing and running are all made from.

/** A word after the command's name. */
export interface Argument {
  readonly name: string
  readonly summary: string
  readonly optional?: true
}

/** A flag. `flag` is written as people type it: `--port <number>`, `--json`, `--no-watch`. */
export interface Option {
  readonly flag: string
  readonly summary: string
  readonly default?: string
}

/** What a command is given when it runs. */
export interface Input {
  readonly arguments: readonly (string | undefined)[]
  /** By the flag's camel-case name: `--aws-port` is `awsPort`; `--no-watch` is `watch: false`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

export interface Command {
  readonly name: string
  readonly alias?: string
  readonly summary: string
  /** Shown below the options. */
  readonly examples: readonly string[]
  readonly arguments: readonly Argument[]
  readonly options: readonly Option[]
  /** Resolves with the exit status: 0 done, 1 failed. Throws a GobletError for what the user can mend. */
  run(input: Input): Promise<number>
}

export const JSON_OPTION: Option = { flag: '--json', summary: 'print JSON instead of text' }

/** Which app, in which stage. */
export const APP_OPTIONS: readonly Option[] = [
  { flag: '--entry <file>', summary: 'the file whose exports are the app', default: 'app.ts' },
  { flag: '--stage <name>', summary: 'the stage', default: 'dev' },
]

/** The same as `--entry`, where no other word follows the command's name. */
export const ENTRY_ARGUMENT: Argument = {
  name: 'entry',
  summary: 'the same as --entry: app.ts, or the file that exports an Express, Fastify, Koa, Hono … app',
  optional: true,
}

/** Which account on AWS, and where. */
export const AWS_OPTIONS: readonly Option[] = [
  { flag: '--profile <name>', summary: 'the AWS profile to sign in with' },
  { flag: '--region <name>', summary: 'the AWS region' },
  { flag: '--endpoint-url <url>', summary: 'an AWS-compatible cloud instead of AWS' },
]

/** Where the local cloud's state is. */
export const STATE_OPTION: Option = {
  flag: '--state <folder>',
  summary: "where the local cloud's state is kept",
  default: '.goblet/state',
}

export const textOption = ({ options }: Input, name: string, otherwise = ''): string => {
  const value = options[name]
  return typeof value === 'string' ? value : otherwise
}

export const flagOption = ({ options }: Input, name: string): boolean => options[name] === true
