// Where a WebSocket API is: by its host as on AWS, or by a path below the app's port and the AWS port.
import type { WebsocketModel } from '../../../model/index.ts'
import { isAwsName, toName } from '../../wall-names.ts'

type Place = Pick<WebsocketModel, 'apiId' | 'name' | 'stage'>

/** What the URL of an API has behind the app's port: `/dev`, and where there are several, `/chat/dev`. */
export const pathOf = (made: Place, all: readonly Place[]): string =>
  all.length > 1 ? `/${made.name}/${made.stage}` : `/${made.stage}`

/** Whether an API is at this host and path. */
export function isAt(made: Place, host: string, path: string, all: readonly Place[]): boolean {
  return bases(made, host, all).includes(path.replace(/\/+$/, ''))
}

function bases(made: Place, host: string, all: readonly Place[]): string[] {
  const { apiId, name, stage } = made
  const own = /^([a-z0-9-]+)\.execute-api\./.exec(toName(host))?.[1]
  if (own !== undefined) return own === apiId ? [`/${stage}`] : []
  const known = [`/${name}/${stage}`, `/_aws/execute-api/${apiId}/${stage}`]
  if (all.every((one) => one === made || one.stage !== stage)) known.push(`/${stage}`)
  if (all.length === 1) known.push('')
  return known
}

/**
 * Whether a request was meant for this machine, or for AWS. DNS rebinding: a page's own name may resolve to 127.0.0.1, but
 * the Host header still says whose page it is.
 */
export function isOurs(host: string): boolean {
  const name = toName(host)
  return (
    name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || name.endsWith('.localhost') || isAwsName(host)
  )
}
