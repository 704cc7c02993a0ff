// PartiQL: statements alone, in batches and in transactions.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { AttributeValue, ExecuteStatementCommandInput } from '@aws-sdk/client-dynamodb'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { seeded } from '../support/random.ts'

let cloud: OpenedDynamoDb
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const })

beforeEach(async () => {
  cloud = await openTables()
  await cloud.create('music', ['artist', 'song'], {
    AttributeDefinitions: ['artist', 'song', 'genre'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byGenre',
        KeySchema: [hash('genre')],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['year'] },
      },
    ],
  })
  await run(`INSERT INTO "music" VALUE {'artist': 'Ann', 'song': 'One', 'year': 1999, 'genre': 'folk'}`)
  await run(`INSERT INTO music VALUE {'artist': ?, 'song': ?, 'year': ?, 'tags': <<'a','b'>>, 'info': {'length': 3}}`, [
    { S: 'Ann' },
    { S: 'Two' },
    { N: '2005' },
  ])
  await run(`INSERT INTO music VALUE {'artist': 'Bob', 'song': 'It''s', 'list': [1, 'x', true, null, {'k': -1.5}]}`)
})
afterEach(() => cloud.close())

const run = async (
  Statement: string,
  Parameters?: AttributeValue[],
  more: Partial<ExecuteStatementCommandInput> = {},
) => await cloud.client.executeStatement({ Statement, ...(Parameters === undefined ? {} : { Parameters }), ...more })
const songs = async (statement: string, parameters?: AttributeValue[]) =>
  (await run(statement, parameters)).Items?.map(({ song }) => song?.S)

test('values of every kind are written as they stand', async () => {
  const { Item } = await cloud.client.getItem({
    TableName: 'music',
    Key: { artist: { S: 'Bob' }, song: { S: "It's" } },
  })
  assert.deepEqual(Item?.list, {
    L: [{ N: '1' }, { S: 'x' }, { BOOL: true }, { NULL: true }, { M: { k: { N: '-1.5' } } }],
  })
  const two = await cloud.client.getItem({ TableName: 'music', Key: { artist: { S: 'Ann' }, song: { S: 'Two' } } })
  assert.deepEqual([two.Item?.tags, two.Item?.info], [{ SS: ['a', 'b'] }, { M: { length: { N: '3' } } }])
})

test('conditions choose items', async () => {
  const cases: [string, string[]][] = [
    [`SELECT * FROM music WHERE artist = 'Ann'`, ['One', 'Two']],
    [`SELECT * FROM music WHERE artist = 'Ann' AND song = 'Two'`, ['Two']],
    [`select song from "music" where "artist" = 'Ann' and begins_with("song", 'T')`, ['Two']],
    [`SELECT song FROM music WHERE artist = 'Ann' AND year BETWEEN 2000 AND 2010`, ['Two']],
    [`SELECT song FROM music WHERE artist = 'Ann' AND NOT year > 2000`, ['One']],
    [`SELECT song FROM music WHERE artist = 'Ann' AND (year = 1999 OR contains(tags, 'b'))`, ['One', 'Two']],
    [`SELECT song FROM music WHERE artist = 'Ann' AND genre IS MISSING`, ['Two']],
    [`SELECT song FROM music WHERE artist = 'Ann' AND genre IS NOT MISSING`, ['One']],
    [`SELECT song FROM music WHERE info.length = 3`, ['Two']],
    [`SELECT song FROM music WHERE list[3] IS NULL`, ["It's"]],
    [`SELECT song FROM music WHERE size(list) > 4`, ["It's"]],
    [`SELECT song FROM music WHERE artist IN ['Bob', 'Eve']`, ["It's"]],
    [`SELECT song FROM music WHERE artist = 'Ann' AND year <> 1999`, ['Two']],
    [`SELECT song FROM music WHERE artist = 'Ann' ORDER BY song DESC`, ['Two', 'One']],
    [`SELECT song FROM music WHERE artist = 'Nobody'`, []],
  ]
  for (const [statement, expected] of cases) assert.deepEqual(await songs(statement), expected, statement)
  const nested = await run(`SELECT info.length FROM music WHERE artist = 'Ann' AND song = 'Two'`)
  assert.deepEqual(nested.Items, [{ length: { N: '3' } }])
  const index = await run(`SELECT * FROM "music"."byGenre" WHERE genre = 'folk'`)
  assert.deepEqual(index.Items, [
    { artist: { S: 'Ann' }, song: { S: 'One' }, genre: { S: 'folk' }, year: { N: '1999' } },
  ])
})

