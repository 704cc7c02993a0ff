// The keys and listings of the local S3 as the AWS SDK sees them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { fails, openRig, type Rig, raw } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

test('keys are opaque: each comes back from put, get, list, copy and delete exactly, and none becomes a path', async () => {
  const Bucket = await rig.makeBucket()
  const file: { cases: { when: { put: string } }[] } = JSON.parse(
    readFileSync(new URL('../cases/s3-keys.json', import.meta.url), 'utf8'),
  )
  const given = file.cases.map(({ when }) => when.put).filter((key) => !key.includes('1025 bytes'))
  const wild = [
    '/',
    '//a',
    '/a',
    'a/',
    'a//b',
    '.',
    './a',
    'a b',
    'a+b',
    'a%20b',
    '%',
    '%zz',
    '__proto__',
    'constructor',
    'a\nb',
    'a\u0001b',
    '\u0000',
    '\u0005',
    '\ufffd',
    '😀',
    '\u{10ffff}',
    'é',
    'x'.repeat(1024),
  ]
  // The SDK's own URL handling drops dot segments, so these keys go over the wire as S3 sees them: percent-encoded.
  const keys = [...new Set([...given.filter((key) => key !== '..'), ...wild])]
  for (const key of keys) {
    const url = `${rig.served.endpoint}/${Bucket}/${encodeURIComponent(key).replaceAll('.', '%2E')}`
    const answer = await raw('PUT', url, { 'content-length': String(Buffer.byteLength(key)) }, key)
    assert.equal(answer.status, 200, `${JSON.stringify(key)}: ${answer.body}`)
    assert.equal((await raw('GET', url)).body, key)
  }
  const listed: string[] = []
  for await (const page of sdk.paginateListObjectsV2(
    { client: rig.client, pageSize: 7 },
    { Bucket, EncodingType: 'url' },
  ))
    for (const { Key } of page.Contents ?? []) listed.push(decodeURIComponent((Key ?? '').replaceAll('+', ' ')))
  const ordered = [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  assert.deepEqual(listed, ordered)
  const plain = keys.filter((key) => !key.includes('\u0000'))
  const Objects = plain.map((Key) => ({ Key }))
  const { Deleted = [], Errors } = await rig.client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  assert.deepEqual([Deleted.map(({ Key }) => Key), Errors], [plain, undefined])
  assert.equal(
    (await rig.client.send(new sdk.ListObjectsV2Command({ Bucket, EncodingType: 'url' }))).KeyCount,
    keys.length - plain.length,
  )
  await fails(rig.put(Bucket, 'x'.repeat(1025), 'x'), 'KeyTooLongError', 400)
  await fails(rig.put(Bucket, 'é'.repeat(513), 'x'), 'KeyTooLongError', 400)
  const large = 'x'.repeat(20_000)
  const path = (key: string) => `${rig.served.endpoint}/${Bucket}/${encodeURIComponent(key).replaceAll('.', '%2E')}`
  for (const key of ['..', '../a', '../../escape', 'a/../../b', 'a/b/../../../c']) {
    const { status, body } = await raw('PUT', path(key), { 'content-length': '20000' }, large)
    assert.deepEqual([status, body], [400, ''], key)
    assert.equal((await raw('GET', path(key))).status, 400)
  }
  for (const key of ['..a/..b', 'a/../..b', 'a/b/../../c'])
    assert.equal((await raw('PUT', path(key), { 'content-length': '20000' }, large)).status, 200, key)
  assert.deepEqual(readdirSync(rig.root).sort(), ['s3', 'store'])
  assert.ok(readdirSync(`${rig.root}/s3`).every((name) => /^[\da-f]{32}$/.test(name)))
})

test('case sec-s3-symlink: a link in the folder of the state is no way out', async () => {
  const Bucket = await rig.makeBucket()
  symlinkSync('/etc', `${rig.root}/s3/linked`)
  for (const path of [
    `/${Bucket}/linked/passwd`,
    `/${Bucket}/../linked/passwd`,
    '/linked/passwd',
    '/s3/linked/passwd',
  ]) {
    const { status, body } = await raw('GET', rig.served.endpoint + path)
    assert.ok(status >= 400, path)
    assert.doesNotMatch(body, /root:/)
  }
  const { Buckets = [] } = await rig.client.send(new sdk.ListBucketsCommand({}))
  assert.ok(Buckets.every(({ Name }) => Name !== 'linked'))
  await rig.put(Bucket, 'linked/passwd', 'own')
  assert.equal(String(await rig.bytesOf(Bucket, 'linked/passwd')), 'own')
  rmSync(`${rig.root}/s3/linked`)
})

test('listings: prefixes, delimiters, pages, markers', async () => {
  const Bucket = await rig.makeBucket()
  const keys = ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'b/1', 'c//d', 'ü/1', '\ufffd/1', '😀/1']
  for (const key of keys) await rig.put(Bucket, key)
  const list = async (more: Partial<sdk.ListObjectsV2CommandInput>): Promise<string[]> => {
    const seen: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page: sdk.ListObjectsV2CommandOutput = await rig.client.send(
        new sdk.ListObjectsV2Command({ Bucket, ...more, ContinuationToken }),
      )
      assert.equal(page.KeyCount, (page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0))
      for (const { Key = '' } of page.Contents ?? []) seen.push(Key)
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) seen.push(`${Prefix}*`)
      assert.equal(page.IsTruncated, page.NextContinuationToken !== undefined)
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    return seen
  }
  for (const MaxKeys of [1, 2, 3, 1000]) {
    assert.deepEqual(await list({ MaxKeys }), keys)
    const rolled = ['a', 'a/*', 'b', 'b/*', 'c/*', 'ü/*', '\ufffd/*', '😀/*']
    assert.deepEqual((await list({ MaxKeys, Delimiter: '/' })).sort(), rolled.sort())
    assert.deepEqual((await list({ MaxKeys, Delimiter: '/', Prefix: 'a/' })).sort(), ['a/1', 'a/2', 'a/b/*'])
  }
  assert.deepEqual(await list({ StartAfter: 'b' }), keys.slice(5))
  assert.deepEqual(await list({ StartAfter: 'b', Prefix: 'a' }), [])
  assert.deepEqual(await list({ MaxKeys: 0 }), [])
  assert.deepEqual(await list({ Prefix: 'none' }), [])
  const first = await rig.client.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
  assert.deepEqual([first.NextMarker, first.IsTruncated], ['a/', true])
  const second = await rig.client.send(
    new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker: first.NextMarker }),
  )
  assert.deepEqual([second.Contents?.[0]?.Key, second.CommonPrefixes?.[0]?.Prefix], ['b', 'b/'])
  await fails(
    rig.client.send(new sdk.ListObjectsV2Command({ Bucket, ContinuationToken: '!!' })),
    'InvalidArgument',
    400,
  )
  await fails(rig.client.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: -1 })), 'InvalidArgument', 400)
})
