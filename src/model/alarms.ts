// `alarms`: when CloudWatch shall say that a function fails, and to whom.
import { type Complaint, complaint } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import { handleOf } from './destinations.ts'
import type { FunctionModel } from './model.ts'
import { isObject, numberOf, type Rule, show, textOf, whole } from './options.ts'
import type { ResourceModel } from './resources.ts'

/** Alarms of one function, on the sums of Lambda's metrics. Missing data is no alarm. */
export interface AlarmsModel {
  /** So many failed invocations within the minutes; undefined: no such alarm. */
  readonly errors: number | undefined
  /** So many refused ones; undefined: no such alarm. */
  readonly throttles: number | undefined
  readonly minutes: number
  /** The declared name of the topic that is told, when it begins and when it is over; undefined: nobody is. */
  readonly topic: string | undefined
}

const count: Rule = (value) => (value === false ? undefined : whole(1, 1_000_000_000, 'invocations, or false')(value))

const MEMBERS: Readonly<Record<string, Rule>> = {
  errors: count,
  throttles: count,
  // Source: PutMetricAlarm: a period is whole minutes, a day at most.
  minutes: whole(1, 1440, 'minutes'),
  topic: handleOf('topic'),
}

export const alarms: Rule = (value) => {
  const mend = 'Write true, or { errors: 5, throttles: false, minutes: 5, topic: alerts }; each part may be left out.'
  if (typeof value === 'boolean') return undefined
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  for (const [name, part] of Object.entries(value)) {
    const rule = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined
    if (rule === undefined) return { problem: `has no part \`${name}\``, mend }
    const wrong = rule(part)
    if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

/** A declaration's alarms; parts that it does not name are those of the app. */
export function toAlarms(app: Options, own: Options): AlarmsModel | undefined {
  const [ofApp, ofOwn] = [app.alarms, own.alarms]
  const value = ofOwn ?? ofApp
  if (value === undefined || value === false) return undefined
  const all: Options = { ...partsOf(ofApp), ...partsOf(ofOwn) }
  const topic = isObject(all.topic) ? textOf(all.topic, 'name', '') : undefined
  return {
    errors: all.errors === false ? undefined : numberOf(all, 'errors', 1),
    throttles: all.throttles === false ? undefined : numberOf(all, 'throttles', 1),
    minutes: numberOf(all, 'minutes', 5),
    topic,
  }
}

const partsOf = (value: Plain | undefined): Options => (isObject(value) ? value : {})

/** Complains, once for each, of topics that the app does not export, and of those that CloudWatch cannot tell. */
export function settleAlarms(functions: readonly FunctionModel[], resources: readonly ResourceModel[]): Complaint[] {
  const told = new Set<string>()
  return functions.flatMap(({ name, alarms: of, where }) => {
    const topic = of?.topic
    if (topic === undefined || told.has(topic)) return []
    told.add(topic)
    const what = `the function ${name}`
    const found = resources.find((one) => one.kind === 'topic' && one.name === topic)
    if (found === undefined)
      return [complaint('GOBLET_NO_RESOURCE', { what: `An alarm of ${what}`, name: topic }, where)]
    // Source: Publish: a FIFO topic takes nothing without a MessageGroupId, and CloudWatch gives none.
    if (found.kind !== 'topic' || !found.fifo) return []
    const problem = `names ${topic}, which is a FIFO topic`
    const mend = 'Name a topic without `fifo: true`: CloudWatch tells no other.'
    return [complaint('GOBLET_BAD_OPTION', { option: 'alarms', what, problem, mend }, where)]
  })
}
