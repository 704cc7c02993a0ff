// The wall: nothing that a function opens reaches a real AWS account, by whatever name and library; what is not AWS stays reachable.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { isAwsName, regionOfName, serviceOfName } from '../../src/local/wall-names.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { exchange, readAnswers, toRequest } from '../support/raw.ts'

// Every name that is looked up is noted, and answered with an address that leads nowhere: no test may ask the network.
const TRAP = `
  import dns from 'node:dns'
  const asked = []
  const known = dns.lookup
  dns.lookup = (host, options, told) => {
    asked.push(host)
    if (host === 'localhost') return known(host, options, told)
    const address = host === 'sneaky.test' ? '169.254.169.254' : host === 'mapped.test' ? '::ffff:169.254.170.2' : '192.0.2.1'
    const family = address.includes(':') ? 6 : 4
    queueMicrotask(() => (options.all ? told(null, [{ address, family }]) : told(null, address, family)))
  }
  const outcome = (work) => work.then((value) => ({ value }), (error) => {
    const cause = error.cause ?? error
    return { error: cause.name + ': ' + cause.message }
  })
`

const SDK = `${TRAP}
  import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
  import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
  export const handler = async ({ endpoint, forcePathStyle, credentials, bare }) => {
    if (bare) for (const name of Object.keys(process.env)) if (name.startsWith('AWS_') && name !== 'AWS_REGION' && !name.endsWith('_FILE')) delete process.env[name]
    const s3 = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle, ...(credentials ? { credentials } : {}) })
    const sqs = new SQSClient({ endpoint: 'https://sqs.us-east-1.amazonaws.com' })
    return { asked, ...(await outcome((async () => {
      const Bucket = 'walled'
      await s3.send(new CreateBucketCommand({ Bucket })).catch((error) => { if (error.name !== 'BucketAlreadyOwnedByYou') throw error })
      await s3.send(new PutObjectCommand({ Bucket, Key: 'a/b c', Body: 'kept here' }))
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b c' }))
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'walled' }))
      return [await Body.transformToString(), QueueUrl]
    })())) }
  }`

const WAYS = `${TRAP}
  import http from 'node:http'
  import https from 'node:https'
  import http2 from 'node:http2'
  import net from 'node:net'
  import tls from 'node:tls'
  import { execFileSync } from 'node:child_process'
  import { homedir } from 'node:os'
  const read = (request) => new Promise((resolve, reject) => {
    request.on('error', reject).on('response', async (response) => {
      let text = ''
      for await (const part of response) text += part
      resolve([response.statusCode, text])
    }).end()
  })
  const opened = (socket, event = 'connect') => new Promise((resolve, reject) =>
    socket.on('error', reject).on(event, () => { socket.destroy(); resolve('open') }))
  const WAYS = {
    fetch: async ({ url }) => { const answer = await fetch(url); return [answer.status, await answer.text()] },
    get: ({ url }) => read((url.startsWith('https') ? https : http).request(url)),
    net: ({ host, port }) => opened(net.connect(port, host)),
    options: ({ host, port }) => opened(net.connect({ host, port, autoSelectFamily: true })),
    socket: ({ host, port }) => opened(new net.Socket().connect(port, host)),
    tls: ({ host, port, servername }) => opened(tls.connect({ host, port, servername }), 'secureConnect'),
    http2: ({ url }) => new Promise((resolve, reject) => http2.connect(url).on('error', reject).on('connect', () => resolve('open'))),
    child: async () => JSON.parse(execFileSync(process.execPath, ['-p', 'JSON.stringify(process.env)']).toString()),
    env: async () => process.env,
    port: () => new Promise((resolve) => {
      const socket = net.connect(80, 's3.amazonaws.com', () => { resolve(socket.remotePort); socket.destroy() })
    }),
  }
  export const handler = async ({ way, ...given }) => ({ asked: asked.splice(0), ...(await outcome(WAYS[way](given))) })`

let app: Running
const api = createServer((_request, response) => response.end('the user’s own'))

