// What 'goblet' exports: factories of handles and functions, as far as permissions go.
import { idOf } from '../ast.ts'
import { ANYTHING, type Atom, just, NOTHING, native, one, unknown, type Values } from '../atoms.ts'
import { Cell } from '../heap.ts'
import { argument, type Given, given, type Site } from '../machine.ts'
import type { DeclarationTag } from '../tags.ts'
import { certain } from '../values.ts'
import { handleMember } from './handles.ts'

const HANDLES = new Set(['bucket', 'queue', 'topic', 'table', 'stream', 'bus', 'secret', 'param', 'websocket'])
const DECLARATIONS = new Set(['app', 'route', 'group', 'schedule', 'lambda', 'authorizer', 'mount'])

/** An export of 'goblet'. */
export function gobletExport(name: string): Values {
  if (name === '*' || name === 'default')
    return just(native('goblet', { read: (one) => (one === undefined ? ANYTHING : gobletExport(one)) }))
  if (HANDLES.has(name))
    return just(native(`goblet.${name}`, { call: (handed, site) => makeHandle(name, handed, site) }))
  if (DECLARATIONS.has(name))
    return just(native(`goblet.${name}`, { call: (handed, site) => declare(name, handed, undefined, site) }))
  if (name === 'raw') return just(native('goblet.raw', { call: (handed, site) => rawHandler(handed, site) }))
  const quiet = (): Values => ANYTHING
  return just(native(`goblet.${name}`, { call: quiet, construct: quiet, read: quiet }))
}

// Whatever the trigger gives to handlers of its own, this one gets the event.
function rawHandler(handed: Given, { machine, node, unit }: Site): Values {
  const id = `raw:${idOf(node)}/${unit.id}`
  const held = machine.once(`${id}.held`, () => new Cell(), isCell)
  machine.put(held, argument(handed, 0))
  const call = (_: Given, at: Site): Values =>
    machine.call(held.see(at.unit), NOTHING, given(just(unknown('event')), ANYTHING, ANYTHING), at)
  return just(machine.once(id, () => native(id, { call }), isAtom))
}

const isCell = (value: unknown): value is Cell => value instanceof Cell

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

function makeHandle(kind: string, handed: Given, site: Site): Values {
  const { machine, node, unit } = site
  const given = handed.list.length === 0 && kind === 'bus' ? one('default') : argument(handed, 0)
  const value = certain(given)?.value
  const name = typeof value === 'string' ? value : undefined
  const id = `handle:${kind}:${name ?? `${idOf(node)}/${unit.id}`}`
  return just(
    machine.once(
      id,
      () => {
        const handle: Atom = native(id, {
          tag: { type: 'handle', kind, name },
          read: (member, at) => {
            if (member !== undefined && /^(?:on(?:[A-Z]\w*)?|to|route)$/.test(member))
              return just(
                native(`${id}.${member}`, {
                  call: (given, now) => declare(`${kind}.${member}`, given, just(handle), now),
                }),
              )
            return handleMember(kind, name, member, at)
          },
        })
        return handle
      },
      isAtom,
    ),
  )
}

/** A declaration: what it was called with is what is looked at when its function is. */
export function declare(factory: string, { list, rest }: Given, source: Values | undefined, site: Site): Values {
  const { machine, node, unit } = site
  const id = `declaration:${factory}:${idOf(node)}/${unit.id}`
  const atom = machine.once(
    id,
    () => {
      const tag: DeclarationTag = { type: 'declaration', factory, source, arguments: list.map(() => new Cell()) }
      const read = (member: string | undefined, at: Site): Values =>
        factory === 'lambda' ? handleMember('lambda', machine.identities.get(`!${id}`), member, at) : ANYTHING
      return native(id, { tag, read })
    },
    isAtom,
  )
  if (atom.kind === 'native' && atom.tag?.type === 'declaration')
    atom.tag.arguments.forEach((cell, index) => {
      machine.put(cell, list[index] ?? rest)
    })
  return just(atom)
}
