// Auth from the user's code to the socket: built, bundled, guarded by the gateway, and known to the handler, behind each door.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sign } from '../../src/aws/signer.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { type Issuer, openIssuer } from '../support/issuer.ts'

/** Starts an app of this text while the tests of a suite run. */
function share(text: () => string): { readonly cloud: TestCloud } {
  let folder = ''
  let cloud: TestCloud | undefined
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goblet-auth-'))
    await writeFile(join(folder, 'app.ts'), text())
    cloud = await start(join(folder, 'app.ts'), { clock: 'virtual' })
  })
  after(async () => {
    await cloud?.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    get cloud() {
      if (cloud === undefined) throw new Error('No test runs.')
      return cloud
    },
  }
}

const TOKEN = `
export const token = authorizer({ ttl: 60 }, async ({ token, path }) => {
  console.log('asked ' + path)
  if (token === 'broken') throw new Error('no')
  if (token === 'who') throw new UnauthorizedError()
  return { allow: token === 'all' ? true : token === 'one' ? ['GET /me'] : false, principal: 'u1', context: { seats: 3, tags: ['a'] } }
})
const who = ({ auth }) => auth ?? null
`

const signed = (cloud: TestCloud, service: string, method: string, path: string, body = ''): Record<string, string> => {
  const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
  const digest = {
    sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
    hmac: (key: string | Uint8Array, data: string) => createHmac('sha256', key).update(data).digest(),
  }
  const date = cloud.clock.now().getTime()
  const headers = { host: new URL(cloud.http.url).host }
  return sign({ method, path, query: '', headers }, { credentials, region: 'us-east-1', service, date, digest }, body)
}

const CALLER = { kind: 'authorizer', principal: 'u1', context: { seats: 3, tags: ['a'] } }

describe('behind an HTTP API', () => {
  let issuer: Issuer
  before(async () => {
    issuer = await openIssuer()
    await issuer.addKey('k', 'RS256')
  })
  after(() => issuer.close())
  const shared = share(
    () => `import { app, authorizer, group, iam, jwt, route, UnauthorizedError } from 'goblet'
export default app('guarded', { cors: { origins: ['https://shop.example'] } })
${TOKEN}
const verified = jwt({ issuer: '${issuer.url}', audience: ['shop'] })
export const open = route('GET /', who)
export const me = route('GET /me', { auth: token }, who)
export const other = route('POST /other', { auth: token }, who)
export const mine = route('GET /claims', { auth: verified }, who)
export const scoped = route('GET /scoped', { auth: verified, scopes: ['write'] }, who)
export const signed = route('POST /signed', { auth: iam() }, who)
const routes = { list: route('GET /list', who), free: route('GET /free', { auth: 'none' }, who) }
export const admin = group('/admin', { auth: token }, routes)
export const public_ = group('/public', routes)
`,
  )

  it('authorizers admit, refuse and tell; their answers are remembered', async () => {
    const { http, clock } = shared.cloud
    const get = (path: string, authorization?: string) =>
      http.get(path, authorization === undefined ? {} : { headers: { authorization } })
    assert.equal((await get('/')).json, null)
    const none = await get('/me')
    assert.deepEqual([none.status, none.json], [401, { message: 'Unauthorized' }])
    assert.deepEqual((await get('/me', 'one')).json, CALLER)
    const beyond = await http.post('/other', { headers: { authorization: 'one' } })
    assert.deepEqual([beyond.status, beyond.json], [403, { message: 'Forbidden' }])
    assert.deepEqual((await http.post('/other', { headers: { authorization: 'all' } })).json, CALLER)
    assert.equal((await get('/me', 'no')).status, 403)
    assert.equal((await get('/me', 'who')).status, 403)
    const broken = await get('/me', 'broken')
    assert.deepEqual([broken.status, broken.json], [500, { message: 'Internal Server Error' }])
    const asked = () => shared.cloud.logs('token').filter((line) => line.includes('asked')).length
    const before = asked()
    assert.equal((await get('/me', 'one')).status, 200)
    assert.equal(asked(), before)
    await clock.advance('61s')
    assert.equal((await get('/me', 'one')).status, 200)
    assert.equal(asked(), before + 1)
  })

  it('a module mounted twice is guarded where its group says so', async () => {
    const { http } = shared.cloud
    const status = async (path: string, headers = {}) => (await http.get(path, { headers })).status
    assert.equal(await status('/admin/list'), 401)
    assert.equal(await status('/admin/list', { authorization: 'all' }), 200)
    assert.equal(await status('/admin/free'), 200)
    assert.equal(await status('/public/list'), 200)
  })

  it('tokens are verified and their claims told', async () => {
    const { http, clock } = shared.cloud
    const get = async (path: string, claims: object) => {
      const authorization = `Bearer ${await issuer.token('k', { aud: 'shop', ...claims }, clock.now().getTime())}`
      return http.get(path, { headers: { authorization } })
    }
    const { json } = await get('/claims', { scope: 'read write' })
    assert.deepEqual(
      [json.kind, json.principal, json.scopes, json.claims.aud],
      ['jwt', 'u1', ['read', 'write'], 'shop'],
    )
    const wrong = await get('/claims', { aud: 'other' })
    const challenge =
      'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
    assert.deepEqual(
      [wrong.status, wrong.json, wrong.headers['www-authenticate']],
      [401, { message: 'Unauthorized' }, challenge],
    )
    assert.equal((await http.get('/claims')).status, 401)
    assert.equal((await get('/scoped', { scope: 'read' })).status, 403)
    assert.equal((await get('/scoped', { scope: 'write' })).status, 200)
  })

  it('signatures are verified, the body with them', async () => {
    const { cloud } = shared
    const headers = signed(cloud, 'execute-api', 'POST', '/signed', 'hello')
    const { json } = await cloud.http.post('/signed', { headers, body: 'hello' })
    assert.deepEqual([json.kind, json.principal], ['iam', 'arn:aws:iam::000000000000:user/goblet'])
    const changed = await cloud.http.post('/signed', { headers, body: 'hallo' })
    assert.deepEqual([changed.status, changed.json], [403, { message: 'Forbidden' }])
    assert.equal((await cloud.http.post('/signed', { body: 'hello' })).status, 403)
  })

  it('refusals carry the CORS headers', async () => {
    const { headers } = await shared.cloud.http.get('/me', { headers: { origin: 'https://shop.example' } })
    assert.equal(headers['access-control-allow-origin'], 'https://shop.example')
  })
})

