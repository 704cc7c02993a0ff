// What a kind needs to know besides the thing it reads: the app's options, the groups around it, the authorizers, AWS's grammars.
import type { Complaint, Where } from '../errors.ts'
import type { DescribedFunction, DescribedGroup, Options, Plain } from './describe.ts'
import type { TriggerKind } from './kinds.ts'
import type { ApiModel, FilterScope, JsonObject, TriggerModel } from './model.ts'
import type { Rules } from './options.ts'

/** AWS's own grammars, which this room may not know. */
export interface Grammar {
  /** What is wrong with a schedule expression (`has 5 fields …`), or undefined. */
  schedule(expression: string): string | undefined
  /** What is wrong with the filter of an event source (`source`), a rule's pattern (`event`) or a filter policy of SNS, or undefined. */
  pattern(pattern: JsonObject, dialect: 'source' | 'event' | FilterScope): string | undefined
}

export interface Reading {
  /** Those of the stage laid over them. */
  readonly app: Options
  /** Where the app is declared. */
  readonly where: Where
  readonly door: ApiModel['door']
  readonly groups: ReadonlyMap<string, DescribedGroup>
  /** By export. */
  readonly authorizers: ReadonlyMap<string, DescribedFunction>
  readonly grammar: Grammar
}

/** The function that wakes for a trigger. */
export interface Owner {
  readonly name: string
  /** What owns it, as people call it: two owners of one name are a mistake. */
  readonly identity: string
  readonly where: Where
  readonly options: Options
}

/** How one kind of trigger is read. */
export interface TriggerReader {
  rules(described: DescribedFunction): Rules
  owner(described: DescribedFunction, reading: Reading): Owner
  read(
    described: DescribedFunction,
    name: string,
    reading: Reading,
  ): { triggers: readonly TriggerModel[]; complaints: readonly Complaint[] }
}

const TITLES = {
  http: 'route',
  queue: 'consumer',
  topic: 'subscriber',
  bucket: 'bucket trigger',
  table: 'table trigger',
  stream: 'stream consumer',
  bus: 'rule',
  schedule: 'schedule',
  websocket: 'websocket route',
  lambda: 'lambda',
  authorizer: 'authorizer',
} satisfies Record<TriggerKind, string>

/** How a person calls a function's declaration. */
export const called = ({ trigger, export: name, mounted }: Called): string =>
  `the ${mounted === undefined ? TITLES[trigger] : 'mount'} ${name}`

type Called = Pick<DescribedFunction, 'trigger' | 'export' | 'mounted'>

/** The groups around a function, outermost first. */
export const groupsOf = ({ groups = [] }: DescribedFunction, reading: Reading): DescribedGroup[] =>
  groups.flatMap((name) => reading.groups.get(name) ?? [])

/** What an option is for a route: its own, else that of the innermost group that has it, else the app's. */
export function inherited(described: DescribedFunction, option: string, reading: Reading): Inherited | undefined {
  const own = described.options[option]
  if (own !== undefined) return { value: own, level: 'route' }
  const group = groupsOf(described, reading).findLast(({ options }) => options[option] !== undefined)
  const value = group?.options[option]
  if (value !== undefined) return { value, level: 'group' }
  const ofApp = reading.app[option]
  return ofApp === undefined ? undefined : { value: ofApp, level: 'app' }
}

export interface Inherited {
  readonly value: Plain
  readonly level: 'route' | 'group' | 'app'
}
