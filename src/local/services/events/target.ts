// One target as it is given, and what EventBridge refuses of it.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { breaches, check, numberOf, objectOf, textOf } from './input.ts'
import { readPath } from './path.ts'
import { invalid, notHere } from './problems.ts'
import type { Target } from './state.ts'
import { PLACEHOLDER, PREDEFINED } from './transform.ts'

/** The services of which the local cloud has targets. */
const TAKERS = new Set(['lambda', 'sqs', 'sns', 'events', 'logs', 'kinesis'])
const LARGEST_INPUT = 8192

export function readTarget(given: JsonObject): Target {
  const id = textOf(given, 'Id') ?? ''
  const arn = textOf(given, 'Arn') ?? ''
  checkArn(arn)
  checkInputs(given, id)
  checkRetries(given)
  const group = textOf(objectOf(given, 'SqsParameters') ?? {}, 'MessageGroupId')
  if (arn.split(':')[2] === 'sqs' && arn.endsWith('.fifo') && group === undefined)
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${id}.`)
  const path = textOf(objectOf(given, 'KinesisParameters') ?? {}, 'PartitionKeyPath')
  if (path !== undefined && readPath(path) === undefined) throw invalid(`PartitionKeyPath for target ${id} is invalid.`)
  return { ...given, Id: id, Arn: arn }
}

function checkArn(arn: string): void {
  const [head, , service = '', , , ...rest] = arn.split(':')
  if (head !== 'arn' || rest.length === 0)
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`)
  if (!TAKERS.has(service))
    throw notHere(`deliver events to ${service}: it has functions, queues, topics, buses, log groups and streams`)
}

// Recorded words, but for those of a constant and a path that are none.
function checkInputs(given: JsonObject, id: string): void {
  const ways = ['Input', 'InputPath', 'InputTransformer'].filter(
    (name) => given[name] !== undefined && given[name] !== null,
  )
  if (ways.length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`)
  const constant = textOf(given, 'Input')
  if (constant !== undefined && !isJson(constant)) throw invalid(`JSON syntax error in input for target ${id}.`)
  const path = textOf(given, 'InputPath')
  if (path !== undefined && readPath(path) === undefined) throw invalid(`InputPath for target ${id} is invalid.`)
  const transformer = objectOf(given, 'InputTransformer')
  if (transformer !== undefined) checkTransformer(transformer, id)
}

function checkTransformer(transformer: JsonObject, id: string): void {
  const template = textOf(transformer, 'InputTemplate')
  check(breaches('inputTransformer.inputTemplate', template, { required: true, least: 1, most: LARGEST_INPUT }))
  const paths = objectOf(transformer, 'InputPathsMap') ?? {}
  for (const [name, path] of Object.entries(paths)) {
    if (name.toLowerCase().startsWith('aws'))
      throw invalid(`InputTransformer for target ${id} contains invalid variable ${name}: it may not begin with AWS.`)
    if (typeof path !== 'string' || readPath(path) === undefined)
      throw invalid(`Invalid InputPath in InputTransformer for target ${id}: ${String(path)}.`)
  }
  for (const [, name = ''] of (template ?? '').matchAll(PLACEHOLDER)) {
    if (PREDEFINED.has(name) || Object.hasOwn(paths, name)) continue
    throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${name}.`)
  }
}

function checkRetries(given: JsonObject): void {
  const policy = objectOf(given, 'RetryPolicy') ?? {}
  const limits: [string, number, number][] = [
    ['MaximumRetryAttempts', 0, 185],
    ['MaximumEventAgeInSeconds', 60, 86_400],
  ]
  for (const [name, least, most] of limits) {
    const value = numberOf(policy, name)
    if (value === undefined || (value >= least && value <= most)) continue
    const words = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`
    const place = `targets.1.member.retryPolicy.${name.charAt(0).toLowerCase()}${name.slice(1)}`
    check([`Value '${value}' at '${place}' failed to satisfy constraint: Member must have value ${words}`])
  }
  const queue = given.DeadLetterConfig
  if (!isObject(queue) || queue.Arn === undefined) return
  const arn = textOf(queue, 'Arn') ?? ''
  // Source: user guide: a standard queue.
  if (arn.split(':')[2] !== 'sqs' || arn.endsWith('.fifo'))
    throw invalid(`Parameter DeadLetterConfig.Arn is not valid. Reason: It must be the ARN of a standard SQS queue.`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
