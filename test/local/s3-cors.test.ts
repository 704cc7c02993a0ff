// Pages of other origins: a bucket's CORS rules, preflights, and what the guard lets through to S3.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { exchange, readAnswers, toRequest } from '../support/raw.ts'
import { fails } from '../support/s3.ts'

const PAGE = 'http://app.example'
let app: Running
let client: sdk.S3Client
before(async () => {
  app = await runApp({ functions: {} })
  client = new sdk.S3Client({
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: LOCAL_CREDENTIALS,
  })
  for (const Bucket of ['pages', 'closed']) await client.send(new sdk.CreateBucketCommand({ Bucket }))
  await client.send(new sdk.PutObjectCommand({ Bucket: 'pages', Key: 'k', Body: 'text' }))
  await client.send(new sdk.PutObjectCommand({ Bucket: 'closed', Key: 'k', Body: 'text' }))
})
after(async () => {
  client.destroy()
  await app[Symbol.asyncDispose]()
})

const allow = (CORSRules: sdk.CORSRule[]): Promise<unknown> =>
  client.send(new sdk.PutBucketCorsCommand({ Bucket: 'pages', CORSConfiguration: { CORSRules } }))

interface Answer {
  readonly status: number
  readonly body: string
  readonly header: (name: string) => string | undefined
}

async function ask(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  const sent = await exchange(app.cloud.aws, toRequest(app.cloud.aws, method, path, headers, body), 60)
  const [answer] = readAnswers(sent)
  assert.ok(answer, sent)
  return {
    status: answer.status,
    body: answer.body,
    header: (name) => answer.headers.find(([found]) => found === name)?.[1],
  }
}

const preflight = (origin: string, method: string, headers = '', path = '/pages/k'): Promise<Answer> =>
  ask('OPTIONS', path, {
    Origin: origin,
    'Access-Control-Request-Method': method,
    ...(headers === '' ? {} : { 'Access-Control-Request-Headers': headers }),
  })

