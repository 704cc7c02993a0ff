// The Policy of a queue, as AddPermission and RemovePermission write it.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { arnOf, type Queue } from './queue.ts'

export interface Policy extends JsonObject {
  readonly Statement: readonly JsonObject[]
}

/** The queue's policy, or an empty one. Its version and id are the ones recorded. */
export function readPolicy(queue: Queue): Policy {
  const empty: Policy = { Version: '2008-10-17', Id: `${arnOf(queue.name)}/SQSDefaultPolicy`, Statement: [] }
  if (queue.attributes.Policy === undefined) return empty
  const policy: unknown = JSON.parse(queue.attributes.Policy)
  if (!isObject(policy)) return empty
  const { Statement: given } = policy
  return { ...policy, Statement: (Array.isArray(given) ? given : [given]).filter(isObject) }
}

/** The queue with these statements in its policy. */
export function withPolicy(queue: Queue, statements: readonly JsonObject[], now: number): Queue {
  const { Policy: _, ...others } = queue.attributes
  const policy = JSON.stringify({ ...readPolicy(queue), Statement: statements })
  return { ...queue, attributes: statements.length === 0 ? others : { ...others, Policy: policy }, modified: now }
}
