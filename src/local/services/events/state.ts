// What EventBridge keeps: buses, rules with their targets, archives and replays, and the keys they are under.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Clock } from '../../clock.ts'
import { ACCOUNT, type Mail, REGION } from '../../service.ts'
import { type Key, type Reader, type Store, under } from '../../store.ts'
import type { Compiled } from './matching.ts'
import { noBus, noRule } from './problems.ts'
import type { Timers } from './timers.ts'

export interface Bus {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly statements: readonly JsonObject[]
  readonly tags: Tags
  /** Description, KmsKeyIdentifier and DeadLetterConfig, as given. */
  readonly given: JsonObject
}

export type Tags = Readonly<Record<string, string>>

export interface Target extends JsonObject {
  readonly Id: string
  readonly Arn: string
}

export interface Rule {
  readonly bus: string
  readonly name: string
  readonly pattern?: string
  readonly schedule?: string
  readonly state: string
  readonly description?: string
  readonly role?: string
  readonly tags: Tags
  readonly targets: readonly Target[]
  /** A rate counts from here: when the schedule was given. */
  readonly since: number
  /** Made for the app's own triggers, and removed when the app has it no more. */
  readonly own: boolean
}

/** What the operations of EventBridge stand on. */
export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly mail: Mail
  /** The rules and archives of a bus that are asked at every event. */
  readonly compiled: Map<string, Compiled>
  readonly timers: Timers
}

export const DEFAULT = 'default'
const PREFIX = `arn:aws:events:${REGION}:${ACCOUNT}:`

export const busArn = (name: string): string => `${PREFIX}event-bus/${name}`
export const archiveArn = (name: string): string => `${PREFIX}archive/${name}`
export const replayArn = (name: string): string => `${PREFIX}replay/${name}`
export const ruleArn = ({ bus, name }: Pick<Rule, 'bus' | 'name'>): string =>
  `${PREFIX}rule/${bus === DEFAULT ? '' : `${bus}/`}${name}`

export const busKey = (name: string): Key => ['events', 'bus', name]
export const ruleKey = (bus: string, name: string): Key => ['events', 'rule', bus, name]

/** The name of a bus that is given by name or ARN. */
export function busName(given: string | undefined): string {
  if (given === undefined || given === '') return DEFAULT
  const name = given.startsWith('arn:') ? (given.split(':event-bus/')[1] ?? given) : given
  return name.slice(0, 300)
}

/** The bus, or undefined. The default one is always there. */
export function findBus(reader: Reader, name: string): Bus | undefined {
  const found = reader.get<Bus>(busKey(name))
  if (found !== undefined || name !== DEFAULT) return found
  return { name, created: 0, modified: 0, statements: [], tags: {}, given: {} }
}

export function busOf(reader: Reader, given: string | undefined): Bus {
  const name = busName(given)
  const found = findBus(reader, name)
  if (found === undefined) throw noBus(name)
  return found
}

export const findRule = (reader: Reader, bus: string, name: string): Rule | undefined =>
  reader.get<Rule>(ruleKey(bus, name.slice(0, 300)))

export function ruleOf(reader: Reader, bus: string | undefined, name: string): Rule {
  const { name: on } = busOf(reader, bus)
  const found = findRule(reader, on, name)
  if (found === undefined) throw noRule(name, on)
  return found
}

export function rulesOf(reader: Reader, bus: string): Rule[] {
  return [...reader.range<Rule>(under('events', 'rule', bus))].map(({ value }) => value)
}

/** Seconds since 1970, as the wire has times. */
export const toSeconds = (milliseconds: number): number => milliseconds / 1000
