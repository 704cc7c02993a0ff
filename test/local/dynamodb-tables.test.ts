// Tables: made, described, changed, tagged, deleted, and what they refuse.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { waitUntilTableExists, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

let cloud: OpenedDynamoDb
beforeEach(async () => {
  cloud = await openTables()
})
afterEach(() => cloud.close())

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/things'
const string = (...names: string[]) => names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }))
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const })
const ALL = { ProjectionType: 'ALL' as const }
const FIVE = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }

test('a table is described as AWS describes it', async () => {
  const made = await cloud.client.createTable({
    TableName: 'things',
    AttributeDefinitions: string('id', 'at', 'by', 'kind'),
    KeySchema: [hash('id'), range('at')],
    BillingMode: 'PAY_PER_REQUEST',
    LocalSecondaryIndexes: [{ IndexName: 'byKind', KeySchema: [hash('id'), range('kind')], Projection: ALL }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byUser',
        KeySchema: [hash('by')],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    SSESpecification: { Enabled: true },
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    DeletionProtectionEnabled: true,
    Tags: [{ Key: 'team', Value: 'one' }],
  })
  assert.equal(made.TableDescription?.TableStatus, 'CREATING')
  await waitUntilTableExists(
    { client: cloud.client, minDelay: 1, maxDelay: 1, maxWaitTime: 5 },
    { TableName: 'things' },
  )
  const { Table } = await cloud.client.describeTable({ TableName: ARN })
  const label = '2026-01-01T00:00:00.000'
  assert.match(Table?.TableId ?? '', /^[0-9a-f-]{36}$/)
  assert.deepEqual(
    { ...Table, TableId: '' },
    {
      AttributeDefinitions: string('id', 'at', 'by', 'kind'),
      TableName: 'things',
      KeySchema: [hash('id'), range('at')],
      TableStatus: 'ACTIVE',
      CreationDateTime: new Date(Date.UTC(2026, 0, 1)),
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      TableSizeBytes: 0,
      ItemCount: 0,
      TableArn: ARN,
      TableId: '',
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST',
        LastUpdateToPayPerRequestDateTime: new Date(Date.UTC(2026, 0, 1)),
      },
      LocalSecondaryIndexes: [
        {
          IndexName: 'byKind',
          KeySchema: [hash('id'), range('kind')],
          Projection: ALL,
          IndexSizeBytes: 0,
          ItemCount: 0,
          IndexArn: `${ARN}/index/byKind`,
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byUser',
          KeySchema: [hash('by')],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
          IndexStatus: 'ACTIVE',
          ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
          IndexSizeBytes: 0,
          ItemCount: 0,
          IndexArn: `${ARN}/index/byUser`,
        },
      ],
      LatestStreamLabel: label,
      LatestStreamArn: `${ARN}/stream/${label}`,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        KMSMasterKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000',
      },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
    },
  )
  assert.deepEqual((await cloud.client.listTagsOfResource({ ResourceArn: ARN })).Tags, [{ Key: 'team', Value: 'one' }])
})

