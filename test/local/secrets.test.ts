// The local Secrets Manager as its SDK client sees it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  type GetRandomPasswordCommandInput,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { openSecretsManager, type SecretsManager } from '../../src/local/services/secretsmanager/index.ts'
import { openRig, type Rig } from '../support/rig.ts'

let rig: Rig<SecretsManager, SecretsManagerClient>
const DAY = 86_400_000
before(async () => {
  rig = await openRig(openSecretsManager, (options) => new SecretsManagerClient(options))
})
after(() => rig[Symbol.asyncDispose]())

const create = (Name: string, SecretString?: string) => rig.client.send(new CreateSecretCommand({ Name, SecretString }))
const get = (SecretId: string, more: { VersionId?: string | undefined; VersionStage?: string } = {}) =>
  rig.client.send(new GetSecretValueCommand({ SecretId, ...more }))
const put = (SecretId: string, SecretString: string) =>
  rig.client.send(new PutSecretValueCommand({ SecretId, SecretString }))
const refused = (name: string, message: string) => (error: Error) => {
  assert.deepEqual([error.name, error.message], [name, message])
  return true
}
const GONE = "Secrets Manager can't find the specified secret."
const MARKED = "You can't perform this operation on the secret because it was marked for deletion."

test('a secret is read by its name, its ARN, and its ARN without the six characters', async () => {
  const { ARN = '', VersionId } = await create('app/db', 'word')
  assert.match(ARN, /^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/db-[A-Za-z0-9]{6}$/)
  for (const id of ['app/db', ARN, ARN.slice(0, -7)]) {
    const { SecretString, VersionStages, VersionId: same } = await get(id)
    assert.deepEqual([SecretString, VersionStages, same], ['word', ['AWSCURRENT'], VersionId])
  }
  await assert.rejects(
    create('app/db', 'x'),
    refused('ResourceExistsException', 'The operation failed because the secret app/db already exists.'),
  )
})

test('a new value is the current one, the one before it the previous', async () => {
  const first = await create('turns', 'one')
  const second = await put('turns', 'two')
  assert.deepEqual(second.VersionStages, ['AWSCURRENT'])
  assert.equal((await get('turns', { VersionStage: 'AWSPREVIOUS' })).SecretString, 'one')
  await rig.client.send(new UpdateSecretCommand({ SecretId: 'turns', SecretString: 'three', Description: 'said' }))
  assert.equal((await get('turns', { VersionStage: 'AWSPREVIOUS' })).SecretString, 'two')
  assert.equal((await get('turns', { VersionId: first.VersionId })).SecretString, 'one')
  const { Versions = [] } = await rig.client.send(new ListSecretVersionIdsCommand({ SecretId: 'turns' }))
  assert.deepEqual(
    Versions.map(({ VersionStages }) => VersionStages),
    [['AWSPREVIOUS'], ['AWSCURRENT']],
  )
  const all = await rig.client.send(new ListSecretVersionIdsCommand({ SecretId: 'turns', IncludeDeprecated: true }))
  assert.equal(all.Versions?.length, 3)
  const described = await rig.client.send(new DescribeSecretCommand({ SecretId: 'turns' }))
  assert.equal(described.Description, 'said')
  assert.equal(Object.keys(described.VersionIdsToStages ?? {}).length, 2)
  // Back to the value before.
  await rig.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: 'turns',
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: second.VersionId,
      RemoveFromVersionId: Versions.at(-1)?.VersionId,
    }),
  )
  assert.equal((await get('turns')).SecretString, 'two')
  assert.equal((await get('turns', { VersionStage: 'AWSPREVIOUS' })).SecretString, 'three')
})

