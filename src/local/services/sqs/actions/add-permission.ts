// AddPermission: a statement of the queue's Policy, under a label.
import type { Action } from '../action.ts'
import { requiredText, textsOf } from '../input.ts'
import { readPolicy, withPolicy } from '../permissions.ts'
import { invalidParameter, invalidValue, missingParameter, overLimit } from '../problems.ts'
import { arnOf, queueOf } from '../queue.ts'
import { change } from '../room.ts'

// Source: API reference of AddPermission. The other actions are the owner's alone.
const GRANTED = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
])

export const addPermission: Action = async ({ room, input }) => {
  const label = requiredText(input, 'Label')
  const actions = textsOf(input, 'Actions')
  const accounts = textsOf(input, 'AWSAccountIds')
  await change(room, ({ writer, now, keep }) => {
    const queue = queueOf(writer, input)
    check(label, actions, accounts)
    const policy = readPolicy(queue)
    if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidValue('Label', label, 'Already exists.')
    const statement = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrMany(actions.map((action) => `SQS:${action}`)),
      Resource: arnOf(queue.name),
    }
    keep(withPolicy(queue, [...policy.Statement, statement], now))
  })
  return undefined
}

// Recorded: a single account and a single action are no list.
const oneOrMany = (values: readonly string[]): unknown => (values.length === 1 ? values[0] : values)

function check(label: string, actions: readonly string[], accounts: readonly string[]): void {
  if (!/^[\w-]{1,80}$/.test(label))
    throw invalidValue(
      'Label',
      label,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    )
  if (actions.length === 0) throw missingParameter('Actions')
  if (actions.length > 7) throw overLimit(`${actions.length} Actions were found, maximum allowed is 7.`)
  const owners = actions.find((action) => !GRANTED.has(action))
  if (owners !== undefined)
    throw invalidValue('ActionName', `SQS:${owners}`, 'Only the queue owner is allowed to invoke this action.')
  if (accounts.length === 0 || accounts.some((account) => !/^\d{12}$/.test(account)))
    throw invalidParameter(
      `Value [${accounts.join(', ')}] for parameter PrincipalId is invalid. Reason: Unable to verify.`,
    )
}
