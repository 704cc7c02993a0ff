// Signatures by the local key are checked: of headers, of URLs, of chunks. Those of other keys pass.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { chunkSigner, type Digest, type Signing, sign } from '../../src/aws/signer.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { fails, openRig, type Rig } from '../support/s3.ts'

let rig: Rig
let bucket: string
before(async () => {
  rig = await openRig()
  bucket = await rig.makeBucket()
})
after(() => rig.close())

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}
const signing = (): Signing => ({
  credentials: LOCAL_CREDENTIALS,
  region: 'us-east-1',
  service: 's3',
  date: Math.floor(Date.now() / 1000) * 1000,
  digest,
})

async function send(path: string, headers: Record<string, string>, body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = rig.served
    const sent = request({ host: '127.0.0.1', port, method: 'PUT', path, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve(`${answer.statusCode} ${/<Code>(\w+)</.exec(text)?.[1] ?? ''}`))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const client = (credentials: { accessKeyId: string; secretAccessKey: string }): sdk.S3Client =>
  new sdk.S3Client({
    endpoint: rig.served.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  })

test('a wrong secret is refused, another key passes', async () => {
  const wrong = client({ accessKeyId: LOCAL_CREDENTIALS.accessKeyId, secretAccessKey: 'wrong' })
  const error = await fails(
    wrong.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' })),
    'SignatureDoesNotMatch',
    403,
  )
  assert.match(error.message, /The request signature we calculated does not match the signature you provided/)
  const other = client({ accessKeyId: 'test', secretAccessKey: 'test' })
  await other.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
  for (const one of [wrong, other]) one.destroy()
})

test('what was signed must be what is sent', async () => {
  const path = `/${bucket}/signed%20key`
  const host = `127.0.0.1:${rig.served.port}`
  const given = { method: 'PUT', path, query: '', headers: { host, 'x-amz-meta-a': '1' } }
  const headers: Record<string, string> = { ...sign(given, signing(), 'body'), 'content-length': '4' }
  assert.equal(await send(path, headers, 'body'), '200 ')
  assert.equal(await send(`/${bucket}/other`, headers, 'body'), '403 SignatureDoesNotMatch')
  assert.equal(await send(path, { ...headers, 'x-amz-meta-a': '2' }, 'body'), '403 SignatureDoesNotMatch')
  assert.equal(await send(path, headers, 'BODY'), '400 XAmzContentSHA256Mismatch')
  const cut = { ...headers, authorization: (headers.authorization ?? '').replace(/, Signature=.*/, '') }
  assert.equal(await send(path, cut, 'body'), '400 AuthorizationHeaderMalformed')
})

// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
function framed(
  hash: string,
  alter: (signature: string) => string,
  trailer = '',
): [Record<string, string>, string, string] {
  const path = `/${bucket}/streamed`
  const chunks = ['first chunk, ', 'second chunk']
  const headers = {
    host: `127.0.0.1:${rig.served.port}`,
    'x-amz-decoded-content-length': String(chunks.join('').length),
    'content-encoding': 'aws-chunked',
    ...(trailer === '' ? {} : { 'x-amz-trailer': trailer.split(':')[0] ?? '' }),
  }
  const by = signing()
  const signed = sign({ method: 'PUT', path, query: '', headers }, by, { hash })
  const next = chunkSigner(by, /Signature=(\w+)/.exec(signed.authorization ?? '')?.[1] ?? '')
  const body = [...chunks, '']
    .map((chunk) => `${chunk.length.toString(16)};chunk-signature=${alter(next(Buffer.from(chunk)))}\r\n${chunk}\r\n`)
    .join('')
  if (trailer === '') return [{ ...signed, 'content-length': String(body.length) }, path, body]
  const end = `${body.slice(0, -2)}${trailer}\r\nx-amz-trailer-signature:${alter(next(`${trailer}\n`, 'TRAILER'))}\r\n\r\n`
  return [{ ...signed, 'content-length': String(end.length) }, path, end]
}

test('the signatures of chunks and trailers are checked', async () => {
  const right = (signature: string): string => signature
  const plain = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  const [headers, path, body] = framed(plain, right)
  assert.equal(await send(path, headers, body), '200 ')
  assert.equal(String(await rig.bytesOf(bucket, 'streamed')), 'first chunk, second chunk')
  assert.equal(await send(path, headers, body.replace('second chunk', 'SECOND CHUNK')), '403 SignatureDoesNotMatch')
  const bare = body.replaceAll(/;chunk-signature=\w+/g, '')
  const shorter = { ...headers, 'content-length': String(bare.length) }
  assert.equal(await send(path, shorter, bare), '403 SignatureDoesNotMatch')
  const crc = createHash('sha256').update('first chunk, second chunk').digest('base64')
  const [trailed, at, whole] = framed(`${plain}-TRAILER`, right, `x-amz-checksum-sha256:${crc}`)
  assert.equal(await send(at, trailed, whole), '200 ')
  let count = 0
  const last = (signature: string): string => (++count === 4 ? '0'.repeat(64) : signature)
  const [forged, to, bad] = framed(`${plain}-TRAILER`, last, `x-amz-checksum-sha256:${crc}`)
  assert.equal(await send(to, forged, bad), '403 SignatureDoesNotMatch')
})