const KEY = { AttributeDefinitions: string('pk'), KeySchema: [hash('pk')] }
// Source of the words: dynalite's tests and dynamodb-conformance, both recorded on AWS.
const refused: readonly [input: object, words: string][] = [
  [{}, "The parameter 'TableName' is required but was not present in the request"],
  [
    { TableName: 'ab', ...KEY, ProvisionedThroughput: FIVE },
    "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  ],
  [
    { TableName: 'abc', ...KEY },
    'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  ],
  [
    { TableName: 'abc', ...KEY, BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: FIVE },
    'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  ],
  [
    {
      TableName: 'abc',
      ...KEY,
      ProvisionedThroughput: { ReadCapacityUnits: 1_000_000_000_001, WriteCapacityUnits: 1 },
    },
    'Given value 1000000000001 for ReadCapacityUnits is out of bounds',
  ],
  [
    { TableName: 'abc', ...KEY, KeySchema: [hash('pk'), range('pk')], ProvisionedThroughput: FIVE },
    'Invalid KeySchema: Some index key attribute have no definition',
  ],
  [
    { TableName: 'abc', ...KEY, KeySchema: [hash('other')], ProvisionedThroughput: FIVE },
    'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [pk]',
  ],
  [
    { TableName: 'abc', ...KEY, KeySchema: [range('pk')], ProvisionedThroughput: FIVE },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ],
  [
    {
      TableName: 'abc',
      AttributeDefinitions: string('a', 'b'),
      KeySchema: [hash('a'), hash('b')],
      ProvisionedThroughput: FIVE,
    },
    'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
  ],
  [
    { TableName: 'abc', AttributeDefinitions: string('pk', 'x'), KeySchema: [hash('pk')], ProvisionedThroughput: FIVE },
    'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ],
  [
    { TableName: 'abc', ...KEY, KeySchema: [hash('pk'), range('sk'), range('x')], ProvisionedThroughput: FIVE },
    "1 validation error detected: Value '[KeySchemaElement(attributeName=pk, keyType=HASH), KeySchemaElement(attributeName=sk, keyType=RANGE), KeySchemaElement(attributeName=x, keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
  ],
  [
    { TableName: 'abc', ...KEY, KeySchema: [{ AttributeName: 'pk', KeyType: 'NO' }], ProvisionedThroughput: FIVE },
    "1 validation error detected: Value 'NO' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
  ],
  [
    {
      TableName: 'abc',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'X' }],
      KeySchema: [hash('pk')],
      ProvisionedThroughput: FIVE,
    },
    "1 validation error detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
  ],
  [
    {
      TableName: 'abc',
      ...KEY,
      ProvisionedThroughput: FIVE,
      LocalSecondaryIndexes: [{ IndexName: 'lsi', KeySchema: [hash('pk'), range('pk')], Projection: ALL }],
    },
    'One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
  ],
  [
    {
      TableName: 'abc',
      AttributeDefinitions: string('a', 'b', 'c'),
      KeySchema: [hash('a'), range('b')],
      ProvisionedThroughput: FIVE,
      LocalSecondaryIndexes: [{ IndexName: 'lsi', KeySchema: [hash('c'), range('b')], Projection: ALL }],
    },
    'One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table KeySchema for index: lsi. index hash key: c, table hash key: a',
  ],
  [
    { TableName: 'abc', ...KEY, BillingMode: 'PAY_PER_REQUEST', GlobalSecondaryIndexes: [] },
    'One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty',
  ],
  [
    {
      TableName: 'abc',
      ...KEY,
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [1, 2].map(() => ({ IndexName: 'same', KeySchema: [hash('pk')], Projection: ALL })),
    },
    'One or more parameter values were invalid: Duplicate index name: same',
  ],
  [
    {
      TableName: 'abc',
      ...KEY,
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        { IndexName: 'gsi', KeySchema: [hash('pk')], Projection: ALL, ProvisionedThroughput: FIVE },
      ],
    },
    'One or more parameter values were invalid: ProvisionedThroughput should not be specified for index: gsi when BillingMode is PAY_PER_REQUEST',
  ],
  [
    {
      TableName: 'abc',
      ...KEY,
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi',
          KeySchema: [hash('pk')],
          Projection: { ProjectionType: 'KEYS_ONLY', NonKeyAttributes: ['x'] },
        },
      ],
    },
    'One or more parameter values were invalid: ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified',
  ],
]

test('what is wrong with a table is told in the words of AWS', async () => {
  for (const [input, words] of refused) {
    const { type, message } = await cloud.raw('CreateTable', input)
    assert.deepEqual([type, message], ['ValidationException', words])
  }
  await cloud.create('abc', ['pk'])
  const again = await cloud.raw('CreateTable', { TableName: 'abc', ...KEY, BillingMode: 'PAY_PER_REQUEST' })
  assert.deepEqual([again.type, again.message], ['ResourceInUseException', 'Table already exists: abc'])
  const none = await cloud.raw('DescribeTable', { TableName: 'none' })
  assert.deepEqual(
    [none.type, none.message],
    ['ResourceNotFoundException', 'Requested resource not found: Table: none not found'],
  )
})

test('tables are listed page by page', async () => {
  for (const name of ['ccc', 'aaa', 'bbb', 'aaa2']) await cloud.create(name, ['pk'])
  const first = await cloud.client.listTables({ Limit: 2 })
  assert.deepEqual([first.TableNames, first.LastEvaluatedTableName], [['aaa', 'aaa2'], 'aaa2'])
  const second = await cloud.client.listTables({ ExclusiveStartTableName: 'aaa2' })
  assert.deepEqual([second.TableNames, second.LastEvaluatedTableName], [['bbb', 'ccc'], undefined])
})

