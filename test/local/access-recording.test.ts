// What functions do is held against what they may do however it comes: signed ahead, as a form, while the code loads. And it is noted.
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { readExercised } from '../../src/local/index.ts'
import type { Grant } from '../../src/model/index.ts'
import { type AppText, grant, runApp } from '../support/cloud.ts'

const REQUIRE = `import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(import.meta.url)})
`

// Signs ahead: a URL to read an object, one to write it, and a form.
const SIGNER = `${REQUIRE}
const { S3Client, GetObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3')
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner')
const { createPresignedPost } = require('@aws-sdk/s3-presigned-post')
const client = new S3Client({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
export const handler = async () => ({
  get: await getSignedUrl(client, new GetObjectCommand({ Bucket: 'bucket', Key: 'a' })),
  put: await getSignedUrl(client, new PutObjectCommand({ Bucket: 'bucket', Key: 'a' })),
  form: await createPresignedPost(client, { Bucket: 'bucket', Key: 'a' }),
})`

const KEEPER = `${REQUIRE}
const { S3Client, CreateBucketCommand } = require('@aws-sdk/client-s3')
export const handler = () => new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'bucket' })).then(() => 1)`

// Calls as it loads.
const EAGER = `${REQUIRE}
const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm')
const client = new SSMClient({ maxAttempts: 1 })
const ask = (Name) => client.send(new GetParameterCommand({ Name })).then(() => 'found', (error) => error.name)
const early = await ask('/early')
const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts')
const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}))
export const handler = async () => early + ' ' + Arn
`

const WRITER = `${REQUIRE}
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3')
const client = new S3Client({ forcePathStyle: true, maxAttempts: 1 })
export const handler = async ({ keys }) => {
  const ends = []
  for (const Key of keys)
    ends.push(await client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'x' })).then(() => 'ok', ({ name }) => name))
  return ends
}`

const put = grant('s3:PutObject', 'arn:aws:s3:::bucket/*')
const get = grant('s3:GetObject', 'arn:aws:s3:::bucket/*')
const large = { memory: 256, timeout: 20 }

const signing = (grants: readonly Grant[]): AppText => ({
  functions: { signer: { code: SIGNER, ...large }, keeper: { code: KEEPER, ...large } },
  grants: { signer: grants },
})

describe('what a function has signed', () => {
  it('is its own: a URL and a form may do what it may, also when its sandbox is gone', async () => {
    await using app = await runApp(signing([put]))
    await app.call('keeper')
    const { value } = await app.call('signer')
    const signed = value as { get: string; put: string; form: { url: string; fields: Record<string, string> } }
    const form = (): FormData => {
      const data = new FormData()
      for (const [name, field] of Object.entries(signed.form.fields)) data.set(name, field)
      data.set('file', new Blob(['by form']))
      return data
    }
    const post = (): Promise<Response> => fetch(signed.form.url, { method: 'POST', body: form() })
    const write = (): Promise<Response> => fetch(signed.put, { method: 'PUT', body: 'by URL' })

    assert.equal((await write()).status, 200)
    assert.equal((await post()).status, 204)
    const refused = await fetch(signed.get)
    assert.equal(refused.status, 403)
    assert.match(
      await refused.text(),
      /<Code>AccessDenied<\/Code><Message>User: arn:aws:sts::000000000000:assumed-role\/test-dev-signer-role\/test-dev-signer is not authorized to perform: s3:GetObject on resource: (?:"|&quot;)arn:aws:s3:::bucket\/a(?:"|&quot;) because/,
    )

    // Another code, hence another sandbox.
    await app.apply({
      ...signing([get]),
      functions: { ...signing([]).functions, signer: { code: `${SIGNER}\n`, ...large } },
    })
    assert.equal(await (await fetch(signed.get)).text(), 'by form')
    assert.equal((await write()).status, 403)
    const unposted = await post()
    assert.equal(unposted.status, 403)
    assert.match(await unposted.text(), /s3:PutObject/)
  })
})

describe('a call while the code loads', () => {
  it("is the function's", async () => {
    const functions = { eager: { code: EAGER, ...large } }
    await using app = await runApp({ functions, grants: { eager: [] } })
    const arn = 'arn:aws:sts::000000000000:assumed-role/test-dev-eager-role/test-dev-eager'
    assert.equal((await app.call('eager')).value, `AccessDeniedException ${arn}`)
    const allowed = [grant('ssm:GetParameter', 'arn:aws:ssm:us-east-1:000000000000:parameter/early')]
    await app.apply({ functions: { eager: { code: `${EAGER}\n`, ...large } }, grants: { eager: allowed } })
    assert.equal((await app.call('eager')).value, `ParameterNotFound ${arn}`)
  })
})

