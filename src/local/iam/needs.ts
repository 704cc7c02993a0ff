// What requests need, remembered: most requests of a function name the same few things again and again.
import { type Need, needsOf, type Place, sdkServices } from '../../aws/access.ts'
import { ACCOUNT, type Asked, REGION } from '../service.ts'
import { ALL, COUNT, toTold } from './input.ts'

const PLACE: Place = { partition: 'aws', region: REGION, account: ACCOUNT }
// Inputs of one operation. Keys of objects differ every time: they must not fill the memory.
const MOST = 512

interface Remembered {
  /** The members that were looked at when the first input was read. */
  readonly names: readonly string[]
  /** By the values of these members. */
  readonly needs: Map<string, readonly Need[]>
}

export class Needs {
  readonly #byOperation = new Map<string, Remembered>()

  /** What a request has to be allowed. */
  of(asked: Asked): readonly Need[] {
    const { client, operation, input } = asked
    const name = `${client} ${operation}`
    const remembered = this.#byOperation.get(name)
    const known = remembered === undefined ? undefined : keyOf(input, remembered.names)
    const found = known === undefined ? undefined : remembered?.needs.get(known)
    if (found !== undefined) return found
    const read = new Set<string>()
    const needs = work(asked, read)
    const names = remembered?.names ?? [...read]
    // Working it out looks at the same members as long as their values are the same: what it has not looked at makes no difference.
    const key = known ?? keyOf(input, names)
    if (key === undefined || read.has(ALL) || !isSame(read, names)) return needs
    const all = remembered?.needs ?? new Map<string, readonly Need[]>()
    if (remembered === undefined) this.#byOperation.set(name, { names, needs: all })
    if (all.size >= MOST) all.clear()
    all.set(key, needs)
    return needs
  }
}

// What the data do not know is not let through for that.
function work({ client, operation, input }: Asked, read: Set<string>): readonly Need[] {
  const value = toTold(input, (name) => read.add(name))
  const needs = needsOf({ service: client, name: operation }, value, PLACE)
  return needs ?? [{ action: `${sdkServices.get(client) ?? client}:${operation}`, resources: ['*'], exact: false }]
}

const isSame = (read: ReadonlySet<string>, names: readonly string[]): boolean =>
  read.size === names.length && names.every((name) => read.has(name))

/** Undefined where a member holds more than one value: comparing it would cost as much as working it out. */
function keyOf(input: Asked['input'], names: readonly string[]): string | undefined {
  let key = ''
  for (const name of names) {
    const value = name === COUNT ? Object.keys(input).length : Object.hasOwn(input, name) ? input[name] : undefined
    if (typeof value === 'object' && value !== null) return undefined
    // With its length, so that two members cannot be taken for two others.
    const text = String(value)
    key += `${typeof value} ${text.length} ${text}`
  }
  return key
}
