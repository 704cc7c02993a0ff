// Logical ids: how a template calls its parts. They never change for what keeps its name, or CloudFormation would replace it.
import { createHash } from 'node:crypto'

// No `what` may begin with another one and a capital (`Role`, `RolePolicy`): names would make one id of the two.
/** `logicalId('Queue', 'imager-queue')` is `QueueImagerQueue`. What loses more than capitals by it gets six characters of its hash. */
export function logicalId(what: string, ...names: readonly string[]): string {
  const words = names.flatMap((name) => name.split(/[^A-Za-z0-9]+/)).filter((word) => word !== '')
  const told = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  const whole = names.join('\0')
  // `a-b`, `aB` and `a_b` would be one id.
  const isPlain = names.length === 1 && /^[a-z][A-Za-z0-9]*$/.test(whole)
  const id = what + told + (isPlain ? '' : createHash('sha256').update(whole).digest('hex').slice(0, 6))
  // Limit: 255 alphanumeric characters.
  return id.length <= 200 ? id : id.slice(0, 180) + createHash('sha256').update(whole).digest('hex').slice(0, 20)
}

/** The name of the alias that everything calls a function by. `rollback` moves it. */
export const ALIAS = 'live'

export const functionId = (name: string): string => logicalId('Function', name)
export const roleId = (name: string): string => logicalId('Role', name)
export const aliasId = (name: string): string => logicalId('Alias', name)
export const logGroupId = (name: string): string => logicalId('LogGroup', name)

/** The id of a resource of the app, by its kind and declared name. */
export const resourceId = (kind: string, name: string): string =>
  logicalId(kind.charAt(0).toUpperCase() + kind.slice(1), name)

/** The policy of a queue, which is one whoever sends to it. */
export const queuePolicyId = (name: string): string => logicalId('SqsPolicy', name)

/** Allows AWS to call a function. A function that several things wake has a name for each. */
export const permissionId = (name: string, ...more: readonly string[]): string => logicalId('Permission', name, ...more)

/** The HTTP API that all routes share, and its stage. */
export const API_ID = 'Api'
export const API_STAGE_ID = 'ApiStage'

/** The REST API instead of it, under ids of its own: CloudFormation lets no resource become one of another type. */
export const REST_API_ID = 'RestApi'
export const REST_STAGE_ID = 'RestStage'