test('rules are kept and given back; what S3 refuses', async () => {
  const none = new sdk.GetBucketCorsCommand({ Bucket: 'pages' })
  await fails(client.send(none), 'NoSuchCORSConfiguration', 404)
  const rule: sdk.CORSRule = {
    ID: 'one',
    AllowedOrigins: [PAGE, 'https://*.example'],
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['x-amz-*', 'Content-Type'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 30,
  }
  await allow([rule])
  assert.deepEqual((await client.send(none)).CORSRules, [rule])
  const refused = async (more: Partial<sdk.CORSRule>, words: string): Promise<void> => {
    const error = await fails(allow([{ ...rule, ...more }]), 'InvalidRequest', 400)
    assert.equal(error.message, words)
  }
  await refused(
    { AllowedMethods: ['PATCH'] },
    'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
  )
  await refused({ AllowedOrigins: ['http://*.*'] }, 'AllowedOrigin "http://*.*" can not have more than one wildcard.')
  await refused({ AllowedHeaders: ['*-*'] }, 'AllowedHeader "*-*" can not have more than one wildcard.')
  await refused(
    { ExposeHeaders: ['x-*'] },
    'ExposeHeader "x-*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
  )
  await fails(allow([]), 'MalformedXML', 400)
})

test('preflights are answered from the rules', async () => {
  const allowed = await preflight(PAGE, 'PUT', 'Content-Type, X-Amz-Meta-A')
  assert.equal(allowed.status, 200)
  assert.equal(allowed.header('access-control-allow-origin'), PAGE)
  assert.equal(allowed.header('access-control-allow-methods'), 'GET, PUT')
  assert.equal(allowed.header('access-control-allow-headers'), 'content-type, x-amz-meta-a')
  assert.equal(allowed.header('access-control-max-age'), '30')
  assert.equal(allowed.header('access-control-allow-credentials'), 'true')
  assert.equal(allowed.header('vary'), 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method')
  assert.equal((await preflight('https://a.example', 'GET')).header('access-control-allow-origin'), 'https://a.example')
  for (const [origin, method, headers] of [
    ['http://evil.example', 'GET', ''],
    [PAGE, 'DELETE', ''],
    [PAGE, 'PUT', 'x-other'],
  ] as const) {
    const refused = await preflight(origin, method, headers)
    assert.equal(refused.status, 403)
    assert.match(refused.body, /<Code>AccessForbidden<\/Code><Message>CORSResponse: This CORS request is not allowed\./)
    assert.match(refused.body, new RegExp(`<Method>${method}</Method><ResourceType>OBJECT</ResourceType>`))
    assert.equal(refused.header('access-control-allow-origin'), undefined)
  }
  assert.match(
    (await preflight(PAGE, 'GET', '', '/closed/k')).body,
    /CORSResponse: CORS is not enabled for this bucket\./,
  )
  assert.match((await preflight(PAGE, 'GET', '', '/nothing/k')).body, /CORSResponse: Bucket not found/)
  const hosted = await ask('OPTIONS', '/k', {
    Host: `pages.s3.localhost:${new URL(app.cloud.aws).port}`,
    Origin: PAGE,
    'Access-Control-Request-Method': 'GET',
  })
  assert.equal(hosted.status, 200)
})

test('a page reaches what its bucket admits, and nothing else', async () => {
  const get = await ask('GET', '/pages/k', { Origin: PAGE, 'Sec-Fetch-Site': 'cross-site' })
  assert.deepEqual([get.status, get.body], [200, 'text'])
  assert.equal(get.header('access-control-allow-origin'), PAGE)
  assert.equal(get.header('access-control-expose-headers'), 'ETag')
  const missing = await ask('GET', '/pages/none', { Origin: PAGE })
  assert.deepEqual([missing.status, missing.header('access-control-allow-origin')], [404, PAGE])
  assert.equal((await ask('PUT', '/pages/new', { Origin: PAGE }, 'x')).status, 200)
  // Its own rules are no object.
  const document = '<CORSConfiguration/>'
  for (const [method, path, headers, body] of [
    ['GET', '/closed/k', { Origin: PAGE }, ''],
    ['GET', '/pages/k', { Origin: 'http://evil.example' }, ''],
    ['DELETE', '/pages/k', { Origin: PAGE }, ''],
    ['PUT', '/pages?cors', { Origin: PAGE }, document],
    ['PUT', '/another', { Origin: PAGE }, ''],
    ['GET', '/', { Origin: PAGE }, ''],
    ['GET', '/_goblet/model', { Origin: PAGE }, ''],
    ['POST', '/pages/k', { Origin: PAGE, 'X-Amz-Target': 'AmazonSQS.ListQueues' }, '{}'],
    ['GET', '/pages/k', { Origin: PAGE, Host: 'evil.example' }, ''],
    ['GET', '/pages/k', { 'Sec-Fetch-Site': 'cross-site' }, ''],
  ] as const) {
    const answer = await ask(method, path, headers, body)
    assert.equal(answer.status, 403, `${method} ${path}`)
    assert.equal(answer.header('access-control-allow-origin'), undefined)
    assert.doesNotMatch(answer.body, /^text$/)
  }
  // A program without an origin sees none of it.
  assert.equal((await ask('GET', '/pages/k', {})).header('vary'), undefined)
})

test('presigned URLs work from pages', async () => {
  const url = new URL(await getSignedUrl(client, new sdk.GetObjectCommand({ Bucket: 'closed', Key: 'k' })))
  // As an image of another site would be asked for.
  const shown = await ask('GET', url.pathname + url.search, { 'Sec-Fetch-Site': 'cross-site' })
  assert.deepEqual([shown.status, shown.body], [200, 'text'])
  const forged = await ask('GET', `${url.pathname}${url.search.replace(/.$/, '!')}`, { 'Sec-Fetch-Site': 'cross-site' })
  assert.equal(forged.status, 403)
  for (const query of [
    'Signature=x',
    'X-Amz-Signature=x&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request',
  ])
    assert.equal((await ask('GET', `/closed/k?${query}`, { 'Sec-Fetch-Site': 'cross-site' })).status, 403)
  const put = new URL(await getSignedUrl(client, new sdk.PutObjectCommand({ Bucket: 'pages', Key: 'up' })))
  const sent = await ask('PUT', put.pathname + put.search, { Origin: PAGE }, 'up')
  assert.deepEqual([sent.status, sent.header('access-control-allow-origin')], [200, PAGE])
})

test('a form may come from a page that the bucket admits for POST', async () => {
  const type = { 'Content-Type': 'multipart/form-data; boundary=b' }
  const form = '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--b--\r\n'
  const refused = await ask('POST', '/pages', { Origin: PAGE, ...type }, form)
  assert.doesNotMatch(refused.body, /<Error>/)
  await allow([{ AllowedOrigins: [PAGE], AllowedMethods: ['POST'] }])
  const answer = await ask('POST', '/pages', { Origin: PAGE, ...type }, form)
  // It has no policy: S3 itself says so, and the page may read it.
  assert.match(answer.body, /<Code>AccessDenied</)
  assert.equal(answer.header('access-control-allow-origin'), PAGE)
})

test('a star admits all, without credentials', async () => {
  await allow([{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }])
  const url = new URL(await getSignedUrl(client, new sdk.GetObjectCommand({ Bucket: 'pages', Key: 'k' })))
  const answer = await ask('GET', url.pathname + url.search, { Origin: 'null' })
  assert.deepEqual([answer.status, answer.header('access-control-allow-origin')], [200, '*'])
  for (const own of ['http://localhost:5173', 'https://127.0.0.1', 'http://[::1]:3000'])
    assert.equal((await ask('GET', '/pages/k', { Origin: own })).status, 200, own)
  // Unsigned, the web has no part in it.
  for (const foreign of ['null', 'https://evil.example', 'http://localhost.evil.example', 'http://x.localhost:5173'])
    assert.equal((await ask('GET', '/pages/k', { Origin: foreign })).status, 403, foreign)
  assert.equal(answer.header('access-control-allow-credentials'), undefined)
  await client.send(new sdk.DeleteBucketCorsCommand({ Bucket: 'pages' }))
  assert.equal((await ask('GET', '/pages/k', { Origin: PAGE })).status, 403)
})
