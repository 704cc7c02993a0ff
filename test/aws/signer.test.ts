// Signature V4 against the values AWS publishes, and against the signers of the AWS SDK.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import {
  chunkSigner,
  type Digest,
  presign,
  readSignature,
  type Signing,
  sign,
  UNSIGNED_PAYLOAD,
  verify,
} from '../../src/aws/signer.ts'

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}

// docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html
const s3: Signing = {
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 's3',
  date: Date.UTC(2013, 4, 24),
  digest,
}
const host = 'examplebucket.s3.amazonaws.com'
const signatureOf = (headers: Record<string, string>): string | undefined =>
  headers.authorization?.split('Signature=')[1]

test("S3's published examples: GET, PUT, and two queries", () => {
  const get = { method: 'GET', path: '/test.txt', query: '', headers: { host, range: 'bytes=0-9' } }
  assert.equal(signatureOf(sign(get, s3)), 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
  const headers = { host, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
  const put = { method: 'PUT', path: '/test%24file.text', query: '', headers }
  assert.equal(
    signatureOf(sign(put, s3, 'Welcome to Amazon S3.')),
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  )
  const lifecycle = { method: 'GET', path: '/', query: 'lifecycle', headers: { host } }
  assert.equal(signatureOf(sign(lifecycle, s3)), 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543')
  const list = { method: 'GET', path: '/', query: 'max-keys=2&prefix=J', headers: { host } }
  assert.equal(signatureOf(sign(list, s3)), '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7')
})

test("S3's published example of a presigned URL", () => {
  const query = presign({ method: 'GET', path: '/test.txt', query: '', headers: { host } }, s3, 86_400)
  assert.match(query, /X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/)
})

// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
test("S3's published example of a body signed in chunks", () => {
  const headers = {
    host: 's3.amazonaws.com',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'content-length': '66824',
  }
  const put = { method: 'PUT', path: '/examplebucket/chunkObject.txt', query: '', headers }
  const seed = signatureOf(sign(put, s3, { hash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }))
  assert.equal(seed, '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
  const next = chunkSigner(s3, seed ?? '')
  assert.equal(next(Buffer.alloc(65_536, 'a')), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648')
  assert.equal(next(Buffer.alloc(1024, 'a')), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497')
  assert.equal(next(''), 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9')
})

// The aws-sig-v4-test-suite, and the worked example of the IAM guide.
const suite: Signing = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 'service',
  date: Date.UTC(2015, 7, 30, 12, 36),
  digest,
}

test('the test suite: get-vanilla, normalized paths, ordered queries, and the IAM example', () => {
  const get = (path: string, query = ''): string | undefined =>
    signatureOf(sign({ method: 'GET', path, query, headers: { host: 'example.amazonaws.com' } }, suite))
  const vanilla = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'
  for (const path of ['/', '/example/..', '//', '/./']) assert.equal(get(path), vanilla, path)
  assert.equal(
    get('/', 'Param2=value2&Param1=value1'),
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  )
  const headers = { host: 'iam.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const iam = sign(
    { method: 'GET', path: '/', query: 'Action=ListUsers&Version=2010-05-08', headers },
    { ...suite, service: 'iam' },
  )
  assert.equal(signatureOf(iam), '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7')
})

test('verify accepts what was signed and tells what is wrong with anything else', () => {
  const request = {
    method: 'PUT',
    path: '/b/a%20b',
    query: 'x=1',
    headers: { host: 'localhost', 'x-amz-meta-a': ' b  c ' },
  }
  const now = s3.date
  const check = { secretAccessKey: s3.credentials.secretAccessKey, digest, now }
  const signed = { ...request, headers: sign(request, s3, { hash: UNSIGNED_PAYLOAD }) }
  assert.equal(verify(signed, check), 'ok')
  assert.equal(verify({ ...signed, path: '/b/a+b' }, check), 'ok', 'S3 reads + as a space')
  assert.equal(verify(request, check), 'unsigned')
  assert.equal(verify({ ...signed, query: 'x=2' }, check), 'mismatch')
  assert.equal(verify({ ...signed, method: 'GET' }, check), 'mismatch')
  assert.equal(verify(signed, { ...check, secretAccessKey: 'other' }), 'mismatch')
  assert.equal(verify(signed, { ...check, now: now + 16 * 60_000 }), 'skewed')
  assert.equal(
    verify({ ...signed, headers: { ...signed.headers, authorization: 'AWS4-HMAC-SHA256 Credential=a' } }, check),
    'malformed',
  )
  const url = { ...request, query: presign(request, s3, 60) }
  assert.equal(verify(url, check), 'ok')
  assert.equal(verify(url, { ...check, now: now + 61_000 }), 'expired')
  assert.equal(verify({ ...url, query: `${url.query}&extra=1` }, check), 'mismatch')
  assert.equal(verify({ ...url, headers: { host: 'localhost', 'x-amz-meta-a': 'd' } }, check), 'mismatch')
  assert.equal(readSignature(url)?.accessKeyId, 'AKIAIOSFODNN7EXAMPLE')
})

test('the AWS SDK signs the same, keys and queries of every kind', async () => {
  const { S3Client, GetObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    endpoint: 'http://localhost:1',
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: s3.credentials,
  })
  let seen:
    | { method: string; path: string; query?: Record<string, unknown>; headers: Record<string, string> }
    | undefined
  client.middlewareStack.add(
    () => (args) => {
      const { request } = args
      assert.ok(typeof request === 'object' && request !== null && 'path' in request)
      seen = JSON.parse(JSON.stringify(request))
      throw new Error('seen')
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  const check = { secretAccessKey: s3.credentials.secretAccessKey, digest }
  for (const key of ['a', "quote'(paren)!*", 'ñandú 😀+%.txt', 'a/../b', 'back\\slash', '"dq"<>', '~-._:@&=,$#?']) {
    for (const command of [
      new GetObjectCommand({ Bucket: 'b', Key: key }),
      new ListObjectsV2Command({ Bucket: 'b', Prefix: key }),
    ]) {
      await assert.rejects(client.send(command as never), /seen/)
      const { method, path, query = {}, headers } = seen ?? assert.fail('nothing was signed')
      const text = Object.entries(query).map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value ?? ''))}`,
      )
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      assert.equal(verify({ method, path, query: text.join('&'), headers: lower }, check), 'ok', key)
    }
  }
})
