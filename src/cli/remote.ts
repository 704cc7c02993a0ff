// `--allow-remote`: which services of the real account an app's functions may reach, and saying so loudly.
import { problem } from '../errors.ts'
import { openOwnCredentials, type Remote } from '../local/index.ts'
import { flagOption, type Input, type Option, textOption } from './command.ts'
import { paint, printJson, warn } from './terminal.ts'

export const REMOTE_OPTION: Option = {
  flag: '--allow-remote <services>',
  summary: 'let functions use these services of the real AWS account, such as s3,dynamodb',
}

/** What the flag opens; undefined without it. Throws GOBLET_NO_CREDENTIALS. */
export async function openRemoteServices(input: Input): Promise<Remote | undefined> {
  const text = textOption(input, 'allowRemote')
  if (input.options.allowRemote === undefined) return undefined
  const services = [
    ...new Set(
      text
        .toLowerCase()
        .split(',')
        .map((name) => name.trim()),
    ),
  ]
  const wrong = services.find((name) => !/^[a-z][a-z0-9-]{0,40}$/.test(name) || NEVER.has(name))
  if (wrong !== undefined) {
    throw problem('GOBLET_USAGE', {
      problem: `--allow-remote ${text}: ${wrong === '' ? 'a name is missing' : `${wrong} is no service that can be opened`}.`,
      mend: 'Name services as their endpoints do, with commas: --allow-remote s3,dynamodb.',
    })
  }
  const credentials = await openOwnCredentials()
  const { from, accessKeyId } = await credentials()
  tell(services, from, accessKeyId, flagOption(input, 'json'))
  return { services, credentials }
}

// The local cloud's own.
const NEVER = new Set(['goblet', 'execute-api', 'lambda-url'])

function tell(services: readonly string[], from: string, accessKeyId: string, json: boolean): void {
  if (json) {
    printJson({ event: 'remote', services, from, accessKeyId })
    return
  }
  const names = services.join(', ')
  const words = `! REAL AWS ACCOUNT: what functions ask of ${names} goes to the account of ${from} (${accessKeyId}), and changes it.`
  warn(paint('red', words))
}
