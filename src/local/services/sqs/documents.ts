// The attributes of a queue that are JSON documents: its policy, where it moves poison to, and who may move poison to it.
// Sources: API reference of SetQueueAttributes; recorded answers for RedrivePolicy.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import type { Reader } from '../../store.ts'
import { queueKey } from './keys.ts'
import { invalidAttributeValue, invalidValue } from './problems.ts'
import { arnOf, nameOfArn, type Queue } from './queue.ts'

type Pairs = readonly (readonly [string, string])[]

export function readDocument(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether SQS takes it as a resource policy: statements, each with an effect, a principal and actions. */
export function isPolicy(text: string): boolean {
  const { Statement: given } = readDocument(text) ?? {}
  const statements: unknown[] = Array.isArray(given) ? given : [given]
  return statements.length > 0 && statements.every(isStatement)
}

const isStatement = (value: unknown): boolean =>
  isObject(value) &&
  (value.Effect === 'Allow' || value.Effect === 'Deny') &&
  (value.Principal ?? value.NotPrincipal) !== undefined &&
  (value.Action ?? value.NotAction) !== undefined

/** Refuses a redrive policy whose dead-letter queue is not there, of the other kind, or does not want this source. */
export function checkRedrive(reader: Reader, pairs: Pairs, source: Pick<Queue, 'name' | 'fifo'>): void {
  const policy = pairs.find(([name]) => name === 'RedrivePolicy')?.[1]
  if (policy === undefined || policy === '') return
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = readDocument(policy) ?? {}
  const refuse = (reason: string) => invalidValue('RedrivePolicy', policy, reason)
  if (arn === undefined) throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.')
  if (count === undefined) throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.')
  const after = Number(count)
  if (!Number.isInteger(after) || after < 1 || after > 1000)
    throw refuse(`Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`)
  const target = nameOfArn(String(arn))
  if (target === undefined) throw refuse('Invalid value for deadLetterTargetArn.')
  const queue = reader.get<Queue>(queueKey(target))
  if (queue === undefined) throw refuse('Dead letter target does not exist.')
  if (queue.fifo !== source.fifo) throw refuse('Dead-letter queue must be same type of queue as the source.')
  if (!allows(queue, source.name))
    throw refuse(`Queue ${arn} does not allow this queue to use it as a dead-letter queue.`)
}

function allows({ attributes }: Queue, source: string): boolean {
  const { redrivePermission, sourceQueueArns } = readDocument(attributes.RedriveAllowPolicy ?? '') ?? {}
  if (redrivePermission === 'byQueue') return Array.isArray(sourceQueueArns) && sourceQueueArns.includes(arnOf(source))
  return redrivePermission !== 'denyAll'
}

/** Refuses a redrive allow policy that says nothing, or too much. At most ten sources may be named. */
export function checkRedriveAllow(pairs: Pairs): void {
  const policy = pairs.find(([name]) => name === 'RedriveAllowPolicy')?.[1]
  if (policy === undefined || policy === '') return
  const { redrivePermission: permission, sourceQueueArns: sources, ...others } = readDocument(policy) ?? {}
  const refuse = (reason: string) =>
    invalidValue('RedriveAllowPolicy', policy, `Amazon SQS can't create the redrive allow policy. ${reason}`)
  const isKnown = permission === 'allowAll' || permission === 'denyAll' || permission === 'byQueue'
  if (!isKnown || Object.keys(others).length > 0)
    throw invalidAttributeValue(
      'RedriveAllowPolicy',
      "Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.",
    )
  if (permission !== 'byQueue') {
    if (sources === undefined) return
    throw refuse('To specify one or more source queue ARNs, you must set redrivePermission to byQueue.')
  }
  if (!Array.isArray(sources) || sources.length === 0)
    throw refuse(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    )
  if (sources.length > 10 || !sources.every((arn) => nameOfArn(String(arn)) !== undefined))
    throw refuse('You can specify up to 10 ARNs of source queues.')
}
