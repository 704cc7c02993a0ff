// Makes, shows, changes and removes rules.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { scheduleProblem } from '../../../aws/schedule.ts'
import { ACCOUNT } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { breaches, check, NAME, requiredText, textOf } from './input.ts'
import { forget, readPattern } from './matching.ts'
import { toPage } from './pages.ts'
import { invalid } from './problems.ts'
import { busName, busOf, DEFAULT, findRule, type Room, type Rule, ruleArn, ruleKey, ruleOf, rulesOf } from './state.ts'
import { readTags } from './tags.ts'
import { arm, disarm } from './timers.ts'

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']

/** Keeps a rule, and has what depends on it read anew. */
export function keepRule(room: Room, writer: Writer, rule: Rule): void {
  writer.put(ruleKey(rule.bus, rule.name), rule)
  forget(room, writer, rule.bus)
  writer.after(() => arm(room, rule))
}

export function dropRule(room: Room, writer: Writer, rule: Rule): void {
  writer.remove(ruleKey(rule.bus, rule.name))
  forget(room, writer, rule.bus)
  writer.after(() => disarm(room, rule))
}

export async function putRule(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'Name')
  const pattern = textOf(input, 'EventPattern')
  const schedule = textOf(input, 'ScheduleExpression')
  const description = textOf(input, 'Description')
  const role = textOf(input, 'RoleArn')
  const state = textOf(input, 'State') ?? 'ENABLED'
  check([...breaches('state', state, { among: STATES }), ...breaches('description', description, { most: 512 })])
  const tags = readTags(input)
  return room.store.commit((writer) => {
    const { name: bus } = busOf(writer, textOf(input, 'EventBusName'))
    checkWhen(pattern, schedule, bus)
    const there = findRule(writer, bus, name)
    const isSameSchedule = there !== undefined && there.schedule === schedule
    const rule: Rule = {
      bus,
      name,
      ...(pattern === undefined ? {} : { pattern }),
      ...(schedule === undefined ? {} : { schedule }),
      state,
      ...(description === undefined ? {} : { description }),
      ...(role === undefined ? {} : { role }),
      // Source: API reference: of a rule that is there already, the tags given are ignored.
      tags: there?.tags ?? tags,
      targets: there?.targets ?? [],
      since: isSameSchedule ? there.since : room.clock.now(),
      own: false,
    }
    keepRule(room, writer, rule)
    return { RuleArn: ruleArn(rule) }
  })
}

// Recorded words; the order is theirs too.
function checkWhen(pattern: string | undefined, schedule: string | undefined, bus: string): void {
  const isEmpty = (text: string | undefined): boolean => text === undefined || text === ''
  if (isEmpty(pattern) && isEmpty(schedule))
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  if (schedule !== undefined && bus !== DEFAULT)
    throw invalid('ScheduleExpression is supported only on the default event bus.')
  if (schedule !== undefined && scheduleProblem(schedule) !== undefined)
    throw invalid('Parameter ScheduleExpression is not valid.')
  if (pattern !== undefined) readPattern(pattern)
}

export async function deleteRule(room: Room, input: JsonObject): Promise<undefined> {
  const name = requiredText(input, 'Name')
  await room.store.commit((writer) => {
    const bus = busName(textOf(input, 'EventBusName'))
    const rule = findRule(writer, bus, name)
    if (rule === undefined) return
    if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.")
    dropRule(room, writer, rule)
  })
}

export async function describeRule({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const rule = ruleOf(store, textOf(input, 'EventBusName'), requiredText(input, 'Name'))
  return { ...toListed(rule), CreatedBy: ACCOUNT }
}

export async function listRules({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const { name: bus } = busOf(store, textOf(input, 'EventBusName'))
  const prefix = textOf(input, 'NamePrefix') ?? ''
  const { page, next } = toPage(
    rulesOf(store, bus).filter(({ name }) => name.startsWith(prefix)),
    ({ name }) => name,
    input,
  )
  return { ...next, Rules: page.map(toListed) }
}

export async function listRuleNamesByTarget({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const target = requiredText(input, 'TargetArn', { required: true, least: 1, most: 1600 })
  const { name: bus } = busOf(store, textOf(input, 'EventBusName'))
  const found = rulesOf(store, bus).filter(({ targets }) => targets.some(({ Arn }) => Arn === target))
  const { page, next } = toPage(found, ({ name }) => name, input)
  return { ...next, RuleNames: page.map(({ name }) => name) }
}

const toListed = (rule: Rule): JsonObject => ({
  Name: rule.name,
  Arn: ruleArn(rule),
  EventPattern: rule.pattern,
  State: rule.state,
  Description: rule.description,
  ScheduleExpression: rule.schedule,
  RoleArn: rule.role,
  EventBusName: rule.bus,
})

export const enableRule = (room: Room, input: JsonObject): Promise<undefined> => toState(room, input, 'ENABLED')
export const disableRule = (room: Room, input: JsonObject): Promise<undefined> => toState(room, input, 'DISABLED')

async function toState(room: Room, input: JsonObject, state: string): Promise<undefined> {
  const name = requiredText(input, 'Name', NAME)
  await room.store.commit((writer) => {
    keepRule(room, writer, { ...ruleOf(writer, textOf(input, 'EventBusName'), name), state })
  })
}