const writing = (grants: readonly Grant[], iam: AppText['iam']): AppText => ({
  functions: { writer: { code: WRITER, ...large }, keeper: { code: KEEPER, ...large } },
  grants: { writer: grants },
  ...(iam === undefined ? {} : { iam }),
})
const some = grant('s3:PutObject', 'arn:aws:s3:::bucket/some/*')
const unused = grant('sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:q')
const own = grant('logs:PutLogEvents', '*', { by: 'goblet' })

describe('a denied call', () => {
  it('is told to the developer with its place and how to mend it, and to AWS clients without', async () => {
    await using app = await runApp(writing([some], 'enforce'))
    await app.call('keeper')
    const { requestId, value } = await app.call('writer', { keys: ['some/1', 'other'] })
    assert.deepEqual(value, ['ok', 'AccessDenied'])
    const [told, ...more] = app.cloud.journal.read({ function: 'writer' }).filter(({ kind }) => kind === 'denied')
    assert.equal(more.length, 0)
    assert.ok(told?.kind === 'denied')
    assert.deepEqual([told.requestId, told.passed, told.action], [requestId, false, 's3:PutObject'])
    assert.equal(told.complaint.code, 'GOBLET_DENIED')
    assert.deepEqual(told.complaint.where, { file: 'app.ts', line: 1 })
    assert.match(
      told.complaint.message,
      /writer to do s3:PutObject on arn:aws:s3:::bucket\/other.* It has s3:PutObject on arn:aws:s3:::bucket\/some\/\* \(app\.ts:7\)/,
    )
    assert.match(
      told.complaint.mend,
      /permissions: \[\{ actions: \['s3:PutObject'\], resources: \['arn:aws:s3:::bucket\/other'\], why: '…' \}\]/,
    )
    assert.ok(!app.lines('writer').some((line) => line.includes('GOBLET')))
  })

  it('is let through and told once where that is asked for, and let through in silence where it is off', async () => {
    await using app = await runApp(writing([some], 'warn'))
    await app.call('keeper')
    const told = (): number =>
      app.cloud.journal.read({ function: 'writer' }).filter(({ kind }) => kind === 'denied').length
    assert.deepEqual((await app.call('writer', { keys: ['a', 'a', 'b', 'some/x'] })).value, ['ok', 'ok', 'ok', 'ok'])
    assert.equal(told(), 2)
    await app.apply(writing([some], 'off'))
    assert.deepEqual((await app.call('writer', { keys: ['c'] })).value, ['ok'])
    assert.equal(told(), 2)
    const beyond = app.cloud.permissions().exercised.filter(({ allowed }) => !allowed)
    assert.deepEqual(
      beyond.map(({ resource }) => resource.split('/').at(-1)),
      ['a', 'b', 'c'],
    )
  })
})

describe('what was done', () => {
  it('is noted beside what may be done, and what was never needed is told', async () => {
    await using app = await runApp(writing([some, unused, own], 'enforce'))
    await app.call('keeper')
    const before = app.cloud.permissions()
    assert.deepEqual(
      [before.exercised, before.unused],
      [
        [],
        [
          { function: 'writer', ...some },
          { function: 'writer', ...unused },
        ],
      ],
    )
    await app.call('writer', { keys: ['some/1', 'some/1', 'no'] })
    const { exercised, granted, unused: never } = app.cloud.permissions()
    assert.deepEqual(exercised, [
      { function: 'writer', action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/some/1', allowed: true },
      { function: 'writer', action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/no', allowed: false },
    ])
    assert.deepEqual(
      granted.map(({ action }) => action),
      ['s3:PutObject', 'sqs:SendMessage', 'logs:PutLogEvents'],
    )
    // What Goblet does for the function goes no way that is seen here.
    assert.deepEqual(never, [{ function: 'writer', ...unused }])
    const answer = await fetch(`${app.cloud.aws}/_goblet/permissions`)
    assert.deepEqual(await answer.json(), JSON.parse(JSON.stringify({ exercised, granted, unused: never })))
  })

  it('is kept over a restart, and read without a running cloud', async () => {
    const app = await runApp(writing([some], 'enforce'))
    await app.call('keeper')
    await app.call('writer', { keys: ['some/1'] })
    const { exercised } = app.cloud.permissions()
    await app.restart()
    assert.deepEqual(app.cloud.permissions().exercised, exercised)
    assert.deepEqual(app.cloud.permissions().unused, [])
    await app.cloud.close()
    assert.deepEqual(await readExercised(`${app.root}/state`), exercised)
    await rm(app.root, { recursive: true })
  })

  it('is bounded: of very many objects the pattern is noted that allows them', async () => {
    await using app = await runApp(writing([some], 'enforce'))
    await app.call('keeper')
    const keys = Array.from({ length: 130 }, (_, index) => `some/${index}`)
    await app.call('writer', { keys })
    const { exercised } = app.cloud.permissions()
    assert.equal(exercised.length, 101)
    assert.equal(exercised.at(-1)?.resource, some.resource)
  })
})
