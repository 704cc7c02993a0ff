// Builders: whatever is asked of them gives them back, until their answer is awaited.
import { ANYTHING, type Atom, just, native, type Values } from '../atoms.ts'
import type { Given, Site } from '../machine.ts'

/** A value whose methods give itself. `on`: what is told of a method that is called. */
export function chain(id: string, on: (method: string, handed: Given, site: Site) => void = () => {}): Values {
  const self: Atom = native(id, {
    read: (name) => {
      if (name === undefined || RESULTS.has(name)) return ANYTHING
      return just(
        native(`${id}.${name}`, {
          read: () => just(self),
          call: (handed, site) => {
            on(name, handed, site)
            return just(self)
          },
        }),
      )
    },
    call: () => just(self),
  })
  return just(self)
}

// What answers have, of which nothing more is known.
const RESULTS = new Set([
  'data',
  'Item',
  'Items',
  'Attributes',
  'cursor',
  'unprocessed',
  'lastKey',
  'count',
  'Responses',
])