test('a global index made later holds what was there before, and goes again', async () => {
  await cloud.create('things', ['id'])
  for (const [id, by] of [
    ['1', 'ann'],
    ['2', 'bob'],
    ['3', undefined],
  ])
    await cloud.client.putItem({
      TableName: 'things',
      Item: { id: { S: id ?? '' }, ...(by === undefined ? {} : { by: { S: by } }) },
    })
  await cloud.client.putItem({ TableName: 'things', Item: { id: { S: '4' }, by: { N: '4' } } })
  const Create = { IndexName: 'byUser', KeySchema: [hash('by')], Projection: ALL }
  const update = await cloud.client.updateTable({
    TableName: 'things',
    AttributeDefinitions: string('id', 'by'),
    GlobalSecondaryIndexUpdates: [{ Create }],
  })
  assert.equal(update.TableDescription?.GlobalSecondaryIndexes?.[0]?.IndexStatus, 'CREATING')
  const all = await cloud.client.scan({ TableName: 'things', IndexName: 'byUser' })
  assert.deepEqual(all.Items?.map(({ id }) => id?.S).sort(), ['1', '2'])
  await cloud.client.putItem({ TableName: 'things', Item: { id: { S: '5' }, by: { S: 'ann' } } })
  const anns = await cloud.client.query({
    TableName: 'things',
    IndexName: 'byUser',
    KeyConditionExpression: '#by = :by',
    ExpressionAttributeNames: { '#by': 'by' },
    ExpressionAttributeValues: { ':by': { S: 'ann' } },
  })
  assert.deepEqual(anns.Items?.map(({ id }) => id?.S).sort(), ['1', '5'])
  await cloud.client.updateTable({
    TableName: 'things',
    GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byUser' } }],
  })
  const { Table } = await cloud.client.describeTable({ TableName: 'things' })
  assert.deepEqual([Table?.GlobalSecondaryIndexes, Table?.AttributeDefinitions], [undefined, string('id')])
  assert.equal(Table?.ItemCount, 5)
})

