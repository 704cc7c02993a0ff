// ElectroDB: entities and services over one DynamoDB table. Source: electrodb.dev, queries and mutations.
import { idOf } from '../ast.ts'
import { ANYTHING, type Atom, just, NOTHING, native, type Values } from '../atoms.ts'
import { entriesOf } from '../elements.ts'
import { Thing } from '../heap.ts'
import { argument, type Given, given, type Site } from '../machine.ts'
import { join } from '../values.ts'
import { askBy } from './ask.ts'
import { chain } from './chain.ts'

// One item, then many at once.
const SINGLE: Readonly<Record<string, readonly [string, string?]>> = {
  get: ['GetItem', 'BatchGetItem'],
  put: ['PutItem', 'BatchWriteItem'],
  create: ['PutItem'],
  upsert: ['UpdateItem'],
  update: ['UpdateItem'],
  patch: ['UpdateItem'],
  delete: ['DeleteItem', 'BatchWriteItem'],
  remove: ['DeleteItem'],
  check: ['ConditionCheckItem'],
}

interface Entity {
  readonly table: Values
  readonly client: Values
  /** The table's indexes by the names that the entity gives them. */
  readonly indexes: readonly (readonly [Values, Values])[]
}

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

/** What `electrodb` exports. */
export function electrodb(name: string): Values {
  if (name === 'Entity')
    return just(native('electrodb.Entity', { construct: (handed, site) => just(entity(handed, site)) }))
  if (name === 'Service') return just(native('electrodb.Service', { construct: service }))
  return just(native(`electrodb.${name}`, { call: () => ANYTHING, construct: () => ANYTHING, read: () => ANYTHING }))
}

function read(schema: Values, options: Values, site: Site): Entity {
  const { machine } = site
  const table = join(machine.read(options, ['table'], site), machine.read(schema, ['table'], site))
  const indexes = entriesOf(machine.read(schema, ['indexes'], site), site).map(
    ([key, held]) => [key, machine.read(held, ['index'], site)] as const,
  )
  return { table, client: machine.read(options, ['client'], site), indexes }
}

function entity(handed: Given, site: Site): Atom {
  const id = `electrodb:${idOf(site.node)}/${site.unit.id}`
  const found = read(argument(handed, 0), argument(handed, 1), site)
  return site.machine.once(
    id,
    () =>
      native(id, {
        read: (name) => {
          if (name === 'query') return just(native(`${id}.query`, { read: (index) => just(queried(id, found, index)) }))
          if (name === 'scan' || name === 'find' || name === 'match') return just(searching(id, found, name))
          const operations = name === undefined ? undefined : SINGLE[name]
          return operations === undefined ? ANYTHING : just(asking(`${id}.${name}`, found, operations))
        },
      }),
    isAtom,
  )
}

function asking(id: string, { table, client }: Entity, [single, batch]: readonly [string, string?]): Atom {
  return native(id, {
    call: (handed, site) => {
      const isList = [...argument(handed, 0).values()].some((atom) => atom instanceof Thing && atom.shape === 'array')
      if (isList && batch !== undefined) askBy('dynamodb', batch, { RequestItems: batched(table, site) }, client, site)
      else if (single === 'ConditionCheckItem') {
        askBy('dynamodb', 'TransactWriteItems', { TransactItems: ANYTHING }, client, site)
      } else askBy('dynamodb', single, { TableName: table }, client, site)
      return chain(`${id}:chain`)
    },
  })
}

function batched(table: Values, site: Site): Values {
  const thing = new Thing(`batch:${idOf(site.node)}/${site.unit.id}`, 'plain')
  const kept = site.machine.once(thing.id, () => thing, isThing)
  site.machine.write(
    just(kept),
    [...table.values()].map((atom) => (atom.kind === 'known' ? String(atom.value) : undefined)),
    ANYTHING,
    site,
  )
  return just(kept)
}

const isThing = (value: unknown): value is Thing => value instanceof Thing

function queried(id: string, { table, client, indexes }: Entity, name: string | undefined): Atom {
  const meant = indexes.filter(
    ([key]) => name === undefined || [...key.values()].some((atom) => atom.kind === 'known' && atom.value === name),
  )
  return native(`${id}.query.${name ?? '*'}`, {
    call: (_, site) => {
      for (const [, index] of meant) askBy('dynamodb', 'Query', { TableName: table, IndexName: index }, client, site)
      if (meant.length === 0) askBy('dynamodb', 'Query', { TableName: table }, client, site)
      return chain(`${id}:queried`)
    },
  })
}

// `find` and `match` choose an index by what they are given, and scan where none fits.
function searching(id: string, { table, client, indexes }: Entity, name: string): Atom {
  const search = (site: Site): void => {
    if (name !== 'scan')
      for (const [, index] of indexes) askBy('dynamodb', 'Query', { TableName: table, IndexName: index }, client, site)
    askBy('dynamodb', 'Scan', { TableName: table }, client, site)
  }
  // `scan` is no method, but what its methods begin with.
  const begun = (method: string, _: Given, site: Site): void => {
    if (name === 'scan' && (method === 'go' || method === 'where')) search(site)
  }
  const [scan] = chain(`${id}:${name}`, begun).values()
  if (name === 'scan' && scan !== undefined) return scan
  return native(`${id}.${name}`, {
    call: (_, site) => {
      search(site)
      return chain(`${id}:${name}:found`)
    },
  })
}

function service(handed: Given, site: Site): Values {
  const { machine } = site
  const id = `electrodb-service:${idOf(site.node)}/${site.unit.id}`
  const entities = argument(handed, 0)
  const { table, client } = read(NOTHING, argument(handed, 1), site)
  const shared: Entity = { table, client, indexes: [[ANYTHING, ANYTHING]] }
  const made = machine.once(
    id,
    () =>
      native(id, {
        read: (name) => {
          if (name === 'entities') return entities
          if (name === 'collections')
            return just(native(`${id}.collections`, { read: () => just(queried(id, shared, undefined)) }))
          if (name !== 'transaction') return ANYTHING
          // Each write of a transaction is allowed as it would be by itself.
          const call = (work: Given, at: Site): Values => {
            at.machine.call(argument(work, 0), NOTHING, given(entities), at)
            return chain(`${id}:transaction`)
          }
          return just(native(`${id}.transaction`, { read: () => just(native(`${id}.transact`, { call })) }))
        },
      }),
    isAtom,
  )
  return just(made)
}
