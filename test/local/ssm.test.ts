// The local Parameter Store as its SDK client sees it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm'
import { openSsm, type Ssm } from '../../src/local/services/ssm/index.ts'
import { openRig, type Rig } from '../support/rig.ts'

let rig: Rig<Ssm, SSMClient>
before(async () => {
  rig = await openRig(openSsm, (options) => new SSMClient(options))
})
after(() => rig[Symbol.asyncDispose]())

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  rig.client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }))
const get = async (Name: string, WithDecryption = false) =>
  (await rig.client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter

test('a parameter is read by its name and its ARN', async () => {
  assert.deepEqual((await put('/app/url', 'one')).Version, 1)
  const one = await get('/app/url')
  assert.equal(one?.ARN, 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url')
  assert.deepEqual([one?.Value, one?.Version, one?.DataType, one?.Type], ['one', 1, 'text', 'String'])
  assert.equal(one?.LastModifiedDate?.getTime(), rig.clock.now())
  assert.equal((await get(String(one?.ARN)))?.Value, 'one')
  await put('bare', 'two')
  assert.equal((await get('arn:aws:ssm:us-east-1:000000000000:parameter/bare'))?.Value, 'two')
})

test('versions, labels and history', async () => {
  await put('many', 'a')
  await put('many', 'b', { Overwrite: true, Description: 'second' })
  const labelled = await rig.client.send(
    new LabelParameterVersionCommand({ Name: 'many', ParameterVersion: 1, Labels: ['good', '1bad'] }),
  )
  assert.deepEqual([labelled.InvalidLabels, labelled.ParameterVersion], [['1bad'], 1])
  assert.equal((await get('many'))?.Value, 'b')
  assert.deepEqual([(await get('many:1'))?.Value, (await get('many:1'))?.Selector], ['a', ':1'])
  assert.equal((await get('many:good'))?.Value, 'a')
  await rig.client.send(new LabelParameterVersionCommand({ Name: 'many', Labels: ['good'] }))
  assert.equal((await get('many:good'))?.Value, 'b')
  const { Parameters = [] } = await rig.client.send(new GetParameterHistoryCommand({ Name: 'many' }))
  assert.deepEqual(
    Parameters.map(({ Version, Value, Labels }) => [Version, Value, Labels]),
    [
      [1, 'a', []],
      [2, 'b', ['good']],
    ],
  )
  const gone = await rig.client.send(
    new UnlabelParameterVersionCommand({ Name: 'many', ParameterVersion: 2, Labels: ['good', 'none'] }),
  )
  assert.deepEqual([gone.RemovedLabels, gone.InvalidLabels], [['good'], ['none']])
})

test('of a hundred versions the oldest goes, unless it has a label', async () => {
  for (let count = 0; count < 101; count++) await put('full', String(count), { Overwrite: true })
  await assert.rejects(get('full:1'), { name: 'ParameterVersionNotFound' })
  assert.equal((await get('full:2'))?.Value, '1')
  await rig.client.send(new LabelParameterVersionCommand({ Name: 'full', ParameterVersion: 2, Labels: ['kept'] }))
  await assert.rejects(put('full', 'more', { Overwrite: true }), { name: 'ParameterMaxVersionLimitExceeded' })
})

test('a secure string is shown only when it is asked for so', async () => {
  await put('/secret', 'word', { Type: 'SecureString' })
  assert.notEqual((await get('/secret'))?.Value, 'word')
  assert.equal((await get('/secret', true))?.Value, 'word')
})

test('parameters by path, in pages', async () => {
  for (const name of ['/tree/a', '/tree/b', '/tree/deep/c', '/treetop']) await put(name, name)
  const read = async (Recursive: boolean, MaxResults?: number) => {
    const names: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = await rig.client.send(
        new GetParametersByPathCommand({ Path: '/tree', Recursive, MaxResults, NextToken }),
      )
      names.push(...(page.Parameters ?? []).map(({ Name }) => Name))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    return names
  }
  assert.deepEqual(await read(false), ['/tree/a', '/tree/b'])
  assert.deepEqual(await read(true, 1), ['/tree/a', '/tree/b', '/tree/deep/c'])
  const described = await rig.client.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/tree/'] }] }),
  )
  assert.deepEqual(described.Parameters?.map(({ Name, Tier }) => [Name, Tier])[0], ['/tree/a', 'Standard'])
  assert.equal(described.Parameters?.length, 3)
})

test('many at once, those that are not there named', async () => {
  await put('here', '1')
  const { Parameters = [], InvalidParameters } = await rig.client.send(
    new GetParametersCommand({ Names: ['here', 'not'] }),
  )
  assert.deepEqual([Parameters.map(({ Value }) => Value), InvalidParameters], [['1'], ['not']])
  const gone = await rig.client.send(new DeleteParametersCommand({ Names: ['here', 'not'] }))
  assert.deepEqual([gone.DeletedParameters, gone.InvalidParameters], [['here'], ['not']])
})

test('tags', async () => {
  await put('tagged', '1', { Tags: [{ Key: 'a', Value: '1' }] })
  const of = { ResourceType: 'Parameter', ResourceId: 'tagged' } as const
  await rig.client.send(new AddTagsToResourceCommand({ ...of, Tags: [{ Key: 'b', Value: '2' }] }))
  await rig.client.send(new RemoveTagsFromResourceCommand({ ...of, TagKeys: ['a'] }))
  assert.deepEqual((await rig.client.send(new ListTagsForResourceCommand(of))).TagList, [{ Key: 'b', Value: '2' }])
})

const REFUSALS: readonly (readonly [string, () => Promise<unknown>, string, RegExp])[] = [
  ['what is not there', () => get('nothing'), 'ParameterNotFound', /.*/],
  ['deleting it', () => rig.client.send(new DeleteParameterCommand({ Name: 'nothing' })), 'ParameterNotFound', /.*/],
  ['a second time', () => put('bare', 'x'), 'ParameterAlreadyExists', /^The parameter already exists\. To overwrite/],
  ['no type', () => put('new', 'x', { Type: undefined }), 'ValidationException', /^A parameter type is required/],
  ['a reserved name', () => put('ssm-x', 'x'), 'ValidationException', /can't be prefixed with "ssm"/],
  ['a reserved path', () => put('/aws/x', 'x'), 'AccessDeniedException', /reserved parameter name: \/aws\/x/],
  ['half a path', () => put('a/b', 'x'), 'ValidationException', /must be a fully qualified name/],
  ['sixteen levels', () => put('/a'.repeat(16), 'x'), 'HierarchyLevelLimitExceededException', /15 levels/],
  [
    'too much',
    () => put('large', 'x'.repeat(4097)),
    'ValidationException',
    /maximum parameter value of 4096 characters/,
  ],
  [
    'unlike its pattern',
    () => put('pattern', 'x', { AllowedPattern: '^\\d+$' }),
    'ParameterPatternMismatchException',
    /cannot be validated against allowedPattern: \^\\d\+\$/,
  ],
  [
    'a pattern that is none',
    () => put('pattern', 'x', { AllowedPattern: '(' }),
    'InvalidAllowedPatternException',
    /regular expression/,
  ],
  [
    'eleven names',
    () => rig.client.send(new GetParametersCommand({ Names: [...'abcdefghijk'] })),
    'ValidationException',
    /less than or equal to 10/,
  ],
]
for (const [what, ask, name, words] of REFUSALS)
  test(`refused: ${what}`, () =>
    assert.rejects(ask(), (error: Error) => {
      assert.equal(error.name, name)
      assert.match(error.message, words)
      return true
    }))

test('the advanced tier takes more', async () => {
  assert.equal((await put('larger', 'x'.repeat(5000), { Tier: 'Intelligent-Tiering' })).Tier, 'Advanced')
})

test('everything is there after a restart', async () => {
  await put('/kept', 'yes')
  await rig.reopen()
  assert.equal((await get('/kept'))?.Value, 'yes')
})