test('the same token with the same value changes nothing, with another one it is refused', async () => {
  const ClientRequestToken = 'a'.repeat(32)
  const { ARN } = await create('token', 'one')
  const again = { SecretId: 'token', SecretString: 'two', ClientRequestToken }
  await rig.client.send(new PutSecretValueCommand(again))
  await rig.client.send(new PutSecretValueCommand(again))
  await assert.rejects(
    rig.client.send(new PutSecretValueCommand({ ...again, SecretString: 'three' })),
    refused(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${ARN}.`,
    ),
  )
})

test('bytes are kept as they are', async () => {
  const bytes = new Uint8Array([0, 255, 1])
  await rig.client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: bytes }))
  assert.deepEqual(new Uint8Array((await get('bytes')).SecretBinary ?? []), bytes)
})

test('a deleted secret can be restored, until its time is over', async () => {
  await create('brief', 'x')
  const { DeletionDate } = await rig.client.send(
    new DeleteSecretCommand({ SecretId: 'brief', RecoveryWindowInDays: 7 }),
  )
  assert.equal(DeletionDate?.getTime(), rig.clock.now() + 7 * DAY)
  await assert.rejects(get('brief'), refused('InvalidRequestException', MARKED))
  await assert.rejects(
    create('brief', 'y'),
    refused(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ),
  )
  await rig.client.send(new RestoreSecretCommand({ SecretId: 'brief' }))
  assert.equal((await get('brief')).SecretString, 'x')
  await rig.client.send(new DeleteSecretCommand({ SecretId: 'brief', RecoveryWindowInDays: 7 }))
  await rig.clock.advance(7 * DAY)
  await assert.rejects(get('brief'), refused('ResourceNotFoundException', GONE))
  await create('brief', 'new')
  assert.equal((await get('brief')).SecretString, 'new')
  await rig.client.send(new DeleteSecretCommand({ SecretId: 'brief', ForceDeleteWithoutRecovery: true }))
  await create('brief')
  await assert.rejects(
    get('brief'),
    refused(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ),
  )
})

test('lists, filters and many values at once', async () => {
  for (const name of ['list/a', 'list/b', 'list/c']) await create(name, name)
  await rig.client.send(new TagResourceCommand({ SecretId: 'list/b', Tags: [{ Key: 'team', Value: 'red' }] }))
  const listed = await rig.client.send(
    new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['list/'] }], MaxResults: 2 }),
  )
  assert.deepEqual(
    listed.SecretList?.map(({ Name }) => Name),
    ['list/a', 'list/b'],
  )
  const tagged = await rig.client.send(new ListSecretsCommand({ Filters: [{ Key: 'tag-key', Values: ['team'] }] }))
  assert.deepEqual(
    tagged.SecretList?.map(({ Name, Tags }) => [Name, Tags]),
    [['list/b', [{ Key: 'team', Value: 'red' }]]],
  )
  await rig.client.send(new UntagResourceCommand({ SecretId: 'list/b', TagKeys: ['team'] }))
  const { SecretValues = [], Errors = [] } = await rig.client.send(
    new BatchGetSecretValueCommand({ SecretIdList: ['list/a', 'nothing'] }),
  )
  assert.deepEqual(
    SecretValues.map(({ SecretString }) => SecretString),
    ['list/a'],
  )
  assert.deepEqual(Errors, [{ SecretId: 'nothing', ErrorCode: 'ResourceNotFoundException', Message: GONE }])
})

const REFUSALS: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
  ['what is not there', () => get('nothing'), 'ResourceNotFoundException', GONE],
  [
    'a name',
    () => create('a b', 'x'),
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  ],
  [
    'a window of six days',
    () => rig.client.send(new DeleteSecretCommand({ SecretId: 'turns', RecoveryWindowInDays: 6 })),
    'InvalidParameterException',
    'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
  ],
  [
    'a window and none',
    () =>
      rig.client.send(
        new DeleteSecretCommand({ SecretId: 'turns', RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }),
      ),
    'InvalidParameterException',
    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
  ],
]
for (const [what, ask, name, message] of REFUSALS)
  test(`refused: ${what}`, () => assert.rejects(ask(), refused(name, message)))

test('random passwords are of what is left to choose from', async () => {
  const password = async (input: GetRandomPasswordCommandInput = {}) =>
    String((await rig.client.send(new GetRandomPasswordCommand(input))).RandomPassword)
  for (let round = 0; round < 20; round++) {
    const usual = await password()
    assert.equal(usual.length, 32)
    for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) assert.match(usual, kind)
    assert.match(
      await password({ ExcludePunctuation: true, PasswordLength: 8, ExcludeCharacters: 'abc' }),
      /^[d-zA-Z0-9]{8}$/,
    )
  }
})

test('everything is there after a restart', async () => {
  await create('kept', 'yes')
  await rig.reopen()
  assert.equal((await get('kept')).SecretString, 'yes')
})
