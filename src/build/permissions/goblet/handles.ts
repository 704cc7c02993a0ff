// Handles: what they are called on AWS, and what their methods ask for.
import { idOf } from '../ast.ts'
import { ANYTHING, just, NOTHING, native, one, unknown, type Values } from '../atoms.ts'
import { Thing } from '../heap.ts'
import type { Given, Machine, Site } from '../machine.ts'
import { METHODS, type Structure } from './methods.ts'

/** What a thing of the app is on AWS. */
export interface Identity {
  readonly name: string
  readonly arn: string
  readonly url: string | undefined
  readonly versioned: boolean
}

/** A member of a handle. */
export function handleMember(kind: string, name: string | undefined, member: string | undefined, site: Site): Values {
  const identity =
    name === undefined ? undefined : site.machine.surroundings.identity(kind === 'changed' ? 'bucket' : kind, name)
  if (member === 'name') return identity === undefined ? ANYTHING : one(identity.name)
  if (member === 'arn') return identity === undefined ? ANYTHING : one(identity.arn)
  // A WebSocket API's is where clients connect, which no operation is told.
  if (member === 'url' && kind === 'websocket') return ANYTHING
  if (member === 'url' && kind !== 'bucket') return identity?.url === undefined ? ANYTHING : one(identity.url)
  const methods = METHODS[kind] ?? {}
  if (member !== undefined && !Object.hasOwn(methods, member)) return ANYTHING
  const call = (handed: Given, at: Site): Values => {
    // A method chosen by data may be any of them: that is not granted, but told.
    if (member === undefined)
      at.machine.facts.operation(
        { service: `the ${kind}`, operation: undefined, input: NOTHING, client: undefined },
        at,
      )
    else askFor(kind, member, identity, handed, at)
    return just(unknown('answer', `goblet.${kind}`))
  }
  return just(native(`handle:${kind}:${name ?? '*'}.${member ?? '*'}`, { call }))
}

function askFor(kind: string, method: string, identity: Identity | undefined, handed: Given, site: Site): void {
  const operations = METHODS[kind]?.[method]?.({ identity, handed, site }) ?? []
  operations.forEach(({ service, name, input }, index) => {
    const values = structure(input, `${idOf(site.node)}/${site.unit.id}:${name}${index}`, site.machine)
    site.machine.facts.operation({ service, operation: name, input: values, client: undefined }, site)
  })
}

/** An input as an object of the engine's. */
function structure(given: Structure, id: string, machine: Machine): Values {
  if (given instanceof Map) return given
  const isList = Array.isArray(given)
  const thing = machine.once(`input:${id}`, () => new Thing(`input:${id}`, isList ? 'array' : 'plain'), isThing)
  for (const [name, held] of Object.entries(given)) {
    machine.enter(thing, name, structure(held, `${id}.${name}`, machine))
  }
  return just(thing)
}

const isThing = (value: unknown): value is Thing => value instanceof Thing
