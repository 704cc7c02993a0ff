// The local S3 on the wire: exact answers, framing, addresses, presigned URLs, broken clients.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { startChecksum } from '../../src/local/services/s3/checksums.ts'
import { openS3 } from '../../src/local/services/s3/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { openMail } from '../support/mail.ts'
import { type Served, serve } from '../support/serve.ts'

let root: string
let store: Store
let served: Served
let clock: Clock

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'goblet-s3-wire-'))
  store = openStore(join(root, 'store'))
  clock = startClock('virtual')
  const s3 = openS3({ store, clock, directory: join(root, 's3') }, openMail({ store, clock }).mail)
  await s3.ensureBucket('bucket')
  await s3.ensureBucket('dotted.name')
  served = await serve(s3)
})
after(async () => {
  await served.close()
  await store.close()
  rmSync(root, { recursive: true, force: true })
})

// Bytes in, bytes out: no client library between the test and the socket.
const exchange = (head: string, body: string | Uint8Array = '', half = false): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(served.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', reject)
    socket.write(`${head.trim().replaceAll('\n', '\r\n')}\r\nConnection: close\r\n\r\n`)
    socket.write(body)
    if (half) setTimeout(() => socket.destroy(), 100)
  })
const put = (path: string, body: string | Uint8Array, headers = '', host = 'localhost'): Promise<string> =>
  exchange(`PUT ${path} HTTP/1.1\nHost: ${host}\nContent-Length: ${Buffer.byteLength(body)}\n${headers}`, body)
const get = (path: string, headers = '', host = 'localhost', method = 'GET'): Promise<string> =>
  exchange(`${method} ${path} HTTP/1.1\nHost: ${host}\n${headers}`)
const statusOf = (answer: string): number => Number(answer.slice(9, 12))
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4)

test('errors are XML, element by element; HEAD errors have no body', async () => {
  const answer = await get('/bucket/none%20%3C')
  assert.equal(statusOf(answer), 404)
  assert.match(answer, /x-amz-request-id: TEST/)
  assert.match(answer, /x-amz-id-2: \S+/)
  assert.match(
    bodyOf(answer),
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist.<\/Message><Key>none &lt;<\/Key><RequestId>TEST\d+<\/RequestId><HostId>[^<]+<\/HostId><\/Error>$/,
  )
  const head = await get('/bucket/none', '', 'localhost', 'HEAD')
  assert.deepEqual([statusOf(head), bodyOf(head)], [404, ''])
  assert.match(
    bodyOf(await get('/no-such-bucket/a')),
    /<Code>NoSuchBucket<\/Code><Message>The specified bucket does not exist<\/Message><BucketName>no-such-bucket</,
  )
  assert.match(bodyOf(await get('/bucket/%ff')), /<Code>InvalidURI</)
  assert.match(bodyOf(await get('/Bad_Name')), /<Code>InvalidBucketName</)
  assert.match(bodyOf(await get('/bucket', 'x-amz-expected-bucket-owner: 111111111111')), /<Code>AccessDenied</)
})

test('a bucket may stand in the host name', async () => {
  for (const host of [
    'bucket.localhost:4566',
    'bucket.s3.localhost',
    'bucket.s3.amazonaws.com',
    'bucket.s3.us-east-1.amazonaws.com',
    'BUCKET.localhost',
  ]) {
    assert.equal(statusOf(await put('/bucket/k', host, '', host)), 200, host)
    assert.equal(bodyOf(await get('/bucket/bucket/k')), host)
  }
  assert.equal(statusOf(await put('/k', 'dotted', '', 'dotted.name.s3.localhost')), 200)
  assert.equal(bodyOf(await get('/dotted.name/k', '', 's3.us-east-1.amazonaws.com')), 'dotted')
  assert.equal(bodyOf(await get('/dotted.name/k', '', 's3.localhost:1')), 'dotted')
})

test('a bare + in a path is a space, as S3 reads it', async () => {
  await put('/bucket/plus%2Bsign', 'plus')
  await put('/bucket/space%20sign', 'space')
  assert.equal(bodyOf(await get('/bucket/plus%2Bsign')), 'plus')
  assert.equal(bodyOf(await get('/bucket/space+sign')), 'space')
})

