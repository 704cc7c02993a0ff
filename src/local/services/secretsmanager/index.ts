// The local Secrets Manager: secrets, their versions and stages, deletion with a way back.
import { readText } from '../../../aws/protocol/body.ts'
import { answerJson, type JsonAction } from '../../../aws/protocol/json-actions.ts'
import { type Ground, guardedBy, type Service } from '../../service.ts'
import { batchGet, describeSecret, listSecrets, listVersions } from './lists.ts'
import { getRandomPassword } from './password.ts'
import { invalidRequest } from './problems.ts'
import {
  createSecret,
  deletePolicy,
  deleteSecret,
  getPolicy,
  putPolicy,
  restoreSecret,
  tag,
  untag,
  updateSecret,
} from './secrets.ts'
import { findSecret } from './state.ts'
import { currentText, getValue, putValue, type Room, updateStage } from './values.ts'

export interface SecretsManager extends Service {
  find(name: string): boolean
  /** The text that is current. */
  value(name: string): string | undefined
  /** Makes the secret where there is none, with this value if any; what somebody has put stays. */
  ensureSecret(name: string, wanted: { readonly value?: string; readonly description?: string }): Promise<void>
  /** A random password, of the characters of AWS's own. */
  password(wanted: { readonly length: number; readonly exclude: string }): string
}

// A secret of 64 KB, escaped.
const LARGEST_BODY = 512 * 1024

/** Opens Secrets Manager on what the store holds. */
export function openSecretsManager({ store, clock }: Pick<Ground, 'store' | 'clock'>): SecretsManager {
  const room: Room = { store, clock }
  const actions = toActions(room)
  const find = (name: string): boolean => findSecret(store, name, clock.now()) !== undefined
  return {
    handle: async (request) => {
      const { id, headers, body } = request
      const text = await readText(body, LARGEST_BODY)
      const service = { prefix: 'secretsmanager', namespace: '', actions, ...guardedBy(request, 'secrets-manager') }
      return answerJson({ id, target: headers['x-amz-target'], text }, service)
    },
    find,
    value: (name) => currentText(room, name),
    ensureSecret: async (name, { value, description }) => {
      if (!find(name)) await createSecret(room, { Name: name, SecretString: value, Description: description })
    },
    password: ({ length, exclude }) =>
      String(getRandomPassword({ PasswordLength: length, ExcludeCharacters: exclude }).RandomPassword),
  }
}

const toActions = (room: Room): ReadonlyMap<string, JsonAction> =>
  new Map<string, JsonAction>([
    ['CreateSecret', (input) => createSecret(room, input)],
    ['GetSecretValue', (input) => getValue(room, input)],
    ['PutSecretValue', (input) => putValue(room, input)],
    ['UpdateSecret', (input) => updateSecret(room, input)],
    ['DeleteSecret', (input) => deleteSecret(room, input)],
    ['RestoreSecret', (input) => restoreSecret(room, input)],
    ['DescribeSecret', (input) => describeSecret(room, input)],
    ['ListSecrets', (input) => listSecrets(room, input)],
    ['ListSecretVersionIds', (input) => listVersions(room, input)],
    ['UpdateSecretVersionStage', (input) => updateStage(room, input)],
    ['BatchGetSecretValue', (input) => batchGet(room, input)],
    ['GetRandomPassword', getRandomPassword],
    ['TagResource', (input) => tag(room, input)],
    ['UntagResource', (input) => untag(room, input)],
    ['GetResourcePolicy', (input) => getPolicy(room, input)],
    ['PutResourcePolicy', (input) => putPolicy(room, input)],
    ['DeleteResourcePolicy', (input) => deletePolicy(room, input)],
    ['RotateSecret', notHere],
    ['CancelRotateSecret', notHere],
    ['ReplicateSecretToRegions', notHere],
  ])

const notHere: JsonAction = () => {
  throw invalidRequest('The local cloud neither rotates secrets nor replicates them.')
}
