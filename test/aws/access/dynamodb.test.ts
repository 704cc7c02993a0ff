// What calls of DynamoDB and its streams need.
import { check, type Row } from '../../support/needs.ts'

const REFERENCE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html'
const TRANSACTIONS =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-iam'
const INDEXES = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html'
const PARTIQL = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html'
const STREAMS = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html'
const LIST = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html'
const stream = 'arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-11-21T00:00:00.000'

const sameNamed = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'CreateTable',
  'DeleteTable',
  'UpdateTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'UpdateTimeToLive',
  'DescribeContinuousBackups',
  'UpdateContinuousBackups',
  'CreateBackup',
]

const items: readonly Row[] = [
  ...sameNamed.map((name): Row => [`dynamodb ${name}`, { TableName: 't' }, [`dynamodb:${name} table/t`], REFERENCE]),
  [
    'dynamodb GetItem',
    { TableName: 'arn:aws:dynamodb:eu-west-1:210987654321:table/t' },
    ['dynamodb:GetItem arn:aws:dynamodb:eu-west-1:210987654321:table/t'],
    REFERENCE,
  ],
  ['dynamodb GetItem', undefined, ['dynamodb:GetItem table/* ?'], REFERENCE],
  ['dynamodb Query', { TableName: 't' }, ['dynamodb:Query table/t'], INDEXES],
  ['dynamodb Query', { TableName: 't', IndexName: 'i' }, ['dynamodb:Query table/t/index/i'], INDEXES],
  ['dynamodb Query', undefined, ['dynamodb:Query table/* | table/*/index/* ?'], INDEXES],
  ['dynamodb Scan', { TableName: 't' }, ['dynamodb:Scan table/t'], INDEXES],
  ['dynamodb Scan', { TableName: 't', IndexName: 'i' }, ['dynamodb:Scan table/t/index/i'], INDEXES],
  ['dynamodb BatchGetItem', { RequestItems: { a: {}, b: {} } }, ['dynamodb:BatchGetItem table/a | table/b'], REFERENCE],
  ['dynamodb BatchWriteItem', { RequestItems: { a: [] } }, ['dynamodb:BatchWriteItem table/a'], REFERENCE],
  ['dynamodb BatchWriteItem', undefined, ['dynamodb:BatchWriteItem table/* ?'], REFERENCE],
  ['dynamodb ListTables', {}, ['dynamodb:ListTables *'], REFERENCE],
  ['dynamodb DescribeLimits', {}, ['dynamodb:DescribeLimits *'], REFERENCE],
]

const transactions: readonly Row[] = [
  [
    'dynamodb TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 'a' } }] },
    ['dynamodb:PutItem table/a'],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactWriteItems',
    { TransactItems: [{ Update: { TableName: 'a' } }] },
    ['dynamodb:UpdateItem table/a'],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactWriteItems',
    { TransactItems: [{ Delete: { TableName: 'a' } }] },
    ['dynamodb:DeleteItem table/a'],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactWriteItems',
    { TransactItems: [{ ConditionCheck: { TableName: 'a' } }] },
    ['dynamodb:ConditionCheckItem table/a'],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 'a' } }, { Put: { TableName: 'b' } }, { Update: { TableName: 'a' } }] },
    ['dynamodb:PutItem table/a | table/b', 'dynamodb:UpdateItem table/a'],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactWriteItems',
    undefined,
    [
      'dynamodb:PutItem table/* ?',
      'dynamodb:UpdateItem table/* ?',
      'dynamodb:DeleteItem table/* ?',
      'dynamodb:ConditionCheckItem table/* ?',
    ],
    TRANSACTIONS,
  ],
  [
    'dynamodb TransactGetItems',
    { TransactItems: [{ Get: { TableName: 'a' } }, { Get: { TableName: 'b' } }] },
    ['dynamodb:GetItem table/a | table/b'],
    TRANSACTIONS,
  ],
  ['dynamodb TransactGetItems', undefined, ['dynamodb:GetItem table/* ?'], TRANSACTIONS],
]

