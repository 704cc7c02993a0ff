// References to what the stack makes, woven into what was written down before it is known: ids of APIs in ARNs, handles in
// properties.
import { problem, type Where } from '../../errors.ts'
import type { Plain, RawResourceModel, WebsocketModel } from '../../model/index.ts'
import { resourceId } from '../ids.ts'
import { joined, type Properties, ref, type Value } from '../template.ts'
import { aliasArn, arnOf, findResource, type Making } from './making.ts'

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** The ids of the APIs that the stack makes, which only AWS gives. */
const madeApis = ({ model }: Making): WebsocketModel[] =>
  model.resources.filter((one) => one.kind === 'websocket').filter((one) => !one.existing)

/** An ARN in which the id that an API has on the local cloud becomes the one that it has on AWS. */
export function wovenArn(arn: string, making: Making): Value {
  for (const api of madeApis(making)) {
    const [before, after, ...more] = arn.split(`:${api.apiId}/`)
    if (before?.includes(':execute-api:') !== true || after === undefined || more.length > 0) continue
    return joined(`${before}:`, ref(resourceId('websocket', api.name)), `/${after}`)
  }
  return arn
}

/** Properties in which handles become what CloudFormation wants in their place. */
export function wovenProperties({ name, properties, where }: RawResourceModel, making: Making): Properties {
  const weave = (property: string, value: Plain): Value => {
    if (isList(value)) return value.map((one) => weave(property, one))
    if (typeof value !== 'object' || value === null) return value
    if (typeof value.$ !== 'string') return object(value)
    if (value.$ === 'reference' && typeof value.kind === 'string' && typeof value.name === 'string') {
      const woven = toReference(property, value.kind, value.name, making)
      if (woven !== undefined) return woven
    }
    throw notData(name, property, value.$, where)
  }
  const object = (given: { readonly [name: string]: Plain }): { [name: string]: Value } =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [key, weave(key, value)]))
  return object(properties)
}

function notData(name: string, property: string, found: string, where: Where): Error {
  const details = { option: property, what: `the resource ${name}`, problem: `holds a ${found}` }
  const mend = 'Properties are data, and handles of what the app exports.'
  return problem('GOBLET_BAD_OPTION', { ...details, mend }, where)
}

type Telling = 'arn' | 'name' | 'url'

// Source: the CloudFormation reference, whose properties say by their names what they take: TableName, Bucket, QueueUrl, RoleArn.
const tellingOf = (property: string): Telling => {
  if (/Urls?$/.test(property) || property === 'Queues') return 'url'
  return /(Name|Names|Id|Ids)$/.test(property) || property === 'Bucket' ? 'name' : 'arn'
}

function toReference(property: string, kind: string, name: string, making: Making): Value | undefined {
  if (kind === 'function') return aliasArn(name.replaceAll('.', '-'))
  const found = making.model.resources.find((one) => one.kind === kind && one.name === name)
  if (found === undefined) return undefined
  const told = tellingOf(property)
  const id = resourceId(found.kind, found.name)
  switch (found.kind) {
    case 'queue':
      if (told === 'url' && !found.existing) return ref(id)
      return told === 'name' ? found.physicalName : arnOf('queue', name, making)
    case 'topic':
    case 'bucket':
    case 'table':
    case 'stream':
    case 'bus':
      return told === 'name' ? nameOf(found.kind, name, making) : arnOf(found.kind, name, making)
    case 'websocket':
      return found.existing ? found.apiId : ref(id)
    case 'secret':
    case 'param':
      if (!found.existing) return ref(id)
      return told === 'arn' && name.startsWith('arn:') ? name : found.physicalName
    case 'resource':
      return ref(id)
  }
}

// As a reference where there is one: what names it is then made after it.
function nameOf(kind: 'topic' | 'bucket' | 'table' | 'stream' | 'bus', name: string, making: Making): Value {
  const { existing, physicalName } = findResource(kind, name, making)
  return existing || kind === 'topic' ? physicalName : ref(resourceId(kind, name))
}