describe('behind a REST API', () => {
  const shared = share(
    () => `import { app, authorizer, iam, route, UnauthorizedError } from 'goblet'
export default app('guarded', { api: 'rest', apiKeys: ['partner'], usagePlan: { rate: 100, burst: 2 }, cors: { origins: ['https://shop.example'] } })
${TOKEN}
export const whole = authorizer({ style: 'request', identity: ['$request.header.x-tenant'] }, ({ headers, query }) =>
  ({ allow: headers['x-tenant'] === 'a', principal: query.q ?? 'none' }))
export const me = route('GET /me', { auth: token }, who)
export const other = route('GET /other', { auth: token }, who)
export const tenant = route('GET /tenant', { auth: whole }, who)
export const signed = route('GET /signed', { auth: iam() }, who)
export const keyed = route('GET /keyed', { apiKey: true }, () => 'in')
`,
  )
  const get = (path: string, headers: Record<string, string> = {}) => shared.cloud.http.get(`/api${path}`, { headers })

  it('authorizers admit, refuse and tell', async () => {
    const none = await get('/me')
    assert.deepEqual(
      [none.status, none.json, none.headers['x-amzn-errortype']],
      [401, { message: 'Unauthorized' }, 'UnauthorizedException'],
    )
    assert.deepEqual((await get('/me', { Authorization: 'one' })).json, CALLER)
    const beyond = await get('/other', { Authorization: 'one' })
    assert.deepEqual([beyond.status, beyond.json], [403, { Message: 'User is not authorized to access this resource' }])
    assert.equal((await get('/me', { Authorization: 'who' })).status, 401)
    const broken = await get('/me', { Authorization: 'broken' })
    assert.deepEqual(
      [broken.status, broken.json, broken.headers['x-amzn-errortype']],
      [500, { message: null }, 'AuthorizerConfigurationException'],
    )
    assert.equal((await get('/tenant')).status, 401)
    assert.equal((await get('/tenant?q=u7', { 'X-Tenant': 'a' })).json.principal, 'u7')
    assert.equal((await get('/tenant', { 'X-Tenant': 'b' })).status, 403)
  })

  it('signatures are verified over the whole path', async () => {
    const { json } = await get('/signed', signed(shared.cloud, 'execute-api', 'GET', '/api/signed'))
    assert.deepEqual([json.kind, json.account], ['iam', '000000000000'])
    assert.equal((await get('/signed', signed(shared.cloud, 'execute-api', 'GET', '/signed'))).status, 403)
    assert.deepEqual((await get('/signed')).json, { message: 'Missing Authentication Token' })
  })

  it('API keys are asked for, and held to the plan', async () => {
    assert.deepEqual((await get('/keyed')).json, { message: 'Forbidden' })
    assert.equal((await get('/keyed', { 'x-api-key': 'partner' })).text, 'in')
    assert.equal((await get('/keyed', { 'x-api-key': 'partner' })).text, 'in')
    const much = await get('/keyed', { 'x-api-key': 'partner' })
    assert.deepEqual([much.status, much.json], [429, { message: 'Too Many Requests' }])
  })

  it('refusals carry the origin', async () => {
    const { headers } = await get('/me', { origin: 'https://shop.example' })
    assert.equal(headers['access-control-allow-origin'], 'https://shop.example')
  })
})

describe('behind a function URL', () => {
  const shared = share(
    () => `import { app, iam, route } from 'goblet'
export default app('guarded', { api: 'url', auth: iam() })
export const me = route('GET /me', ({ auth }) => auth.principal)
`,
  )

  it('signatures are verified, on every path', async () => {
    const { cloud } = shared
    const me = await cloud.http.get('/me', { headers: signed(cloud, 'lambda', 'GET', '/me') })
    assert.equal(me.text, 'arn:aws:iam::000000000000:user/goblet')
    for (const path of ['/me', '/nowhere', '/me/', '/%6de', '//me']) {
      const { status, text } = await cloud.http.get(path)
      assert.equal(status, 403, path)
      assert.match(text, /^\{"Message":"Forbidden/)
    }
    assert.equal((await cloud.http.get('/me', { headers: signed(cloud, 'execute-api', 'GET', '/me') })).status, 403)
  })
})
