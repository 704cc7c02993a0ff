// The environment variables of a function, and how much of them Lambda takes.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { Options } from './describe.ts'
import type { FunctionModel } from './model.ts'
import { prefix, type Target } from './names.ts'
import type { WebsocketModel } from './resources.ts'

/** The variable that tells every function where a WebSocket API's connections are managed: `https://<id>.execute-api.<region>.amazonaws.com/<stage>`. */
export const websocketVariable = (name: string): string =>
  `GOBLET_WEBSOCKET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`

const ENVIRONMENT_LIMIT = 4096

// Source: Lambda's quotas page: all variables of a function together, names and values. Goblet's own are among them.
/** Complains of variables that are too many for Lambda. */
export function checkSize(what: string, env: Options, target: Target, where: Where): Complaint[] {
  const all = { ...env, GOBLET_PREFIX: prefix(target), GOBLET_ACCOUNT: target.account, GOBLET_QUALIFIER: 'live' }
  let bytes = 0
  for (const [name, value] of Object.entries(all))
    if (typeof value === 'string') bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  if (bytes <= ENVIRONMENT_LIMIT) return []
  const details = {
    option: 'env',
    what,
    problem: `takes ${bytes} bytes, with all that is set for the same function`,
    mend: 'Lambda allows 4,096 bytes in all: keep large values in S3 or Parameter Store.',
  }
  return [complaint('GOBLET_BAD_OPTION', details, where)]
}

/** Complains of the first function that has no room left for where the WebSocket APIs are. */
export function checkSockets(
  functions: readonly FunctionModel[],
  apis: readonly WebsocketModel[],
  target: Target,
): Complaint[] {
  const urls = Object.fromEntries(
    apis.map(({ name, stage }) => [
      websocketVariable(name),
      `https://${'0'.repeat(10)}.execute-api.${target.region}.amazonaws.com/${stage}`,
    ]),
  )
  const all = functions.flatMap(({ name, env, where }) => {
    const what = `the function ${name}`
    // What is too much by itself has been told already.
    const isFull = checkSize(what, env, target, where).length > 0
    return isFull ? [] : checkSize(what, { ...env, ...urls }, target, where)
  })
  return all.slice(0, 1)
}
