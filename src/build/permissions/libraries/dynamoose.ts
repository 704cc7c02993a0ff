// Dynamoose: models over DynamoDB tables. Source: dynamoosejs.com, Model and Table.
import { idOf } from '../ast.ts'
import { ANYTHING, type Atom, just, native, UNDEFINED, type Values } from '../atoms.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { withDefault } from '../patterns.ts'
import { truth } from '../values.ts'
import { askBy, structure } from './ask.ts'
import { chain } from './chain.ts'

const METHODS: Readonly<Record<string, string>> = {
  get: 'GetItem',
  create: 'PutItem',
  put: 'PutItem',
  update: 'UpdateItem',
  delete: 'DeleteItem',
  batchGet: 'BatchGetItem',
  batchPut: 'BatchWriteItem',
  batchDelete: 'BatchWriteItem',
}

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

/** What `dynamoose` exports. */
export function dynamoose(name: string): Values {
  if (name === '*' || name === 'default')
    return just(native('dynamoose', { read: (one) => (one === undefined ? ANYTHING : dynamoose(one)) }))
  if (name === 'model') return just(native('dynamoose.model', { call: (handed, site) => just(model(handed, site)) }))
  return chain(`dynamoose.${name}`)
}

function model(handed: Given, site: Site): Atom {
  const { machine } = site
  const id = `dynamoose:${idOf(site.node)}/${site.unit.id}`
  const options = handed.list.length > 2 ? argument(handed, 2) : UNDEFINED
  const table = withDefault(machine.read(options, ['tableName'], site), () => argument(handed, 0))
  // It makes its tables when it is first used, unless told not to.
  const makes = handed.list.length > 2 && truth(machine.read(options, ['create'], site)) === false
  const ask = (operation: string, index: Values | undefined, at: Site): void => {
    if (!makes)
      for (const one of ['DescribeTable', 'CreateTable']) askBy('dynamodb', one, { TableName: table }, new Map(), at)
    if (operation.startsWith('Batch')) {
      const requests = structure({}, `${idOf(at.node)}/${at.unit.id}:requests`, at)
      const names = [...table.values()].map((atom) => (atom.kind === 'known' ? String(atom.value) : undefined))
      at.machine.write(just(requests), names, ANYTHING, at)
      askBy('dynamodb', operation, { RequestItems: just(requests) }, new Map(), at)
    } else askBy('dynamodb', operation, { TableName: table, IndexName: index }, new Map(), at)
  }
  return machine.once(id, () => modelAtom(id, ask), isAtom)
}

type Ask = (operation: string, index: Values | undefined, site: Site) => void

function modelAtom(id: string, ask: Ask): Atom {
  const transaction = just(native(`${id}.transaction`, { read: (name) => member(id, name, ask) }))
  const item = just(
    native(`${id}.item`, {
      read: (name) => {
        const operation = name === 'save' ? 'PutItem' : name === 'delete' ? 'DeleteItem' : undefined
        if (operation === undefined) return ANYTHING
        return just(native(`${id}.item.${name}`, { call: (_, site) => done(ask, operation, site) }))
      },
    }),
  )
  return native(id, {
    construct: () => item,
    read: (name) => (name === 'transaction' ? transaction : member(id, name, ask)),
  })
}

function done(ask: Ask, operation: string, site: Site): Values {
  ask(operation, undefined, site)
  return ANYTHING
}

function member(id: string, name: string | undefined, ask: Ask): Values {
  if (name === 'query' || name === 'scan') {
    const operation = name === 'query' ? 'Query' : 'Scan'
    // The table, unless an index is named on the way.
    const on = (method: string, handed: Given, site: Site): void => {
      if (method === 'using') ask(operation, argument(handed, 0), site)
      else if (method === 'exec' || method === 'all') ask(operation, undefined, site)
    }
    return just(native(`${id}.${name}`, { call: () => chain(`${id}.${name}:chain`, on) }))
  }
  const operation = name === undefined ? undefined : METHODS[name]
  if (operation === undefined) return ANYTHING
  const call = (_: Given, site: Site): Values => {
    ask(operation, undefined, site)
    return chain(`${id}.${name}:made`)
  }
  return just(native(`${id}.${name}`, { call }))
}
