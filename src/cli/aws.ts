// The account on AWS that a command's flags name.
import { type Clients, openClients } from '../deploy/index.ts'
import { type Input, textOption } from './command.ts'

/** Opens the clients that a command's flags ask for. The caller closes them. */
export function openAws(input: Input): Promise<Clients> {
  const named = (name: string): string | undefined => textOption(input, name) || undefined
  return openClients({ region: named('region'), profile: named('profile'), endpoint: named('endpointUrl') })
}
