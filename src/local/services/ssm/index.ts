// The local Parameter Store of Systems Manager: parameters, their versions, labels and tags.
import { readText } from '../../../aws/protocol/body.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { answerJson, type JsonAction } from '../../../aws/protocol/json-actions.ts'
import { required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import { type Ground, guardedBy, type Service } from '../../service.ts'
import { addTags, labelVersion, listTags, removeTags, unlabelVersion } from './labels.ts'
import { notFound } from './problems.ts'
import { putParameter, type Room } from './put.ts'
import { describeParameters, getByPath, getHistory, getParameter, getParameters } from './read.ts'
import { type ParameterType, readParameter, readVersion, removeParameter } from './state.ts'

export interface Ssm extends Service {
  find(name: string): boolean
  /** The newest value. */
  value(name: string): string | undefined
  /** Makes the parameter where there is none; what somebody has put stays. */
  ensureParameter(
    name: string,
    wanted: { readonly type: ParameterType; readonly value: string; readonly description?: string },
  ): Promise<void>
}

// Ten parameters of 8 KB, escaped.
const LARGEST_BODY = 1024 * 1024

/** Opens Parameter Store on what the store holds. */
export function openSsm({ store, clock }: Pick<Ground, 'store' | 'clock'>): Ssm {
  const room: Room = { store, clock }
  const actions = toActions(room)
  const find = (name: string): boolean => readParameter(store, name) !== undefined
  return {
    handle: async (request) => {
      const { id, headers, body } = request
      const text = await readText(body, LARGEST_BODY)
      const service = { prefix: 'AmazonSSM', namespace: '', actions, ...guardedBy(request, 'ssm') }
      return answerJson({ id, target: headers['x-amz-target'], text }, service)
    },
    find,
    value: (name) => {
      const found = readParameter(store, name)
      return found === undefined ? undefined : readVersion(store, name, found.version)?.value
    },
    ensureParameter: async (name, { type, value, description }) => {
      if (find(name)) return
      await putParameter(room, {
        Name: name,
        Type: type,
        Value: value,
        Tier: 'Intelligent-Tiering',
        Description: description,
      })
    },
  }
}

const toActions = (room: Room): ReadonlyMap<string, JsonAction> =>
  new Map<string, JsonAction>([
    ['PutParameter', (input) => putParameter(room, input)],
    ['GetParameter', (input) => getParameter(room, input)],
    ['GetParameters', (input) => getParameters(room, input)],
    ['GetParametersByPath', (input) => getByPath(room, input)],
    ['GetParameterHistory', (input) => getHistory(room, input)],
    ['DescribeParameters', (input) => describeParameters(room, input)],
    ['DeleteParameter', (input) => deleteParameter(room, input)],
    ['DeleteParameters', (input) => deleteParameters(room, input)],
    ['LabelParameterVersion', (input) => labelVersion(room, input)],
    ['UnlabelParameterVersion', (input) => unlabelVersion(room, input)],
    ['AddTagsToResource', (input) => addTags(room, input)],
    ['RemoveTagsFromResource', (input) => removeTags(room, input)],
    ['ListTagsForResource', (input) => listTags(room, input)],
  ])

async function deleteParameter({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const name = required(textOf(input, 'Name'), 'name')
  return store.commit((writer) => {
    if (!removeParameter(writer, name)) throw notFound()
    return {}
  })
}

async function deleteParameters({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const names = [...new Set(required(textsOf(input, 'Names'), 'names'))]
  return store.commit((writer) => {
    const DeletedParameters = names.filter((name) => removeParameter(writer, name))
    return { DeletedParameters, InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)) }
  })
}
