// How a library that is known asks for an operation: with an input that is put together here, by its client.
import { idOf } from '../ast.ts'
import { just, type Values } from '../atoms.ts'
import { asClients } from '../facts.ts'
import { Thing } from '../heap.ts'
import type { Site } from '../machine.ts'

export type Fields = Readonly<Record<string, Values | undefined>>

const isThing = (value: unknown): value is Thing => value instanceof Thing

/** Tells of an operation. `clients`: what the library was given to send it by; nothing of the kind, its own. */
export function askBy(service: string, operation: string, fields: Fields, clients: Values, site: Site): void {
  const { machine, node, unit } = site
  const tags = asClients(clients, unit)
  const input = just(structure(fields, `${service}.${operation}:${idOf(node)}/${unit.id}`, site))
  for (const client of tags.length === 0 ? [undefined] : tags)
    machine.facts.operation({ service, operation, input, client }, site)
}

/** An object of these members. */
export function structure(fields: Fields, id: string, { machine }: Site): Thing {
  const thing = machine.once(`asked:${id}`, () => new Thing(`asked:${id}`, 'plain'), isThing)
  for (const [name, values] of Object.entries(fields)) {
    if (values === undefined) continue
    machine.enter(thing, name, values)
  }
  return thing
}