test('billing, protection, class and tags are changed', async () => {
  await cloud.create('things', ['id'], { DeletionProtectionEnabled: true })
  const { client } = cloud
  await assert.rejects(client.deleteTable({ TableName: 'things' }), {
    name: 'ValidationException',
    message:
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  })
  await client.updateTable({ TableName: 'things', DeletionProtectionEnabled: false })
  await client.updateTable({ TableName: 'things', BillingMode: 'PROVISIONED', ProvisionedThroughput: FIVE })
  const { Table } = await client.describeTable({ TableName: 'things' })
  assert.deepEqual([Table?.BillingModeSummary, Table?.ProvisionedThroughput?.ReadCapacityUnits], [undefined, 5])
  await assert.rejects(client.updateTable({ TableName: 'things', ProvisionedThroughput: FIVE }), {
    name: 'ValidationException',
    message: /^The provisioned throughput for the table will not change\./,
  })
  await assert.rejects(client.updateTable({ TableName: 'things' }), {
    message:
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
  })
  await client.tagResource({
    ResourceArn: ARN,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await client.untagResource({ ResourceArn: ARN, TagKeys: ['a'] })
  assert.deepEqual((await client.listTagsOfResource({ ResourceArn: ARN })).Tags, [{ Key: 'b', Value: '2' }])
})

test('a deleted table is gone with its items, and one of its name begins anew', async () => {
  await cloud.create('things', ['id'])
  await cloud.client.putItem({ TableName: 'things', Item: { id: { S: '1' } } })
  const { TableDescription } = await cloud.client.deleteTable({ TableName: 'things' })
  assert.equal(TableDescription?.TableStatus, 'DELETING')
  await waitUntilTableNotExists(
    { client: cloud.client, minDelay: 1, maxDelay: 1, maxWaitTime: 5 },
    { TableName: 'things' },
  )
  await assert.rejects(cloud.client.getItem({ TableName: 'things', Key: { id: { S: '1' } } }), {
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  })
  await cloud.create('things', ['id'])
  assert.equal((await cloud.client.scan({ TableName: 'things' })).Count, 0)
})

test('what tools ask for beside is answered', async () => {
  await cloud.create('things', ['id'])
  const { client } = cloud
  assert.ok(((await client.describeLimits({})).AccountMaxReadCapacityUnits ?? 0) > 0)
  assert.equal((await client.describeEndpoints({})).Endpoints?.length, 1)
  const backups = await client.describeContinuousBackups({ TableName: 'things' })
  assert.equal(
    backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    'DISABLED',
  )
  await client.updateContinuousBackups({
    TableName: 'things',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  })
  const now = await client.describeContinuousBackups({ TableName: 'things' })
  assert.equal(now.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus, 'ENABLED')
  assert.equal(
    (await client.describeContributorInsights({ TableName: 'things' })).ContributorInsightsStatus,
    'DISABLED',
  )
  await assert.rejects(client.getResourcePolicy({ ResourceArn: ARN }), { name: 'PolicyNotFoundException' })
})

test('tables are there after a restart, and are brought into line with what is declared', async () => {
  const definition = {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    ...KEY,
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
  }
  const first = await cloud.service.ensureTable(definition)
  assert.deepEqual(first, { arn: ARN })
  await cloud.client.putItem({ TableName: 'things', Item: { pk: { S: '1' }, by: { S: 'ann' } } })
  cloud = await cloud.reopen()
  const wider = {
    ...definition,
    AttributeDefinitions: string('pk', 'by'),
    GlobalSecondaryIndexes: [{ IndexName: 'byUser', KeySchema: [hash('by')], Projection: ALL }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  }
  const second = await cloud.service.ensureTable(wider)
  assert.match(second.stream ?? '', /\/stream\//)
  assert.equal((await cloud.client.scan({ TableName: 'things', IndexName: 'byUser' })).Count, 1)
  assert.deepEqual(await cloud.service.ensureTable(wider), second)
  const { TimeToLiveDescription } = await cloud.client.describeTimeToLive({ TableName: 'things' })
  assert.deepEqual(TimeToLiveDescription, { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' })
  await cloud.service.ensureTable({ TableName: 'things', BillingMode: 'PAY_PER_REQUEST', ...KEY })
  const { Table } = await cloud.client.describeTable({ TableName: 'things' })
  assert.deepEqual(
    [Table?.GlobalSecondaryIndexes, Table?.StreamSpecification, Table?.ItemCount],
    [undefined, undefined, 1],
  )
})

test('a declaration that changes is followed: capacity, protection, types of index keys, and keys while the table is empty', async () => {
  const gsi = (name: string) => [{ IndexName: 'byUser', KeySchema: [hash(name)], Projection: ALL }]
  const base = { TableName: 'things', BillingMode: 'PAY_PER_REQUEST', ...KEY }
  await cloud.service.ensureTable({
    ...base,
    AttributeDefinitions: string('pk', 'by'),
    GlobalSecondaryIndexes: gsi('by'),
    DeletionProtectionEnabled: false,
  })
  await cloud.client.putItem({ TableName: 'things', Item: { pk: { S: '1' }, by: { N: '7' } } }).catch(() => undefined)
  await cloud.service.ensureTable({
    ...base,
    AttributeDefinitions: [...string('pk'), { AttributeName: 'by', AttributeType: 'N' }],
    GlobalSecondaryIndexes: gsi('by'),
  })
  const { Table } = await cloud.client.describeTable({ TableName: 'things' })
  assert.deepEqual(Table?.AttributeDefinitions?.[1], { AttributeName: 'by', AttributeType: 'N' })
  const other = { ...base, AttributeDefinitions: string('other'), KeySchema: [hash('other')] }
  await cloud.service.ensureTable(other)
  const made = await cloud.client.describeTable({ TableName: 'things' })
  assert.deepEqual(made.Table?.KeySchema, [hash('other')])
  await cloud.client.putItem({ TableName: 'things', Item: { other: { S: '1' } } })
  await assert.rejects(cloud.service.ensureTable(base), /has another key schema/)
  const provisioned = {
    ...other,
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: FIVE,
    DeletionProtectionEnabled: true,
  }
  for (let again = 0; again < 2; again++) await cloud.service.ensureTable(provisioned)
  const last = await cloud.client.describeTable({ TableName: 'things' })
  assert.deepEqual(
    [
      last.Table?.ProvisionedThroughput?.WriteCapacityUnits,
      last.Table?.DeletionProtectionEnabled,
      last.Table?.ItemCount,
    ],
    [5, true, 1],
  )
})