test('aws-chunked framing comes off, cut anywhere, with signed chunks or with trailers', async () => {
  const body = 'chunk one, chunk two'
  const crc = 'x-amz-checksum-crc32c'
  const unsigned = `a\r\n${body.slice(0, 10)}\r\nA\r\n${body.slice(10)}\r\n0\r\n${crc}:WRONG===\r\n\r\n`
  const signature = `;chunk-signature=${'0'.repeat(64)}`
  const signed = `a${signature}\r\n${body.slice(0, 10)}\r\na${signature}\r\n${body.slice(10)}\r\n0${signature}\r\n\r\n`
  const framed = (length = body.length): string =>
    `x-amz-decoded-content-length: ${length}\nContent-Encoding: gzip,aws-chunked`
  const streaming = 'x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  assert.equal(statusOf(await put('/bucket/signed', signed, `${framed()}\n${streaming}`)), 200)
  const answer = await get('/bucket/signed')
  assert.equal(bodyOf(answer), body)
  assert.match(answer, /content-encoding: gzip\r\n/)
  const trailing = `${framed()}\nx-amz-trailer: ${crc}\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER`
  assert.match(bodyOf(await put('/bucket/trailer', unsigned, trailing)), /<Code>BadDigest</)
  const good = unsigned.replace('WRONG===', checksumOf(body))
  assert.equal(statusOf(await put('/bucket/trailer', good, trailing)), 200)
  assert.equal(bodyOf(await get('/bucket/trailer')), body)
  assert.match(
    bodyOf(await put('/bucket/cut', signed.slice(0, -80), `${framed()}\n${streaming}`)),
    /<Code>IncompleteBody</,
  )
  assert.match(bodyOf(await put('/bucket/cut', signed, `${framed(19)}\n${streaming}`)), /<Code>IncompleteBody</)
  assert.match(bodyOf(await put('/bucket/cut', 'zz\r\n', `${framed()}\n${streaming}`)), /<Code>IncompleteBody</)
  assert.equal(statusOf(await get('/bucket/cut')), 404)
})

test('bodies without a length, with a wrong hash or cut off are refused and leave nothing', async () => {
  const chunked = await exchange(
    'PUT /bucket/x HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked',
    '1\r\na\r\n0\r\n\r\n',
  )
  assert.match(chunked, /^HTTP\/1.1 501/)
  assert.match(chunked, /<Header>Transfer-Encoding</)
  assert.match(
    await exchange('PUT /bucket/x HTTP/1.1\nHost: localhost'),
    /^HTTP\/1.1 411[\s\S]*<Code>MissingContentLength</,
  )
  assert.match(
    await put('/bucket/x', 'abc', `x-amz-content-sha256: ${'0'.repeat(64)}`),
    /<Code>XAmzContentSHA256Mismatch</,
  )
  const sha = createHash('sha256').update('abc').digest('hex')
  assert.equal(statusOf(await put('/bucket/y', 'abc', `x-amz-content-sha256: ${sha}`)), 200)
  await exchange('PUT /bucket/x HTTP/1.1\nHost: localhost\nContent-Length: 9000000', 'x'.repeat(100_000), true)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(statusOf(await get('/bucket/x')), 404)
  assert.deepEqual(list(), [])
  const big = 'PUT /bucket/x HTTP/1.1\nHost: localhost\nContent-Length: 6000000000'
  assert.match(await exchange(big), /<Code>EntityTooLarge</)
  assert.match(await put('/bucket/x', 'a', `x-amz-meta-a: ${'m'.repeat(2100)}`), /<Code>MetadataTooLarge</)
})

test('documents: hostile ones are MalformedXML, a missing digest is refused', async () => {
  const post = (body: string, headers = ''): Promise<string> =>
    exchange(
      `POST /bucket?delete HTTP/1.1\nHost: localhost\nContent-Length: ${Buffer.byteLength(body)}\n${headers}`,
      body,
    )
  const md5 = (body: string): string => `Content-MD5: ${createHash('md5').update(body).digest('base64')}`
  for (const body of [
    '',
    '<Delete>',
    '<Other/>',
    '<Delete></Delete>',
    '<!DOCTYPE a [<!ENTITY x "y">]><Delete><Object><Key>&x;</Key></Object></Delete>',
    '\u0000',
  ])
    assert.match(await post(body, md5(body)), /^HTTP\/1.1 400[\s\S]*<Code>MalformedXML</)
  const fine = '<Delete><Object><Key>k</Key></Object></Delete>'
  assert.match(await post(fine), /<Code>InvalidRequest</)
  assert.match(await post(fine, md5(fine)), /^HTTP\/1.1 200[\s\S]*<Deleted><Key>k<\/Key><\/Deleted>/)
})

