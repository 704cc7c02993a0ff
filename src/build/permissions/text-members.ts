// The methods of texts (and numbers), computed where everything is known.
import { ANYTHING, type Atom, just, native, one, type Primitive, type Values } from './atoms.ts'
import { listInOrder, listOf } from './elements.ts'
import { argument, type Given, type Site } from './machine.ts'
import { compute, concatenate } from './values.ts'

// What gives a text, a number or a boolean, and takes no function.
const PLAIN = new Set([
  'toString',
  'toUpperCase',
  'toLowerCase',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
  'trim',
  'trimStart',
  'trimEnd',
  'slice',
  'substring',
  'substr',
  'replace',
  'replaceAll',
  'padStart',
  'padEnd',
  'repeat',
  'charAt',
  'at',
  'startsWith',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'normalize',
  'toFixed',
  'valueOf',
])

export function textMember(target: Atom, name: string | undefined): Values {
  if (name === undefined) return ANYTHING
  if (target.kind === 'known' && typeof target.value === 'string') {
    if (name === 'length') return one(target.value.length)
    if (/^\d+$/.test(name)) return one(target.value[Number(name)])
  }
  if (name === 'concat')
    return just(native(`${target.id}.concat`, { call: ({ list }) => concatenate([just(target), ...list]) }))
  if (name === 'split') return just(native(`${target.id}.split`, { call: (handed, at) => split(target, handed, at) }))
  if (!PLAIN.has(name)) return ANYTHING
  return just(native(`${target.id}.${name}`, { call: (handed) => plain(target, name, handed) }))
}

function plain(target: Atom, name: string, { list, rest }: Given): Values {
  if (target.kind !== 'known') return name === 'toString' || name === 'trim' ? just(target) : ANYTHING
  if (rest.size > 0) return ANYTHING
  return compute([just(target), ...list], (text, ...others) => {
    const method: unknown = Reflect.get(Object(text), name)
    const result: unknown = typeof method === 'function' ? Reflect.apply(method, text, others) : undefined
    if (isPrimitive(result)) return result
    throw new TypeError(`${name} gives no text`)
  })
}

const isPrimitive = (value: unknown): value is Primitive =>
  value === null || value === undefined || ['string', 'number', 'boolean'].includes(typeof value)

function split(target: Atom, handed: Given, site: Site): Values {
  const [only] = argument(handed, 0).values()
  if (target.kind !== 'known' || only?.kind !== 'known' || handed.list.length > 1)
    return listOf(ANYTHING, 'split', site)
  const parts = String(target.value).split(String(only.value))
  return listInOrder(
    parts.slice(0, 64).map((part) => one(part)),
    new Map(),
    `split:${target.id}`,
    site,
  )
}
