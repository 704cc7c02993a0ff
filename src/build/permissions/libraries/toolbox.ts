// dynamodb-toolbox: tables and entities, asked by actions (version 1 and 2) or by methods (before). Source: dynamodbtoolbox.com.
import { idOf } from '../ast.ts'
import { ANYTHING, type Atom, just, native, type Values } from '../atoms.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { isAbsent, join } from '../values.ts'
import { askBy, structure } from './ask.ts'
import { chain } from './chain.ts'

/** What an action asks for. A transaction's parts are allowed as they would be by themselves. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetItemCommand: 'GetItem',
  PutItemCommand: 'PutItem',
  UpdateItemCommand: 'UpdateItem',
  UpdateAttributesCommand: 'UpdateItem',
  DeleteItemCommand: 'DeleteItem',
  QueryCommand: 'Query',
  ScanCommand: 'Scan',
  BatchGetRequest: 'BatchGetItem',
  BatchPutRequest: 'BatchWriteItem',
  BatchDeleteRequest: 'BatchWriteItem',
  GetTransaction: 'GetItem',
  PutTransaction: 'PutItem',
  UpdateTransaction: 'UpdateItem',
  DeleteTransaction: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
}

/** The methods of version 0. */
const METHODS: Readonly<Record<string, string>> = {
  get: 'GetItem',
  put: 'PutItem',
  update: 'UpdateItem',
  delete: 'DeleteItem',
  query: 'Query',
  scan: 'Scan',
  getBatch: 'BatchGetItem',
  putBatch: 'BatchWriteItem',
  deleteBatch: 'BatchWriteItem',
}

interface Table {
  readonly name: Values
  readonly client: Values
}

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

/** What `dynamodb-toolbox` and its parts export. */
export function toolbox(name: string): Values {
  if (name === 'Table' || name === 'Entity')
    return just(native(`toolbox.${name}`, { construct: (handed, site) => just(made(name, handed, site)) }))
  const action = ACTIONS[name]
  if (action !== undefined) return just(native(`toolbox.${name}`, { tag: { type: 'library', what: name, given: [] } }))
  return chain(`toolbox.${name}`)
}

function made(what: 'Table' | 'Entity', handed: Given, site: Site): Atom {
  const { machine } = site
  const options = argument(handed, 0)
  const id = `toolbox:${what}:${idOf(site.node)}/${site.unit.id}`
  const read = (name: string, from = options): Values => machine.read(from, [name], site)
  const table: Table =
    what === 'Table'
      ? { name: called(read('name'), site), client: join(read('documentClient'), read('DocumentClient')) }
      : { name: read('$name', read('table')), client: read('$client', read('table')) }
  return machine.once(id, () => native(id, { read: (name) => member(id, name, table) }), isAtom)
}

// A table's name may be a function that gives it.
function called(name: Values, site: Site): Values {
  const isFunction = [...name.values()].some(({ kind }) => kind === 'function')
  return isFunction ? site.machine.call(name, new Map(), { list: [], rest: new Map() }, site) : name
}

function member(id: string, name: string | undefined, table: Table): Values {
  if (name === '$name') return table.name
  if (name === '$client') return table.client
  if (name === 'build') return just(native(`${id}.build`, { call: (handed, site) => build(id, handed, table, site) }))
  const operation = name === undefined ? undefined : METHODS[name]
  if (operation === undefined) return ANYTHING
  return just(
    native(`${id}.${name}`, {
      call: (handed, site) => {
        askFor(operation, table, site.machine.read(argument(handed, 1), ['index'], site), site)
        return chain(`${id}.${name}:chain`)
      },
    }),
  )
}

function build(id: string, handed: Given, table: Table, site: Site): Values {
  let all: Values = new Map()
  for (const atom of argument(handed, 0).values()) {
    const what = atom.kind === 'native' && atom.tag?.type === 'library' ? atom.tag.what : undefined
    const operation = what === undefined ? undefined : ACTIONS[what]
    if (operation === undefined) continue
    if (operation !== 'Query' && operation !== 'Scan') askFor(operation, table, new Map(), site)
    // Which index is meant is told by what is called next.
    const on = (method: string, given: Given, at: Site): void => {
      const key = method === 'query' ? 'index' : method === 'options' && operation === 'Scan' ? 'indexName' : undefined
      if (key !== undefined) askFor(operation, table, at.machine.read(argument(given, 0), [key], at), at)
      else if (operation === 'Scan' && method === 'send') askFor(operation, table, new Map(), at)
    }
    all = join(all, chain(`${id}.build:${what}:${idOf(site.node)}/${site.unit.id}`, on))
  }
  return all.size === 0 ? chain(`${id}.build`) : all
}

function askFor(operation: string, { name, client }: Table, index: Values, site: Site): void {
  const isIndexed = [...index.values()].some((atom) => !isAbsent(atom))
  if (operation === 'ConditionCheck') {
    const at = `${idOf(site.node)}/${site.unit.id}`
    const check = structure({ ConditionCheck: just(structure({ TableName: name }, `${at}:check`, site)) }, at, site)
    const items = structure({ 0: just(check) }, `${at}:items`, site)
    askBy('dynamodb', 'TransactWriteItems', { TransactItems: just(items) }, client, site)
    return
  }
  if (operation.startsWith('Batch')) {
    const names = [...name.values()].map((atom) => (atom.kind === 'known' ? String(atom.value) : undefined))
    const requests = structure({}, `${idOf(site.node)}/${site.unit.id}:requests`, site)
    site.machine.write(just(requests), names, ANYTHING, site)
    askBy('dynamodb', operation, { RequestItems: just(requests) }, client, site)
    return
  }
  askBy('dynamodb', operation, { TableName: name, ...(isIndexed ? { IndexName: index } : {}) }, client, site)
}