test('updates, deletes, and what they return', async () => {
  const where = `WHERE artist = 'Ann' AND song = 'Two'`
  const item = async () =>
    (await cloud.client.getItem({ TableName: 'music', Key: { artist: { S: 'Ann' }, song: { S: 'Two' } } })).Item
  await run(`UPDATE music SET year = year + 1 SET info.length = 4, tags = set_add(tags, <<'c'>>) ${where}`)
  assert.deepEqual((await item())?.year, { N: '2006' })
  assert.deepEqual((await item())?.tags, { SS: ['a', 'b', 'c'] })
  await run(`UPDATE music SET tags = set_delete(tags, <<'a'>>) REMOVE info.length ${where}`)
  assert.deepEqual((await item())?.tags, { SS: ['b', 'c'] })
  const modified = await run(`UPDATE music SET year = ? ${where} RETURNING MODIFIED OLD *`, [{ N: '1' }])
  assert.deepEqual(modified.Items, [{ year: { N: '2006' } }])
  const all = await run(`UPDATE music SET list = list_append([1], [2]) ${where} RETURNING ALL NEW *`)
  assert.deepEqual(all.Items?.[0]?.list, { L: [{ N: '1' }, { N: '2' }] })
  await assert.rejects(run(`UPDATE music SET year = 2 ${where} AND year = 5`), {
    name: 'ConditionalCheckFailedException',
  })
  await assert.rejects(run(`UPDATE music SET year = 2 WHERE artist = 'No' AND song = 'No'`), {
    name: 'ConditionalCheckFailedException',
  })
  await assert.rejects(run(`DELETE FROM music ${where} AND year = 5`), { name: 'ConditionalCheckFailedException' })
  assert.deepEqual((await run(`DELETE FROM music ${where} RETURNING ALL OLD *`)).Items?.[0]?.year, { N: '1' })
  assert.equal(await item(), undefined)
  await run(`DELETE FROM music ${where}`)
  await assert.rejects(run(`INSERT INTO music VALUE {'artist': 'Ann', 'song': 'One'}`), {
    name: 'DuplicateItemException',
    message: 'Duplicate primary key exists in table',
  })
})