before(async () => {
  process.env.AWS_PROFILE = 'production'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'the developer’s'
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { outputFiles } = await build({
    stdin: { contents: SDK, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    write: false,
  })
  const env = {
    AWS_PROFILE: 'production',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x',
  }
  app = await runApp({
    functions: {
      sdk: { code: outputFiles[0]?.text ?? '', timeout: 10 },
      ways: { code: WAYS, timeout: 10, env },
    },
  })
})
after(async () => {
  api.close()
  await app[Symbol.asyncDispose]()
})

interface Found {
  readonly asked: readonly string[]
  readonly value?: unknown
  readonly error?: string
}

async function go(given: object): Promise<Found> {
  const { value } = await app.call('ways', given)
  return value as Found
}

const EVERY_STYLE = [
  { endpoint: 'https://s3.us-east-1.amazonaws.com' },
  { endpoint: 'https://s3.us-east-1.amazonaws.com', forcePathStyle: true },
  { endpoint: 'http://s3.amazonaws.com', credentials: { accessKeyId: 'AKIAREAL', secretAccessKey: 'real' } },
]
for (const given of EVERY_STYLE)
  test(`an SDK client of ${JSON.stringify(given)} works on the local cloud, and looks no name up`, async () => {
    const { value } = await app.call('sdk', given)
    const { asked, ...found } = value as Found
    assert.deepEqual(found, { value: ['kept here', `${app.cloud.aws}/000000000000/walled`] })
    assert.deepEqual(asked, [])
  })

// Case sec-imds-ssrf.
test('an SDK client without anything else to go by does not get the machine’s credentials', async () => {
  const { value, failed } = await app.call('sdk', { endpoint: 'https://s3.us-east-1.amazonaws.com', bare: true })
  const { asked, error } = value as Found
  assert.equal(failed, false)
  assert.match(error ?? '', /GobletError|CredentialsProviderError/)
  assert.deepEqual(asked, [])
})

const WEB: readonly [string, string, RegExp][] = [
  ['fetch', 'https://sqs.us-east-1.amazonaws.com/?Action=ListQueues&Version=2012-11-05', /ListQueuesResult/],
  ['fetch', 'http://S3.eu-west-1.AMAZONAWS.com./', /ListAllMyBucketsResult/],
  ['get', 'https://s3.us-east-1.amazonaws.com/', /ListAllMyBucketsResult/],
  ['get', 'http://s3.dualstack.us-east-1.amazonaws.com/', /ListAllMyBucketsResult/],
  ['get', 'https://nobody.s3.us-east-1.amazonaws.com/key', /NoSuchBucket/],
  ['fetch', 'https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15', /<Account>000000000000</],
  ['get', 'https://secretsmanager.us-east-1.api.aws/', /UnknownOperationException/],
  ['get', 'https://ec2.us-east-1.api.aws/', /does not have the service ."ec2/],
  ['get', 'https://abc123.execute-api.us-east-1.amazonaws.com/cities', /Not Found/],
]
for (const [way, url, words] of WEB)
  test(`${way} ${url} is answered here`, async () => {
    const { asked, value, error } = await go({ way, url })
    assert.match(String(value), words, error)
    assert.deepEqual(asked, [])
  })

const REFUSED: readonly object[] = [
  { way: 'fetch', url: 'http://169.254.169.254/latest/meta-data/' },
  { way: 'fetch', url: 'http://0xa9fea9fe/latest/api/token' },
  { way: 'get', url: 'http://169.254.170.2/v2/credentials' },
  { way: 'get', url: 'http://[fd00:ec2::254]/latest/meta-data/' },
  { way: 'fetch', url: 'http://[::ffff:169.254.169.254]/' },
  { way: 'fetch', url: 'http://sneaky.test/' },
  { way: 'get', url: 'http://mapped.test/' },
  { way: 'net', host: '169.254.169.254', port: 80 },
  { way: 'options', host: 'fd00:ec2::254', port: 80 },
  { way: 'socket', host: '169.254.170.23', port: 80 },
  { way: 'options', host: 'sneaky.test', port: 80 },
  { way: 'net', host: 'mydb.abc.us-east-1.rds.amazonaws.com', port: 5432 },
]
for (const given of REFUSED)
  test(`${JSON.stringify(given)} is refused at once, in words`, async () => {
    const began = performance.now()
    const { error = '' } = await go(given)
    assert.match(error, /GobletError: A function run locally asked for .*--allow-remote/s)
    assert.ok(performance.now() - began < 3000)
  })

test('a TLS connection to an address is judged by the name it asks for', async () => {
  assert.deepEqual(await go({ way: 'tls', host: '192.0.2.1', port: 443, servername: 's3.amazonaws.com' }), {
    asked: [],
    value: 'open',
  })
})

test('the app and the services answer by https, too, under the names that events give', async () => {
  for (const [base, words] of [
    [app.cloud.http, /Not Found/],
    [app.cloud.aws, /ListAllMyBucketsResult/],
  ] as const)
    for (const way of ['fetch', 'get']) {
      const { value, error } = await go({ way, url: `${base.replace('http:', 'https:')}/` })
      assert.match(String(value), words, error)
    }
})

test('HTTP/2 to AWS is not spoken here, and goes nowhere else', async () => {
  const { asked, error } = await go({ way: 'http2', url: 'https://kinesis.us-east-1.amazonaws.com' })
  assert.deepEqual(asked, [])
  assert.ok(error)
})

test('what is not AWS stays reachable, by name and by address', async () => {
  const { port } = api.address() as AddressInfo
  for (const [way, host] of [
    ['fetch', 'localhost'],
    ['get', '127.0.0.1'],
  ] as const) {
    const { value, error } = await go({ way, url: `http://${host}:${port}/` })
    assert.deepEqual(value, [200, 'the user’s own'], error)
  }
  for (const name of ['amazonaws.com.evil.test', 'notamazonaws.com', 'aws.amazon.com.example.org'])
    assert.equal(isAwsName(name), false, name)
})

test('no credentials but the dummies, in the function and in what it starts', async () => {
  for (const way of ['env', 'child']) {
    const { value, error } = await go({ way })
    assert.ok(value !== undefined, error)
    const env = value as Record<string, string>
    assert.equal(env.AWS_ACCESS_KEY_ID, 'goblet')
    assert.equal(env.AWS_SECRET_ACCESS_KEY, 'goblet')
    assert.equal(env.AWS_CONFIG_FILE, '/dev/null')
    const others = Object.keys(env).filter((name) => /PROFILE|WEB_IDENTITY|CONTAINER|SSO/.test(name))
    assert.deepEqual(others, [])
  }
})

test('the port of the wall answers no page of a browser, and no name but AWS’s', async () => {
  const { value: port } = await go({ way: 'port' })
  const url = `http://127.0.0.1:${port}`
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
    const [answer] = readAnswers(await exchange(url, toRequest(url, 'GET', '/', headers), 60))
    return answer?.status
  }
  assert.equal(await ask({ Host: 's3.amazonaws.com' }), 200)
  assert.equal(await ask({ Host: `127.0.0.1:${port}` }), 403)
  assert.equal(await ask({ Host: 'evil.test' }), 403)
  assert.equal(await ask({ Host: 's3.amazonaws.com', Origin: 'http://s3.amazonaws.com' }), 403)
  assert.equal(await ask({ Host: 's3.amazonaws.com', 'Sec-Fetch-Site': 'none' }), 403)
})

const NAMES: readonly [string, string, string | undefined][] = [
  ['s3.amazonaws.com', 's3', undefined],
  ['my.photos.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
  ['photos.s3-us-west-2.amazonaws.com', 's3', 'us-west-2'],
  ['photos.s3-accelerate.dualstack.amazonaws.com', 's3', undefined],
  ['123456789012.s3-control.us-east-1.amazonaws.com', 's3-control', 'us-east-1'],
  ['eu-west-1.queue.amazonaws.com', 'sqs', 'eu-west-1'],
  ['dynamodb-fips.us-gov-west-1.amazonaws.com', 'dynamodb', 'us-gov-west-1'],
  ['123456789012.ddb.us-east-1.amazonaws.com', 'dynamodb', 'us-east-1'],
  ['sqs.cn-north-1.amazonaws.com.cn', 'sqs', 'cn-north-1'],
  ['abc.execute-api.us-east-1.amazonaws.com', 'execute-api', 'us-east-1'],
  ['abc.lambda-url.us-east-1.on.aws', 'lambda-url', 'us-east-1'],
  ['secretsmanager.us-east-1.api.aws', 'secretsmanager', 'us-east-1'],
  ['example.org', '', undefined],
]
test('a name of AWS tells its service and its region', () => {
  for (const [name, service, region] of NAMES)
    assert.deepEqual([serviceOfName(name), regionOfName(name)], [service, region], name)
})