const everyStatement = ['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'].map(
  (name) => `dynamodb:${name} table/* ?`,
)

const statements: readonly Row[] = [
  [
    'dynamodb ExecuteStatement',
    { Statement: 'SELECT * FROM "t" WHERE id = ?' },
    ['dynamodb:PartiQLSelect table/t'],
    PARTIQL,
  ],
  ['dynamodb ExecuteStatement', { Statement: 'select id from t' }, ['dynamodb:PartiQLSelect table/t'], PARTIQL],
  [
    'dynamodb ExecuteStatement',
    { Statement: 'SELECT * FROM "t"."i" WHERE a = 1' },
    ['dynamodb:PartiQLSelect table/t/index/i'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteStatement',
    { Statement: 'SELECT * FROM "a.b" WHERE x = 1' },
    ['dynamodb:PartiQLSelect table/a.b'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteStatement',
    { Statement: `INSERT INTO "t" VALUE {'id': '1'}` },
    ['dynamodb:PartiQLInsert table/t'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteStatement',
    { Statement: 'UPDATE "t" SET a = 1 WHERE id = ?' },
    ['dynamodb:PartiQLUpdate table/t'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteStatement',
    { Statement: '\n  DELETE FROM "t" WHERE id = ?' },
    ['dynamodb:PartiQLDelete table/t'],
    PARTIQL,
  ],
  ['dynamodb ExecuteStatement', undefined, everyStatement, PARTIQL],
  [
    'dynamodb BatchExecuteStatement',
    { Statements: [{ Statement: 'SELECT * FROM "a"' }, { Statement: 'DELETE FROM "b" WHERE id = 1' }] },
    ['dynamodb:PartiQLSelect table/a', 'dynamodb:PartiQLDelete table/b'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteTransaction',
    { TransactStatements: [{ Statement: 'UPDATE "a" SET x = 1 WHERE id = 1' }] },
    ['dynamodb:PartiQLUpdate table/a'],
    PARTIQL,
  ],
  [
    'dynamodb ExecuteTransaction',
    { TransactStatements: [{ Statement: 'EXISTS(SELECT * FROM "a" WHERE id = 1)' }] },
    ['dynamodb:PartiQLSelect table/a'],
    PARTIQL,
  ],
]

const others: readonly Row[] = [
  [
    'dynamodb TagResource',
    { ResourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t' },
    ['dynamodb:TagResource table/t'],
    LIST,
  ],
  [
    'dynamodb-streams DescribeStream',
    { StreamArn: stream },
    ['dynamodb:DescribeStream table/t/stream/2026-11-21T00:00:00.000'],
    STREAMS,
  ],
  [
    'dynamodb-streams GetShardIterator',
    { StreamArn: stream },
    ['dynamodb:GetShardIterator table/t/stream/2026-11-21T00:00:00.000'],
    STREAMS,
  ],
  ['dynamodb-streams GetRecords', { ShardIterator: 'x' }, ['dynamodb:GetRecords table/*/stream/* ?'], STREAMS],
  ['dynamodb-streams ListStreams', {}, ['dynamodb:ListStreams *'], STREAMS],
  [
    'dynamodb DescribeBackup',
    { BackupArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t/backup/01' },
    ['dynamodb:DescribeBackup table/t/backup/01'],
    LIST,
  ],
  [
    'dynamodb RestoreTableFromBackup',
    { BackupArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t/backup/01', TargetTableName: 'n' },
    ['dynamodb:RestoreTableFromBackup table/t/backup/01 | table/n'],
    LIST,
  ],
  [
    'dynamodb ExportTableToPointInTime',
    { TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t', S3Bucket: 'b' },
    [
      'dynamodb:ExportTableToPointInTime table/t',
      's3:AbortMultipartUpload ::b/*',
      's3:PutObject ::b/*',
      's3:PutObjectAcl ::b/*',
    ],
    LIST,
  ],
]

check([...items, ...transactions, ...statements, ...others])