test('pages go on by their token', async () => {
  for (let at = 0; at < 10; at++)
    await run(`INSERT INTO music VALUE {'artist': 'Many', 'song': ?}`, [{ S: String(at) }])
  const found: (string | undefined)[] = []
  let NextToken: string | undefined
  do {
    const page = await run(`SELECT song FROM music WHERE artist = 'Many'`, undefined, {
      Limit: 3,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    found.push(...(page.Items?.map(({ song }) => song?.S) ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  assert.deepEqual(found, [...'0123456789'])
})

// Source of the words: dynamodb-conformance, recorded on AWS.
const refused: readonly [statement: string, words: string][] = [
  ['SLECT * FROM music', "Statement wasn't well formed, can't be processed: Expected data manipulation"],
  [
    `DELETE FROM music WHERE artist = 'x' RETURNING MODIFIED OLD *`,
    'Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
  ],
  [`SELECT * FROM music.nope WHERE artist = 'x'`, 'The table does not have the specified index'],
  [`SELECT * FROM music.a.b WHERE artist = 'x'`, 'A path may contain at most 2 components in the FROM clause'],
  [`SELECT * FROM "" WHERE artist = 'x'`, 'Path component cannot be an empty string'],
  [
    `SELECT artist FROM music.byGenre WHERE genre = 'y' AND other = 'x'`,
    'One or more parameter values were invalid: Secondary index byGenre does not project one or more filter attributes: [other]',
  ],
  [
    `SELECT other FROM music.byGenre WHERE genre = 'y'`,
    'One or more parameter values were invalid: Global secondary index byGenre does not project [other]',
  ],
  [
    `SELECT artist FROM none WHERE artist = 'x' AND val < true`,
    'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
  ],
  [`SELECT artist FROM none WHERE artist = 'x'`, 'Requested resource not found'],
  [
    `UPDATE music SET year = 1 WHERE artist = 'x'`,
    'Where clause does not contain a mandatory equality on all key attributes',
  ],
  [`SELECT * FROM music WHERE artist = ?`, "Number of parameters in request and statement don't match."],
]

test('what is refused, in the words of AWS', async () => {
  for (const [Statement, words] of refused) {
    const { status, message } = await cloud.raw('ExecuteStatement', { Statement })
    assert.deepEqual([status, message], [400, words], Statement)
  }
  await assert.rejects(run(`SELECT * FROM music.byGenre WHERE genre = 'x'`, undefined, { ConsistentRead: true }), {
    message: 'Strongly consistent read is not supported on Global Secondary Indexes',
  })
})

const batch = async (...statements: string[]) => {
  const Statements = statements.map((Statement) => ({ Statement }))
  return (await cloud.client.batchExecuteStatement({ Statements })).Responses ?? []
}

test('a batch answers each statement for itself', async () => {
  const reads = await batch(
    `SELECT year FROM music WHERE artist = 'Ann' AND song = 'One'`,
    `SELECT info.length FROM music WHERE artist = 'Ann' AND song = 'Two'`,
    `SLECT * FROM music`,
    `SELECT * FROM none WHERE a = 'x'`,
    `SELECT * FROM music WHERE year = 3`,
    `SELECT * FROM music WHERE artist = 'Bob' AND song = 'Six' AND year = 3`,
  )
  const words = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.'
  assert.deepEqual(
    reads.map(({ Item, Error: error, TableName }) => [Item ?? error?.Code, TableName]),
    [
      [{ year: { N: '1999' } }, 'music'],
      [{ info: { M: { length: { N: '3' } } } }, 'music'],
      ['ValidationError', undefined],
      ['ResourceNotFound', 'none'],
      ['ValidationError', undefined],
      ['ValidationError', undefined],
    ],
  )
  assert.deepEqual([reads[4]?.Error?.Message, reads[5]?.Error?.Message], [words, words])
  const writes = await batch(
    `INSERT INTO music VALUE {'artist': 'Ann', 'song': 'One'}`,
    `UPDATE music SET year = 7 WHERE artist = 'Ann' AND song = 'Two' RETURNING MODIFIED NEW *`,
    `UPDATE music REMOVE list WHERE artist = 'Bob' AND song = 'It''s' RETURNING MODIFIED NEW *`,
  )
  assert.deepEqual(
    writes.map(({ Item, Error: error, TableName }) => [Item ?? error?.Code, TableName]),
    [
      ['DuplicateItem', 'music'],
      [{ year: { N: '7' } }, 'music'],
      [undefined, 'music'],
    ],
  )
})

test('a batch reads or writes, each item once; otherwise nothing of it runs', async () => {
  const one = `artist = 'Ann' AND song = 'One'`
  const cases: [string[], string][] = [
    [
      [`DELETE FROM music WHERE ${one}`, `SELECT * FROM music WHERE artist = 'Ann' AND song = 'Two'`, 'nonsense'],
      'Read and write requests together in the same batch is not supported.',
    ],
    [
      [`DELETE FROM music WHERE ${one}`, `UPDATE music SET year = 1 WHERE song = 'One' AND artist = 'Ann'`],
      'Provided list of item keys contains duplicates',
    ],
    [
      [`SELECT * FROM music WHERE ${one}`, `SELECT year FROM music WHERE ${one}`],
      'Provided list of item keys contains duplicates',
    ],
  ]
  for (const [statements, message] of cases)
    await assert.rejects(batch(...statements), { name: 'ValidationException', message })
  assert.deepEqual(await songs(`SELECT * FROM music WHERE ${one}`), ['One'])
  const Statements = [
    { Statement: `DELETE FROM music WHERE ${one}` },
    { Statement: 'DELETE FROM music WHERE artist = ? AND song = ?', Parameters: [{ N: 'x' }, { S: 'y' }] },
  ]
  await assert.rejects(cloud.client.batchExecuteStatement({ Statements }), { name: 'ValidationException' })
  assert.deepEqual(await songs(`SELECT * FROM music WHERE ${one}`), ['One'])
})

test('a transaction writes all or nothing, once for a token', async () => {
  const transaction = (...statements: string[]) =>
    cloud.client.executeTransaction({ TransactStatements: statements.map((Statement) => ({ Statement })) })
  const done = await transaction(
    `INSERT INTO music VALUE {'artist': 'New', 'song': 'A'}`,
    `UPDATE music SET year = 1 WHERE artist = 'Ann' AND song = 'One'`,
    `EXISTS(SELECT * FROM music WHERE artist = 'Ann' AND song = 'Two' AND year = 2005)`,
  )
  assert.deepEqual(done.Responses, [])
  await assert.rejects(
    transaction(
      `INSERT INTO music VALUE {'artist': 'New', 'song': 'B'}`,
      `INSERT INTO music VALUE {'artist': 'New', 'song': 'A'}`,
      `EXISTS(SELECT * FROM music WHERE artist = 'Ann' AND song = 'Two' AND year = 1)`,
    ),
    (error: Error & { CancellationReasons?: { Code?: string }[] }) => {
      assert.equal(error.name, 'TransactionCanceledException')
      assert.deepEqual(
        error.CancellationReasons?.map(({ Code }) => Code),
        ['None', 'DuplicateItem', 'ConditionalCheckFailed'],
      )
      return true
    },
  )
  const read = await transaction(
    `SELECT * FROM music WHERE artist = 'New' AND song = 'A'`,
    `SELECT * FROM music WHERE artist = 'New' AND song = 'B'`,
  )
  assert.deepEqual(read.Responses, [{ Item: { artist: { S: 'New' }, song: { S: 'A' } } }, {}])
  const inTransaction = 'Select statements within ExecuteTransaction must specify the primary key in the where clause.'
  for (const [statement, words] of [
    [
      `SELECT * FROM music WHERE artist = 'x' AND song = 'y' AND year = 1`,
      `Validation failed in TransactStatements[0]: ${inTransaction}`,
    ],
    [`SELECT * FROM music WHERE artist = 'x'`, `Validation failed in TransactStatements[0]: ${inTransaction}`],
    [
      `UPDATE music SET year = 1 WHERE artist = 'x' AND song = 'y' RETURNING ALL NEW *`,
      'Validation failed in TransactStatements[0]: RETURNING clause is not supported in ExecuteTransaction.',
    ],
    [
      `SELECT * FROM music.byGenre WHERE genre = 'x'`,
      'Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.',
    ],
  ] as const)
    await assert.rejects(transaction(statement), { name: 'ValidationException', message: words })
  const key = `WHERE artist = 'Ann' AND song = 'One'`
  await assert.rejects(transaction(`SELECT * FROM music ${key}`, `SELECT year FROM music ${key}`), {
    name: 'ValidationException',
    message: 'Transaction request cannot include multiple operations on one item',
  })
  await assert.rejects(
    transaction(`SELECT * FROM music ${key}`, `DELETE FROM music WHERE artist = 'x' AND song = 'y'`),
    {
      message: 'ExecuteTransaction API does not support both read and write operations in the same request.',
    },
  )
  const input = {
    ClientRequestToken: 'token',
    TransactStatements: [{ Statement: `UPDATE music SET year = year + 1 WHERE artist = 'Ann' AND song = 'One'` }],
  }
  await cloud.client.executeTransaction(input)
  await cloud.client.executeTransaction(input)
  assert.deepEqual((await run(`SELECT year FROM music WHERE artist = 'Ann' AND song = 'One'`)).Items, [
    { year: { N: '2' } },
  ])
})

test('whatever a statement is, it is answered or refused', async () => {
  const random = seeded(11)
  const words = [
    'SELECT',
    '*',
    'FROM',
    'music',
    'WHERE',
    'artist',
    '=',
    "'Ann'",
    'AND',
    'NOT',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
  ]
  const more = [
    '<<',
    '>>',
    '?',
    '1',
    'IN',
    'IS',
    'MISSING',
    'BETWEEN',
    'UPDATE',
    'SET',
    'INSERT',
    'INTO',
    'VALUE',
    '"',
    "'",
    ':',
    '.',
  ]
  const all = [...words, ...more]
  for (let round = 0; round < 400; round++) {
    let Statement = ''
    for (let length = random.whole(14); length >= 0; length--) Statement += `${all[random.whole(all.length)] ?? ''} `
    const { status, type } = await cloud.raw('ExecuteStatement', { Statement })
    assert.ok(status === 200 || type === 'ValidationException', `${status} ${type}: ${Statement}`)
  }
  const { status } = await cloud.raw('ExecuteStatement', { Statement: `SELECT * FROM music WHERE ${'('.repeat(4000)}` })
  assert.equal(status, 400)
})
