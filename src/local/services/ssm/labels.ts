// Labels of versions, and tags of parameters.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { numberOf, objectsOf, required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import { noResource, notFound, noVersion, tooManyLabels } from './problems.ts'
import { type Room, toTags } from './put.ts'
import { type Parameter, parameterKey, readParameter, readVersion, versionsOf, writeVersion } from './state.ts'

const MOST_LABELS = 10
// Source: "Working with parameter labels".
const LABEL = /^(?!aws|ssm|\d)[a-zA-Z0-9_.-]{1,100}$/i

export async function labelVersion({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const name = required(textOf(input, 'Name'), 'name')
  const labels = required(textsOf(input, 'Labels'), 'labels')
  const good = labels.filter((label) => LABEL.test(label))
  return store.commit((writer) => {
    const kept = readParameter(writer, name)
    if (kept === undefined) throw notFound()
    const number = numberOf(input, 'ParameterVersion') ?? kept.version
    const version = readVersion(writer, name, number)
    if (version === undefined) throw noVersion(`version ${number}`, name)
    const all = [...new Set([...version.labels, ...good])]
    if (all.length > MOST_LABELS) throw tooManyLabels()
    // A label is on one version at a time.
    for (const other of versionsOf(writer, name))
      if (other.number !== number && other.labels.some((label) => good.includes(label)))
        writeVersion(writer, { ...other, labels: other.labels.filter((label) => !good.includes(label)) })
    writeVersion(writer, { ...version, labels: all })
    return { InvalidLabels: labels.filter((label) => !good.includes(label)), ParameterVersion: number }
  })
}

export async function unlabelVersion({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const name = required(textOf(input, 'Name'), 'name')
  const number = required(numberOf(input, 'ParameterVersion'), 'parameterVersion')
  const labels = required(textsOf(input, 'Labels'), 'labels')
  return store.commit((writer) => {
    if (readParameter(writer, name) === undefined) throw notFound()
    const version = readVersion(writer, name, number)
    if (version === undefined) throw noVersion(`version ${number}`, name)
    writeVersion(writer, { ...version, labels: version.labels.filter((label) => !labels.includes(label)) })
    return {
      RemovedLabels: labels.filter((label) => version.labels.includes(label)),
      InvalidLabels: labels.filter((label) => !version.labels.includes(label)),
    }
  })
}

function find(reader: Parameters<typeof readParameter>[0], input: JsonObject): Parameter {
  const id = required(textOf(input, 'ResourceId'), 'resourceId')
  const found = readParameter(reader, id)
  if (found === undefined) throw noResource()
  return found
}

export async function addTags({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const tags = toTags(objectsOf(input, 'Tags') ?? [])
  return store.commit((writer) => {
    const found = find(writer, input)
    writer.put(parameterKey(found.name), { ...found, tags: { ...found.tags, ...tags } })
    return {}
  })
}

export async function removeTags({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const keys = new Set(textsOf(input, 'TagKeys'))
  return store.commit((writer) => {
    const found = find(writer, input)
    const tags = Object.fromEntries(Object.entries(found.tags).filter(([key]) => !keys.has(key)))
    writer.put(parameterKey(found.name), { ...found, tags })
    return {}
  })
}

export function listTags({ store }: Room, input: JsonObject): JsonObject {
  return { TagList: Object.entries(find(store, input).tags).map(([Key, Value]) => ({ Key, Value })) }
}
