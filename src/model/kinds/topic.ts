// Topics, the functions that are subscribed to them, and the queues.
import { type Complaint, complaint, type Where } from '../../errors.ts'
import type { DescribedFunction, DescribedResource, DescribedSubscription, Options } from '../describe.ts'
import { checkPatterns, patternsOf, policy, scope, scopeOf } from '../filters.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { SubscriptionModel, TopicTriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import {
  capitalized,
  checkOptions,
  flag,
  flagOf,
  isObject,
  objectOf,
  type Rule,
  type Rules,
  show,
  validator,
} from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import { called, type Owner, type Reading } from '../reading.ts'
import type { QueueModel, ResourceModel, TopicModel } from '../resources.ts'

const TOPIC_RULES = {
  ...PLACEMENT_RULES,
  fifo: flag,
  contentBasedDeduplication: flag,
  schema: validator,
} satisfies Rules

const isQueue = (value: Options): boolean => value.$ === 'reference' && value.kind === 'queue'

const handle: Rule = (value) =>
  isObject(value) && isQueue(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'It is the handle of a queue: one made by queue(…).' }

const queueNamed = (options: Options, option: string): string | undefined => {
  const value = objectOf(options, option)
  return isQueue(value) && typeof value.name === 'string' ? value.name : undefined
}

const FILTER_RULES = { filter: policy, filterScope: scope } satisfies Rules
const TRIGGER_RULES = { ...FUNCTION_RULES, ...FILTER_RULES, deadLetter: handle } satisfies Rules
const SUBSCRIPTION_RULES = { ...FILTER_RULES, raw: flag, queue: handle } satisfies Rules

// `deadLetter` of a subscriber is SNS's, for what could not be handed to Lambda.
function owner(described: DescribedFunction): Owner {
  const own = ownFunction(described)
  const { deadLetter: _, ...options } = own.options
  return { ...own, options }
}

export const topic = {
  rules: () => TRIGGER_RULES,
  owner,
  read: (
    described: DescribedFunction,
    name: string,
    { grammar }: Reading,
  ): { triggers: TopicTriggerModel[]; complaints: Complaint[] } => {
    const { options, where, source } = described
    const trigger: TopicTriggerModel = {
      kind: 'topic',
      function: name,
      topic: source?.name ?? '',
      filter: patternsOf(options)[0],
      filterScope: scopeOf(options),
      deadLetter: queueNamed(options, 'deadLetter'),
      where,
    }
    const told = { what: called(described), where }
    return { triggers: [trigger], complaints: checkPatterns(patternsOf(options), trigger.filterScope, grammar, told) }
  },
}

export const topicResource = {
  rules: (): Rules => TOPIC_RULES,
  read: (described: DescribedResource, target: Target): { made: TopicModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const asked = flagOf(options, 'fifo')
    const named = asked ? 'fifoTopic' : 'topic'
    const place = placed(named, described, target)
    // One whose name the user gave tells by the name, as it does everywhere on AWS.
    const fifo = asked || place.physicalName.endsWith('.fifo')
    const contentBasedDeduplication = flagOf(options, 'contentBasedDeduplication', fifo)
    const complaints = checkPlaced(named, described, target)
    if (contentBasedDeduplication && !fifo) {
      const mend = 'Only a FIFO topic has it: add `fifo: true`.'
      complaints.push(bad('contentBasedDeduplication', `the topic ${name}`, 'is true', mend, where))
    }
    const made: TopicModel = {
      kind: 'topic',
      export: described.export,
      name,
      ...place,
      fifo,
      contentBasedDeduplication,
      where,
    }
    return { made, complaints }
  },
}

/** Reads `orders.to(jobs, …)`. */
export function readSubscription(
  described: DescribedSubscription,
  grammar: Grammar,
): { made: SubscriptionModel; complaints: Complaint[] } {
  const { options, where, source } = described
  const what = `the subscription ${described.export}`
  const filterScope = scopeOf(options)
  const made: SubscriptionModel = {
    export: described.export,
    topic: source.name,
    queue: queueNamed(options, 'queue') ?? '',
    filter: patternsOf(options)[0],
    filterScope,
    raw: flagOf(options, 'raw', true),
    where,
  }
  const complaints = checkOptions(what, options, SUBSCRIPTION_RULES, where)
  return {
    made,
    complaints: [...complaints, ...checkPatterns(patternsOf(options), filterScope, grammar, { what, where })],
  }
}

type Grammar = Reading['grammar']

/** Complains of subscriptions to what the app does not have, and of kinds of topics and queues that AWS does not join. */
export function settleTopics(
  triggers: readonly TopicTriggerModel[],
  subscriptions: readonly SubscriptionModel[],
  resources: readonly ResourceModel[],
): Complaint[] {
  const topics = new Map(resources.flatMap((one) => (one.kind === 'topic' ? [[one.name, one]] : [])))
  const queues = new Map(resources.flatMap((one) => (one.kind === 'queue' ? [[one.name, one]] : [])))
  return [
    ...triggers.flatMap((one) => checkTrigger(one, topics, queues)),
    ...subscriptions.flatMap((one) => checkSubscription(one, topics, queues)),
  ]
}

type Known<One> = ReadonlyMap<string, One>

// Sources: "Amazon SNS FIFO topics" (message delivery), "Amazon SNS dead-letter queues".
function checkTrigger(one: TopicTriggerModel, topics: Known<TopicModel>, queues: Known<QueueModel>): Complaint[] {
  const { where, deadLetter } = one
  const what = `the subscriber ${one.function}`
  const from = topics.get(one.topic)
  if (from === undefined) return [missing(what, one.topic, where)]
  if (from.fifo) {
    const name = `on the FIFO topic ${from.name}`
    const mend =
      'SNS calls no function from a FIFO topic: subscribe a queue with `.to(queue)`, and give that a consumer.'
    return [bad('onMessage', what, `is ${name}`, mend, where)]
  }
  const other = deadLetter === undefined ? undefined : queues.get(deadLetter)
  if (deadLetter !== undefined && other === undefined) return [missing(what, deadLetter, where)]
  if (other?.fifo !== true) return []
  return [
    bad('deadLetter', what, `names ${other.name}, which is a FIFO queue`, 'Name a queue without `fifo: true`.', where),
  ]
}

// Source: Subscribe answers "FIFO SQS Queues can not be subscribed to standard SNS topics"; since 2023 the other way is allowed.
function checkSubscription(one: SubscriptionModel, topics: Known<TopicModel>, queues: Known<QueueModel>): Complaint[] {
  const { where } = one
  const what = `the subscription ${one.export}`
  const from = topics.get(one.topic)
  const to = queues.get(one.queue)
  if (from === undefined) return [missing(what, one.topic, where)]
  // A queue that is no handle has been complained of already.
  if (to === undefined) return one.queue === '' ? [] : [missing(what, one.queue, where)]
  if (!to.fifo || from.fifo) return []
  const problem = `is the FIFO queue ${to.name}, and the topic ${from.name} is no FIFO topic`
  return [bad('queue', what, problem, 'Give the topic `fifo: true`, or take a standard queue.', where)]
}

const missing = (what: string, name: string, where: Where): Complaint =>
  complaint('GOBLET_NO_RESOURCE', { what: capitalized(what), name }, where)

const bad = (option: string, what: string, problem: string, mend: string, where: Where): Complaint =>
  complaint('GOBLET_BAD_OPTION', { option, what, problem, mend }, where)
