// A schedule as a client gives it, and what Scheduler refuses of it.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { planProblem } from '../../../aws/schedule-plan.ts'
import { isZone } from '../../../aws/zone.ts'
import { numberOf, objectOf, textOf, wordOf } from './input.ts'
import { broken, invalid } from './problems.ts'
import type { Given, Target } from './state.ts'

const EVER = { least: 0, most: 1e12 }

export function readGiven(body: JsonObject): Given {
  const expression = textOf(body, 'ScheduleExpression')
  if (expression === undefined) throw broken('scheduleExpression', undefined, 'not be null')
  const target = objectOf(body, 'Target')
  if (target === undefined) throw broken('target', undefined, 'not be null')
  const window = readWindow(objectOf(body, 'FlexibleTimeWindow'))
  const description = textOf(body, 'Description')
  if (description !== undefined && description.length > 512)
    throw broken('description', description, 'have length less than or equal to 512')
  const state = wordOf(body, 'State', ['ENABLED', 'DISABLED'])
  const after = wordOf(body, 'ActionAfterCompletion', ['NONE', 'DELETE'])
  // Recorded.
  if (planProblem(expression) !== undefined) throw invalid(`Invalid Schedule Expression ${expression}.`)
  const timezone = textOf(body, 'ScheduleExpressionTimezone') ?? 'UTC'
  if (!isZone(timezone)) throw invalid(`Invalid ScheduleExpressionTimezone ${timezone}.`)
  const start = numberOf(body, 'StartDate', EVER)
  const end = numberOf(body, 'EndDate', EVER)
  if (start !== undefined && end !== undefined && start >= end)
    throw invalid('The StartDate you specify must come before the EndDate.')
  const kmsKey = textOf(body, 'KmsKeyArn')
  return { expression, timezone, description, start, end, window, state, after, target: readTarget(target), kmsKey }
}

function readWindow(given: JsonObject | undefined): number {
  if (given === undefined) throw broken('flexibleTimeWindow', undefined, 'not be null')
  const mode = textOf(given, 'Mode')
  if (mode === undefined) throw broken('flexibleTimeWindow.mode', undefined, 'not be null')
  wordOf(given, 'Mode', ['OFF', 'FLEXIBLE'])
  const minutes = numberOf(given, 'MaximumWindowInMinutes', { least: 1, most: 1440 })
  if (mode === 'FLEXIBLE' && minutes === undefined)
    throw invalid('A FlexibleTimeWindow of the mode FLEXIBLE needs MaximumWindowInMinutes.')
  if (mode === 'OFF' && minutes !== undefined)
    throw invalid('A FlexibleTimeWindow of the mode OFF takes no MaximumWindowInMinutes.')
  return minutes ?? 0
}

const TAKERS = new Set(['lambda', 'sqs', 'sns', 'events', 'kinesis'])
// Source: Target's RetryPolicy; recorded defaults.
const OLDEST = 86_400
const MOST_RETRIES = 185

export function readTarget(given: JsonObject): Target {
  const arn = textOf(given, 'Arn')
  if (arn === undefined) throw broken('target.arn', undefined, 'not be null')
  const role = textOf(given, 'RoleArn')
  if (role === undefined) throw broken('target.roleArn', undefined, 'not be null')
  checkTaker(arn)
  checkParameters(given, arn)
  const policy = objectOf(given, 'RetryPolicy') ?? {}
  const dead = textOf(objectOf(given, 'DeadLetterConfig') ?? {}, 'Arn')
  if (dead !== undefined && !/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/.test(dead))
    throw broken(
      'target.deadLetterConfig.arn',
      dead,
      'satisfy regular expression pattern: ^arn:aws[a-z-]*:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$',
    )
  return {
    ...given,
    Arn: arn,
    RoleArn: role,
    RetryPolicy: {
      MaximumEventAgeInSeconds: numberOf(policy, 'MaximumEventAgeInSeconds', { least: 60, most: OLDEST }) ?? OLDEST,
      MaximumRetryAttempts: numberOf(policy, 'MaximumRetryAttempts', { least: 0, most: MOST_RETRIES }) ?? MOST_RETRIES,
    },
  }
}

function checkTaker(arn: string): void {
  const [head, , service = '', ...rest] = arn.split(':')
  if (head !== 'arn' || rest.length < 3) throw invalid(`Provided Arn is not in correct format: ${arn}`)
  if (arn.startsWith('arn:aws:scheduler:::aws-sdk:'))
    throw invalid(
      `The local cloud does not have universal targets: it cannot call ${arn}. Name a function, queue, topic, bus or stream.`,
    )
  if (!TAKERS.has(service))
    throw invalid(
      `The local cloud does not deliver schedules to ${service}: it has functions, queues, topics, buses and streams.`,
    )
}

// Source: API reference of Target: what a kind of target needs.
function checkParameters(given: JsonObject, arn: string): void {
  const service = arn.split(':')[2]
  const bus = objectOf(given, 'EventBridgeParameters')
  if (
    service === 'events' &&
    (textOf(bus ?? {}, 'DetailType') === undefined || textOf(bus ?? {}, 'Source') === undefined)
  )
    throw invalid('EventBridgeParameters with DetailType and Source must be specified for an event bus.')
  const stream = objectOf(given, 'KinesisParameters')
  if (service === 'kinesis' && textOf(stream ?? {}, 'PartitionKey') === undefined)
    throw invalid('KinesisParameters with PartitionKey must be specified for a stream.')
  const queue = objectOf(given, 'SqsParameters')
  if (service === 'sqs' && arn.endsWith('.fifo') && textOf(queue ?? {}, 'MessageGroupId') === undefined)
    throw invalid('SqsParameters with MessageGroupId must be specified for a FIFO queue.')
  const input = textOf(given, 'Input')
  if (service === 'events' && input !== undefined && !isJsonObject(input))
    throw invalid('The Input for an event bus must be a JSON object.')
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
