// The account on AWS that a command's flags name.
import { type Clients, openClients } from '../deploy/index.ts'
import { type Input, textOption } from './command.ts'

/** Opens the clients that a command's flags ask for; `once` for calls that must not be tried again. The caller closes them. */
export function openAws(input: Input, { once = false } = {}): Promise<Clients> {
  // The SDK's word on Node is for those who have chosen the SDK.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const named = (name: string): string | undefined => textOption(input, name) || undefined
  return openClients({ region: named('region'), profile: named('profile'), endpoint: named('endpointUrl'), once })
}
