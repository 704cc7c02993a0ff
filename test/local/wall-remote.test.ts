// `--allow-remote`: a service that was opened by name gets what functions ask of it, signed with the developer's credentials, and nobody else's calls.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { verify } from '../../src/aws/signer.ts'
import { openOwnCredentials } from '../../src/local/index.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { folderOf, goblet } from '../support/command.ts'

const OWN = { accessKeyId: 'AKIAOWN', secretAccessKey: 'own secret', sessionToken: 'own token' }
const digest = {
  sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
  hmac: (key: string | Uint8Array, data: string) => createHmac('sha256', key).update(data).digest(),
}

// Stands for the real account: checks the signature, says what it was asked.
const account = createServer(async (request: IncomingMessage, response) => {
  const body = await buffer(request)
  const [path = '', query = ''] = String(request.url).split('?')
  const headers = request.headers as Record<string, string>
  const given = { method: String(request.method), path, query, headers }
  const payloadHash = digest.sha256(body)
  const verdict = verify(given, { secretAccessKey: OWN.secretAccessKey, digest, now: Date.now(), payloadHash })
  response.setHeader('x-real', 'yes')
  const { host, authorization, 'x-amz-security-token': token } = headers
  response.end(JSON.stringify({ verdict, host, path, query, authorization, token, body: String(body) }))
})

// A request as an SDK would sign it with what the function has: the scope and the token are all that counts here.
const CODE = `
  export const handler = async ({ url, service, region = 'us-east-1', token = process.env.AWS_SESSION_TOKEN, ...more }) => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/' + region + '/' + service + '/aws4_request'
    const answer = await fetch(url ?? process.env.AWS_ENDPOINT_URL + '/bucket/a%20key?x=1', {
      ...more,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=00',
        'x-amz-date': '20260101T000000Z',
        ...(token === '' ? {} : { 'x-amz-security-token': token }),
      },
    })
    return { status: answer.status, real: answer.headers.get('x-real'), text: await answer.text(), env: { ...process.env } }
  }`

let app: Running
before(async () => {
  await new Promise<void>((resolve) => account.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(account.address() as AddressInfo).port}`
  const credentials = async () => ({ ...OWN, from: 'a test', expires: undefined })
  const remote = { services: ['s3', 'secretsmanager'], credentials, base: () => base }
  app = await runApp({ functions: { ask: CODE } }, { remote })
})
after(async () => {
  account.close()
  await app[Symbol.asyncDispose]()
})

interface Asked {
  readonly status: number
  readonly real: string | null
  readonly text: string
  readonly env: Record<string, string>
}
const ask = async (given: object): Promise<Asked> => (await app.call('ask', given)).value as Asked

test('a call to an opened service is signed anew, and the function never sees with what', async () => {
  const { real, text, env } = await ask({ service: 's3', region: 'eu-west-1', method: 'PUT', body: 'some bytes' })
  assert.equal(real, 'yes')
  const { authorization, ...said } = JSON.parse(text)
  assert.deepEqual(said, {
    verdict: 'ok',
    host: 's3.eu-west-1.amazonaws.com',
    path: '/bucket/a%20key',
    query: 'x=1',
    token: OWN.sessionToken,
    body: 'some bytes',
  })
  assert.match(authorization, /Credential=AKIAOWN\/\d{8}\/eu-west-1\/s3\/aws4_request/)
  assert.doesNotMatch(JSON.stringify(env), /AKIAOWN|own secret|own token/)
})

test('by its own name, over TLS, too', async () => {
  const url = 'https://secretsmanager.us-east-1.amazonaws.com/'
  const { text } = await ask({ service: 'secretsmanager', url, method: 'POST', body: '{}' })
  const { verdict, host } = JSON.parse(text)
  assert.deepEqual([verdict, host], ['ok', 'secretsmanager.us-east-1.amazonaws.com'])
  // The name of one service and the signature of another: the opened one is asked, at its own name.
  const other = await ask({ service: 's3', url: 'https://iam.amazonaws.com/' })
  assert.equal(JSON.parse(other.text).host, 's3.us-east-1.amazonaws.com')
})

test('what was not opened stays local', async () => {
  const { real, status } = await ask({ service: 'polly', url: 'https://polly.us-east-1.amazonaws.com/' })
  assert.deepEqual([real, status], [null, 501])
})

test('only functions of the app get through', async () => {
  for (const token of ['', 'made-up']) {
    const { real, status, text } = await ask({ service: 's3', token })
    assert.deepEqual([real, status], [null, 403], text)
  }
  assert.equal((await fetch(`${app.cloud.aws}/bucket/key`)).status, 403)
})

test('the developer’s credentials are found as the aws command finds them, and the dummies are none', async () => {
  const folder = folderOf({
    credentials:
      '[default]\naws_access_key_id = A\naws_secret_access_key=B\n\n[ work ]\naws_access_key_id=C\naws_secret_access_key = D\naws_session_token=E\n',
  })
  const file = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'), PATH: '' }
  const find = async (env: Record<string, string>) => (await openOwnCredentials({ ...file, ...env }))()
  assert.equal((await find({})).accessKeyId, 'A')
  const work = await find({ AWS_PROFILE: 'work' })
  assert.deepEqual([work.secretAccessKey, work.sessionToken, work.from], ['D', 'E', 'the profile work'])
  const dummies = { AWS_ACCESS_KEY_ID: 'goblet', AWS_SECRET_ACCESS_KEY: 'goblet' }
  assert.equal((await find(dummies)).accessKeyId, 'A')
  assert.equal((await find({ AWS_ACCESS_KEY_ID: 'F', AWS_SECRET_ACCESS_KEY: 'G' })).from, 'the environment')
  await assert.rejects(find({ AWS_PROFILE: 'nobody' }), /GOBLET_NO_CREDENTIALS/)
  const expiry = new Date(Date.now() + 3_600_000).toISOString()
  const answer = JSON.stringify({
    Version: 1,
    AccessKeyId: 'H',
    SecretAccessKey: 'I',
    SessionToken: 'J',
    Expiration: expiry,
  })
  writeFileSync(join(folder, 'aws'), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 })
  const sso = await find({ AWS_PROFILE: 'sso', PATH: `${folder}:/bin:/usr/bin` })
  assert.deepEqual([sso.accessKeyId, sso.expires], ['H', Date.parse(expiry)])
})

test('the command says loudly what it opens, and refuses what it cannot', async () => {
  const cwd = folderOf({
    'app.ts': "import { app, lambda } from 'goblet'\nexport default app('remote')\nexport const one = lambda(() => 1)",
    nothing: '',
  })
  const own = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'secret', NO_COLOR: '1' }
  const { status, err } = await goblet(['invoke', 'one', '--allow-remote', 's3, dynamodb'], { cwd, env: own })
  assert.equal(status, 0, err)
  assert.match(err, /REAL AWS ACCOUNT: .*s3, dynamodb.*the environment \(AKIAOWN\)/)
  assert.equal((await goblet(['invoke', 'one', '--allow-remote', 's3,,'], { cwd, env: own })).status, 2)
  const none = { AWS_ACCESS_KEY_ID: '', AWS_PROFILE: 'nobody', AWS_SHARED_CREDENTIALS_FILE: join(cwd, 'nothing') }
  assert.match(
    (await goblet(['invoke', 'one', '--allow-remote', 's3'], { cwd, env: none })).err,
    /GOBLET_NO_CREDENTIALS/,
  )
})
