// Routes with iam(): only requests that are signed with the local credentials, for this service, now, and as they are.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { type Digest, presign, sign } from '../../src/aws/signer.ts'
import type { Asked } from '../../src/local/gateway/auth/index.ts'
import { openGuards, toAsked } from '../support/guards.ts'

type Door = 'http' | 'rest' | 'url'

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}
const HOST = '127.0.0.1:8000'
const NOW = Date.UTC(2026, 5, 10, 12)

interface Given {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly body?: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly service?: string
  readonly region?: string
  readonly date?: number
}

function signed(door: Door, given: Given = {}): Asked {
  const { method = 'GET', path = '/a b', query = 'x=1&y=%20', body } = given
  const { accessKeyId = 'goblet', secretAccessKey = 'goblet', region = 'us-east-1', date = NOW } = given
  const service = given.service ?? (door === 'url' ? 'lambda' : 'execute-api')
  const sent = encodeURI(path)
  const signing = { credentials: { accessKeyId, secretAccessKey }, region, service, date, digest }
  const url = door === 'rest' ? `/api${sent}` : sent
  const headers = sign({ method, path: url, query, headers: { host: HOST } }, signing, body ?? '')
  const { host, ...others } = headers
  return toAsked(door, { kind: 'iam' }, sent, {
    method,
    query,
    headers: others,
    ...(body === undefined ? {} : { body }),
  })
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

describe('iam', () => {
  for (const door of ['http', 'rest', 'url'] as const) {
    const { authorize } = openGuards(door)

    it(`behind ${door}, lets signed requests pass and says who signed`, async () => {
      for (const given of [{}, { method: 'POST', body: '{"a":1}' }, { path: '/', query: '' }]) {
        const verdict = await authorize(signed(door, given))
        assert.ok(verdict.passed)
        const userArn = 'arn:aws:iam::000000000000:user/goblet'
        if (door === 'rest') assert.equal(verdict.identity?.userArn, userArn)
        else assert.equal((verdict.authorizer as { iam: { userArn: string } }).iam.userArn, userArn)
      }
    })

    it(`behind ${door}, takes presigned URLs until they expire`, async () => {
      const signing = { credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' }, region: 'us-east-1', digest }
      const path = door === 'rest' ? '/api/a' : '/a'
      const service = door === 'url' ? 'lambda' : 'execute-api'
      const passes = async (date: number) => {
        const request = { method: 'GET', path, query: '', headers: { host: HOST } }
        const query = presign(request, { ...signing, service, date }, 60, digest.sha256(''))
        return (await authorize(toAsked(door, { kind: 'iam' }, '/a', { query }))).passed
      }
      assert.equal(await passes(NOW - 30_000), true)
      assert.equal(await passes(NOW - 90_000), false)
    })

    it(`behind ${door}, refuses everything else`, async () => {
      const good = signed(door)
      const posted = signed(door, { method: 'POST', body: 'a' })
      const unhashed = ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']
      const bad: Record<string, Asked> = {
        unsigned: toAsked(door, { kind: 'iam' }, '/a'),
        bearer: toAsked(door, { kind: 'iam' }, '/a', { headers: { authorization: 'Bearer x' } }),
        garbage: toAsked(door, { kind: 'iam' }, '/a', { headers: { authorization: 'AWS4-HMAC-SHA256 x' } }),
        key: signed(door, { accessKeyId: 'AKIA' }),
        secret: signed(door, { secretAccessKey: 'x' }),
        service: signed(door, { service: 's3' }),
        region: signed(door, { region: 'eu-west-1' }),
        old: signed(door, { date: NOW - 16 * 60_000 }),
        early: signed(door, { date: NOW + 16 * 60_000 }),
        method: { ...good, method: 'DELETE' },
        path: { ...good, signedPath: `${good.signedPath}x` },
        query: { ...good, query: 'x=2&y=%20' },
        body: { ...posted, body: Buffer.from('b') },
        bodiless: { ...posted, body: undefined },
        added: { ...good, body: Buffer.from('b') },
        hash: { ...good, rawHeaders: [...good.rawHeaders, ...unhashed] },
      }
      for (const [what, asked] of Object.entries(bad)) {
        const verdict = await authorize(asked)
        assert.ok(!verdict.passed, what)
        assert.equal(verdict.status, 403, what)
        if (door === 'http') assert.equal(verdict.body, '{"message":"Forbidden"}')
      }
    })
  }

  it('behind rest, says what is wrong as AWS does', async () => {
    const { authorize } = openGuards('rest')
    const says = async (asked: Asked) => {
      const verdict = await authorize(asked)
      assert.ok(!verdict.passed)
      return [verdict.headers['x-amzn-errortype'], (JSON.parse(verdict.body) as { message: string }).message]
    }
    const route = { kind: 'iam' } as const
    assert.deepEqual(await says(toAsked('rest', route, '/a')), [
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ])
    const [type, message = ''] = await says(toAsked('rest', route, '/a', { headers: { authorization: 'foobar' } }))
    assert.equal(type, 'IncompleteSignatureException')
    assert.match(message, /^Authorization header requires 'Credential' parameter\. .*Authorization=foobar$/)
    assert.deepEqual(await says(signed('rest', { accessKeyId: 'AKIA' })), [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ])
    assert.deepEqual(await says(signed('rest', { secretAccessKey: 'x' })), ['InvalidSignatureException', MISMATCH])
    const [, late = ''] = await says(signed('rest', { date: NOW - 16 * 60_000 }))
    assert.equal(
      late,
      'Signature expired: 20260610T114400Z is now earlier than 20260610T115500Z (20260610T120000Z - 5 min.)',
    )
  })

  it('behind url, says the recorded words', async () => {
    const verdict = await openGuards('url').authorize(toAsked('url', { kind: 'iam' }, '/a'))
    assert.ok(!verdict.passed)
    assert.match(verdict.body, /^\{"Message":"Forbidden\. For troubleshooting Function URL authorization issues, see: /)
    assert.equal(verdict.headers['x-amzn-errortype'], 'AccessDeniedException')
  })
})

it('nobody passes a door that does not know the kind of auth', async () => {
  const jwt = { kind: 'jwt', issuer: 'https://x', audience: [], scopes: [] } as const
  for (const door of ['rest', 'url'] as const) {
    const verdict = await openGuards(door).authorize(toAsked(door, jwt, '/', { headers: { authorization: 'x' } }))
    assert.ok(!verdict.passed)
    assert.equal(verdict.status, 500)
  }
})
