// Routes with jwt(…) and cognito(…), against an issuer on this machine: nothing but a good token passes.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SignJWT } from 'jose'
import type { AuthModel } from '../../src/model/index.ts'
import { type Opened, openGuards, toAsked } from '../support/guards.ts'
import { type Issuer, openIssuer } from '../support/issuer.ts'

describe('jwt', () => {
  let issuer: Issuer
  let guards: Opened
  before(async () => {
    issuer = await openIssuer()
    guards = openGuards('http')
    for (const [kid, algorithm] of [
      ['rsa', 'RS256'],
      ['ps', 'PS384'],
      ['ec', 'ES256'],
      ['ed', 'EdDSA'],
    ] as const)
      await issuer.addKey(kid, algorithm)
  })
  after(() => issuer.close())

  const auth = (scopes: readonly string[] = []): AuthModel => ({
    kind: 'jwt',
    issuer: issuer.url,
    audience: ['shop'],
    scopes,
  })
  const ask = (authorization: string | undefined, scopes?: readonly string[]) =>
    guards.authorize(
      toAsked('http', auth(scopes), '/me', { headers: authorization === undefined ? {} : { authorization } }),
    )
  const token = (kid = 'rsa', claims: object = {}) => issuer.token(kid, { aud: 'shop', ...claims }, guards.clock.now())

  async function refused(authorization: string | undefined, says: string): Promise<void> {
    const verdict = await ask(authorization)
    assert.ok(!verdict.passed)
    const challenge = says === '' ? 'Bearer' : `Bearer scope="" error="invalid_token" error_description="${says}"`
    assert.deepEqual(
      [verdict.status, verdict.body, verdict.headers['www-authenticate']],
      [401, '{"message":"Unauthorized"}', challenge],
    )
  }

  for (const kid of ['rsa', 'ps', 'ec', 'ed'])
    it(`takes a token signed with ${kid}, with Bearer or without`, async () => {
      assert.ok((await ask(`Bearer ${await token(kid)}`)).passed)
      assert.ok((await ask(await token(kid))).passed)
    })

  it('gives the claims as text, lists as [a b], and the scopes of the route', async () => {
    const groups = ['a', 'b']
    const verdict = await ask(await token('rsa', { groups, ok: true, scope: 'read write', exp: 1893456000 }), ['read'])
    assert.ok(verdict.passed)
    const { claims, scopes } = (verdict.authorizer as { jwt: { claims: Record<string, string>; scopes: string[] } }).jwt
    assert.deepEqual(
      [claims.groups, claims.ok, claims.exp, claims.sub, scopes],
      ['[a b]', 'true', '1893456000', 'u1', ['read']],
    )
  })

  it('refuses no token, and what is none', async () => {
    await refused(undefined, '')
    await refused('', '')
    await refused('Bearer ', '')
    await refused('garbage', 'the token is malformed')
    await refused('Bearer a.b.c', 'the token is malformed')
    await refused(`${await token()}, ${await token()}`, 'the token is malformed')
  })

  it('refuses a wrong audience, issuer or time', async () => {
    const now = Math.floor(guards.clock.now() / 1000)
    await refused(await token('rsa', { aud: 'other' }), 'the token does not have a valid audience')
    await refused(await issuer.token('rsa', {}, guards.clock.now()), 'the token does not have a valid audience')
    await refused(await token('rsa', { aud: 'other', client_id: 'shop' }), 'the token does not have a valid audience')
    await refused(await token('rsa', { iss: 'https://evil.example' }), 'the token does not have a valid issuer')
    await refused(await token('rsa', { exp: now - 1 }), 'the token has expired')
    await refused(await token('rsa', { nbf: now + 60 }), 'the token is not valid yet')
    await refused(await token('rsa', { iat: now + 60 }), 'the token is not valid yet')
    assert.ok((await ask(await issuer.token('rsa', { client_id: 'shop' }, guards.clock.now()))).passed)
    assert.ok((await ask(await token('rsa', { aud: ['x', 'shop'] }))).passed)
  })

  it('refuses a token without an end', async () => {
    const whole = await token('rsa', { exp: undefined })
    await refused(whole, 'the token is malformed')
  })

  it('refuses a changed token, and one of another key', async () => {
    const [header, , signature] = (await token()).split('.')
    const claims = Buffer.from(
      JSON.stringify({ iss: issuer.url, aud: 'shop', sub: 'admin', exp: 9999999999 }),
    ).toString('base64url')
    await refused(`${header}.${claims}.${signature}`, 'the token does not have a valid signature')
    const other = await openIssuer()
    await other.addKey('rsa', 'RS256')
    await refused(
      await other.token('rsa', { iss: issuer.url, aud: 'shop' }, guards.clock.now()),
      'the token does not have a valid signature',
    )
    await other.close()
  })

  it('refuses unsigned tokens, and shared secrets made of the public key', async () => {
    const unsigned = [
      { alg: 'none', kid: 'rsa' },
      { iss: issuer.url, aud: 'shop', exp: 9999999999 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const jwk = await issuer.addKey('known', 'RS256')
    const secret = Buffer.from(JSON.stringify(jwk))
    const shared = await new SignJWT({ iss: issuer.url, aud: 'shop', exp: 9999999999 })
      .setProtectedHeader({ alg: 'HS256', kid: 'known' })
      .sign(secret)
    for (const bad of [`${unsigned}.`, shared]) assert.ok(!(await ask(bad)).passed)
  })

  it('refuses a missing scope with 403; one of several is enough', async () => {
    const verdict = await ask(await token('rsa', { scope: 'read' }), ['write', 'admin'])
    assert.ok(!verdict.passed)
    assert.deepEqual([verdict.status, verdict.body], [403, '{"message":"Forbidden"}'])
    assert.match(verdict.headers['www-authenticate'] ?? '', /scope="write admin" error="insufficient_scope"/)
    assert.ok((await ask(await token('rsa', { scope: 'a admin' }), ['write', 'admin'])).passed)
    assert.ok((await ask(await token('rsa', { scp: ['write'] }), ['write'])).passed)
    assert.ok(!(await ask(await token('rsa', { scope: 'writer' }), ['write'])).passed)
  })

  it('keeps the keys, and asks again for one that is new', async () => {
    const own = await openIssuer()
    await own.addKey('first', 'ES256')
    const fresh = openGuards('http')
    const model: AuthModel = { kind: 'jwt', issuer: own.url, audience: ['shop'], scopes: [] }
    const passes = async (kid: string) => {
      const authorization = await own.token(kid, { aud: 'shop' }, fresh.clock.now())
      return (await fresh.authorize(toAsked('http', model, '/me', { headers: { authorization } }))).passed
    }
    assert.equal(await passes('first'), true)
    assert.equal(await passes('first'), true)
    assert.equal(own.asked(), 1)
    await own.addKey('hidden', 'ES256', false)
    for (let count = 0; count < 5; count++) assert.equal(await passes('hidden'), false)
    assert.equal(own.asked(), 1)
    await own.addKey('second', 'ES256')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    assert.equal(await passes('second'), true)
    assert.equal(own.asked(), 2)
    await own.close()
  })

  it('refuses while the issuer is away or says too much', async () => {
    const own = await openIssuer()
    await own.addKey('k', 'ES256')
    const fresh = openGuards('http')
    const model: AuthModel = { kind: 'jwt', issuer: own.url, audience: ['shop'], scopes: [] }
    const authorization = await own.token('k', { aud: 'shop' }, fresh.clock.now())
    const passes = async () =>
      (await fresh.authorize(toAsked('http', model, '/me', { headers: { authorization } }))).passed
    own.pad(200_000)
    assert.equal(await passes(), false)
    own.pad(0)
    assert.equal(await passes(), true)
    await own.close()
    await fresh.clock.advance(3 * 3600_000)
    assert.equal(await passes(), false)
  })
})

describe('cognito', () => {
  const POOL = 'us-east-1_abc'
  const real = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`
  let issuer: Issuer
  let guards: Opened
  before(async () => {
    issuer = await openIssuer(`/${POOL}`)
    await issuer.addKey('k', 'RS256')
    guards = openGuards('rest', { cognitoEndpoint: issuer.url.slice(0, -POOL.length - 1) })
  })
  after(() => issuer.close())

  const ask = (authorization: string | undefined, scopes: readonly string[] = []) => {
    const userPools = [`arn:aws:cognito-idp:us-east-1:123456789012:userpool/${POOL}`]
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization }
    return guards.authorize(toAsked('rest', { kind: 'cognito', userPools, scopes }, '/me', { headers }))
  }
  const token = (claims: object = {}) =>
    issuer.token('k', { iss: real, token_use: 'id', ...claims }, guards.clock.now())

  async function refused(authorization: string | undefined, message = 'Unauthorized', scopes: readonly string[] = []) {
    const verdict = await ask(authorization, scopes)
    assert.ok(!verdict.passed)
    assert.deepEqual([verdict.status, JSON.parse(verdict.body)], [401, { message }])
    assert.equal(verdict.headers['x-amzn-errortype'], 'UnauthorizedException')
  }

  it('takes an identity token, and gives its claims as text', async () => {
    const verdict = await ask(
      `Bearer ${await token({ 'cognito:groups': ['a', 'b'], exp: 1893456000, email_verified: true })}`,
    )
    assert.ok(verdict.passed)
    const { claims } = verdict.authorizer as { claims: Record<string, string> }
    assert.equal(claims['cognito:groups'], 'a,b')
    assert.equal(claims.exp, 'Tue Jan 01 00:00:00 UTC 2030')
    assert.equal(claims.email_verified, 'true')
    assert.ok((await ask(await token({ iss: issuer.url }))).passed)
  })

  it('refuses no token, garbage, other pools, and tokens that nobody signed', async () => {
    await refused(undefined)
    await refused('garbage')
    await refused(await token({ iss: real.replace('abc', 'xyz') }))
    const [header, claims] = (await token()).split('.')
    await refused(`${header}.${claims}.c2ln`)
    await refused('eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImEvYiJ9.sig')
  })

  it('says of an expired token that it is', async () => {
    await refused(await token({ exp: Math.floor(guards.clock.now() / 1000) - 1 }), 'The incoming token has expired')
  })

  it('wants an access token with one of the scopes where the route has scopes, and an identity token where it has none', async () => {
    await refused(await token({ token_use: 'access', scope: 'read' }))
    await refused(await token(), 'Unauthorized', ['read'])
    await refused(await token({ token_use: 'access', scope: 'write' }), 'Unauthorized', ['read'])
    assert.ok((await ask(await token({ token_use: 'access', scope: 'write read' }), ['read'])).passed)
  })
})
