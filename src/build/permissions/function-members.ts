// `call`, `apply`, `bind` and what else functions have.
import { type Atom, just, native, one, UNDEFINED, type Values } from './atoms.ts'
import { inOrder } from './elements.ts'
import { Thing } from './heap.ts'
import { argument, type Given, type Site } from './machine.ts'

export function functionMember(target: Atom, name: string | undefined, site: Site): Values {
  const behaviour = name === undefined ? undefined : METHODS[name]
  if (behaviour !== undefined) {
    const call = (handed: Given, at: Site): Values => behaviour(target, handed, at)
    return just(native(`${target.id}.${name}`, { call }))
  }
  if (target.kind !== 'function') return UNDEFINED
  const { statics } = target
  if (name === 'name') return one(target.node.id?.name ?? '')
  if (name === undefined) return statics.everything(site.unit)
  const own = statics.own(name, site.unit)
  if (own.size > 0) return own
  if (name !== 'prototype') return UNDEFINED
  const prototype = new Thing(`prototype:${target.id}`, 'plain')
  site.machine.put(statics.member('prototype'), just(prototype))
  return statics.own('prototype', site.unit)
}

// One that is bound again and again is as good as the last.
const MOST_BOUND = 4

const depthOf = (atom: Atom): number => (atom.kind === 'bound' ? depthOf(atom.target) + 1 : 0)

type Method = (target: Atom, handed: Given, site: Site) => Values

const METHODS: Readonly<Record<string, Method | undefined>> = Object.assign(Object.create(null), {
  call: (target: Atom, { list, rest }: Given, site: Site) =>
    site.machine.call(just(target), argument({ list, rest }, 0), { list: list.slice(1), rest }, site),
  apply: (target: Atom, handed: Given, site: Site) =>
    site.machine.call(just(target), argument(handed, 0), inOrder(argument(handed, 1), site), site),
  bind: (target: Atom, { list, rest }: Given) => {
    if (depthOf(target) >= MOST_BOUND) return just(target)
    const self = argument({ list, rest }, 0)
    const before = list.slice(1)
    const id = `${target.id}.bound(${[...self.keys()].join()};${before.map((held) => [...held.keys()].join()).join(';')})`
    return just({ kind: 'bound', id, target, self, before })
  },
})
