// From commands as data to a command line: parsing, help and suggestions by commander, exit status 2 for wrong use.
import { Command as Commander, CommanderError } from 'commander'
import { GobletError } from '../errors.ts'
import { type Command, ENTRY_ARGUMENT, type Input } from './command.ts'
import { complain, printJson, warn } from './terminal.ts'

/** Runs the command that `words` name. Resolves with the exit status. */
export async function runProgram(
  commands: readonly Command[],
  version: string,
  words: readonly string[],
): Promise<number> {
  let status = 0
  const program = new Commander('goblet')
    .description('The serverless microframework for TypeScript on AWS: the export is the deployment.')
    .version(version, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .showHelpAfterError('Try `goblet --help`.')
    .addHelpText('after', '\nExit status: 0 done, 1 failed, 2 wrong use.')
  for (const command of commands) {
    add(program, command, async (input) => {
      status = await run(command, input)
    })
  }
  try {
    await program.parseAsync(words, { from: 'user' })
    return status
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
}

function add(program: Commander, command: Command, act: (input: Input) => Promise<void>): void {
  const made = program.command(command.name).description(command.summary)
  if (command.alias !== undefined) made.alias(command.alias)
  for (const { name, summary, optional } of command.arguments)
    made.argument(optional === true ? `[${name}]` : `<${name}>`, summary)
  for (const { flag, summary, default: otherwise } of command.options) made.option(flag, summary, otherwise)
  made.exitOverride().showHelpAfterError(`Try \`goblet ${command.name} --help\`.`)
  made.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`)
  made.action((...given: unknown[]) => {
    const words = given.slice(0, command.arguments.length) as (string | undefined)[]
    return act({ arguments: words, options: { ...made.opts(), ...entryIn(command, words) } })
  })
}

// `goblet dev server.ts` is `goblet dev --entry server.ts`.
function entryIn({ arguments: known }: Command, words: readonly (string | undefined)[]): { entry?: string } {
  const entry = words[known.indexOf(ENTRY_ARGUMENT)]
  return entry === undefined ? {} : { entry }
}

async function run(command: Command, input: Input): Promise<number> {
  try {
    return await command.run(input)
  } catch (error) {
    if (!(error instanceof GobletError)) {
      warn(`goblet ${command.name} broke. This is a defect of Goblet; please report it with these lines:`)
      warn(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return 1
    }
    if (input.options.json === true) printJson({ event: 'error', complaints: error.complaints })
    else complain(error.complaints)
    return error.complaints.some(({ code }) => code === 'GOBLET_USAGE') ? 2 : 1
  }
}
