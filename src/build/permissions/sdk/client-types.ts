// A value that is declared to be a client of the SDK: nothing more is known of it.
import { type Atom, just, type Values } from '../atoms.ts'
import type { Machine } from '../machine.ts'
import { clientAtom } from './clients.ts'
import { isAggregated, serviceOf } from './names.ts'

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

export function clientType(specifier: string, name: string, machine: Machine): Values | undefined {
  const service = specifier === '@aws-sdk/lib-dynamodb' ? 'dynamodb' : serviceOf(specifier)
  if (service === undefined) return undefined
  const isDocument = /^DynamoDBDocument(?:Client)?$/.test(name) && specifier === '@aws-sdk/lib-dynamodb'
  if (!isDocument && !/Client$/.test(name) && !isAggregated(name, service)) return undefined
  const [module] = machine.modules.all()
  if (module?.unit === undefined) return undefined
  const { code, unit } = module
  const id = `client:declared:${specifier}:${name}`
  const flavour = isDocument ? 'document' : 'plain'
  return just(machine.once(id, () => clientAtom(id, { service, flavour, node: code.program, unit }), isAtom))
}