test('presigned URLs: read, write, look and delete; expiry and forgery', async () => {
  const client = new S3Client({
    endpoint: served.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: LOCAL_CREDENTIALS,
  })
  const at = { Bucket: 'bucket', Key: "pre signed/ü+'.txt" }
  const settings = { expiresIn: 60, signingDate: new Date(clock.now()) }
  const putUrl = await getSignedUrl(
    client,
    new PutObjectCommand({ ...at, ContentType: 'text/x', Metadata: { a: 'b' } }),
    settings,
  )
  const getUrl = await getSignedUrl(
    client,
    new GetObjectCommand({
      ...at,
      ResponseContentType: 'text/y',
      ResponseContentDisposition: 'attachment; filename="ü.txt"',
    }),
    settings,
  )
  const headUrl = await getSignedUrl(client, new HeadObjectCommand(at), settings)
  const deleteUrl = await getSignedUrl(client, new DeleteObjectCommand(at), settings)
  assert.equal(
    (await fetch(putUrl, { method: 'PUT', body: 'signed', headers: { 'content-type': 'text/x' } })).status,
    200,
  )
  const got = await fetch(getUrl)
  assert.deepEqual(
    [await got.text(), got.headers.get('content-type'), got.headers.get('x-amz-meta-a')],
    ['signed', 'text/y', 'b'],
  )
  assert.equal(got.headers.get('content-disposition'), 'attachment; filename="ü.txt"')
  const beyond = await getSignedUrl(client, new GetObjectCommand({ ...at, ResponseContentType: '€' }), settings)
  assert.match(await (await fetch(beyond)).text(), /cannot be represented using ISO-8859-1/)
  assert.equal((await fetch(headUrl, { method: 'HEAD' })).headers.get('content-type'), 'text/x')
  const code = async (url: string, init: RequestInit = {}): Promise<string> => {
    const answer = await fetch(url, init)
    return `${answer.status} ${/<Code>(\w+)</.exec(await answer.text())?.[1] ?? ''}`
  }
  const forged = '403 SignatureDoesNotMatch'
  assert.equal(await code(getUrl.replace('pre%20signed', 'other')), forged)
  assert.equal(await code(getUrl.replace('text%2Fy', 'text%2Fz')), forged)
  assert.equal(await code(getUrl.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')), forged)
  assert.equal(await code(getUrl, { method: 'DELETE' }), forged)
  assert.equal(await code(getUrl.replace(/X-Amz-Date=[^&]+&/, '')), '400 AuthorizationQueryParametersError')
  assert.equal(
    await code(getUrl.replace('X-Amz-Expires=60', 'X-Amz-Expires=9999999')),
    '400 AuthorizationQueryParametersError',
  )
  assert.equal(
    await code(putUrl, { method: 'PUT', body: 'x', headers: { 'x-amz-meta-more': 'c' } }),
    '403 AccessDenied',
  )
  assert.equal(await code(`${served.endpoint}/bucket/x?response-content-type=a`), '404 NoSuchKey')
  await put('/bucket/x', 'x')
  assert.equal(await code(`${served.endpoint}/bucket/x?response-content-type=a`), '400 InvalidRequest')
  await clock.advance(61_000)
  const late = await (await fetch(getUrl)).text()
  assert.match(
    late,
    /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message><X-Amz-Expires>60<\/X-Amz-Expires><Expires>.+<\/ServerTime>/,
  )
  assert.equal(await code(deleteUrl, { method: 'DELETE' }), '403 AccessDenied')
  const stranger = new S3Client({
    endpoint: served.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
  })
  const theirs = await getSignedUrl(stranger, new GetObjectCommand(at), {
    expiresIn: 60,
    signingDate: new Date(clock.now()),
  })
  assert.equal(await code(theirs), '200 ')
  await clock.advance(61_000)
  assert.equal(await code(theirs), '403 AccessDenied')
})

test('a response header cannot be split by an override', async () => {
  const client = new S3Client({
    endpoint: served.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: LOCAL_CREDENTIALS,
  })
  const command = new GetObjectCommand({ Bucket: 'bucket', Key: 'y', ResponseContentType: 'a\r\nset-cookie: b' })
  const answer = await fetch(await getSignedUrl(client, command, { signingDate: new Date(clock.now()) }))
  assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [400, null])
  // Nor by metadata that a presigned URL carries in its query.
  const settings = { signingDate: new Date(clock.now()) }
  const hoisted = await getSignedUrl(
    client,
    new PutObjectCommand({ Bucket: 'bucket', Key: 'y', Metadata: { a: 'b\r\nc: d' } }),
    settings,
  )
  assert.equal((await fetch(hoisted, { method: 'PUT', body: 'x' })).status, 400)
})

function list(): string[] {
  try {
    return readdirSync(join(root, 's3'))
  } catch {
    return []
  }
}

function checksumOf(text: string): string {
  const running = startChecksum('CRC32C')
  running.update(Buffer.from(text))
  return running.value()
}
