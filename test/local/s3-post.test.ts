// Uploads from browsers' forms: what S3 takes, what it refuses, in its words.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post'
import { startClock } from '../../src/local/clock.ts'
import { openRig, type Rig } from '../support/s3.ts'

let rig: Rig
let bucket: string
before(async () => {
  rig = await openRig(startClock('virtual', Date.now()))
  bucket = await rig.makeBucket()
})
after(() => rig.close())

interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly code: string | undefined
}

async function send(
  options: Partial<PresignedPostOptions>,
  more: Record<string, string> = {},
  file: string | Uint8Array | null = 'bytes',
  name = 'a file.txt',
): Promise<Sent> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own variable.
  const given = { Bucket: bucket, Key: 'form/${filename}', ...options }
  const { url, fields } = await createPresignedPost(rig.client, given)
  const form = new FormData()
  for (const [field, value] of Object.entries({ ...fields, ...more })) form.append(field, value)
  if (file !== null) form.append('file', new Blob([file]), name)
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
  const body = await answer.text()
  return { status: answer.status, headers: answer.headers, body, code: /<Code>(\w+)</.exec(body)?.[1] }
}

test('a form is an upload; its file names the key, its fields are the headers', async () => {
  const answer = await send(
    {
      Fields: { 'Content-Type': 'text/x', 'x-amz-meta-a': 'é', tagging: TAGS },
      Conditions: [['starts-with', '$x-amz-meta-b', '']],
    },
    { 'x-amz-meta-b': 'two' },
  )
  assert.deepEqual([answer.status, answer.body], [204, ''])
  assert.match(answer.headers.get('location') ?? '', new RegExp(`/${bucket}/form/a%20file.txt$`))
  assert.equal(answer.headers.get('etag'), '"4b3a6218bb3e3a7303e8a171a60fcf92"')
  assert.equal(String(await rig.bytesOf(bucket, 'form/a file.txt')), 'bytes')
  const got = await fetch(`${rig.served.endpoint}/${bucket}/form/a%20file.txt`)
  assert.equal(got.headers.get('content-type'), 'text/x')
  assert.equal(got.headers.get('x-amz-tagging-count'), '1')
  assert.deepEqual([got.headers.get('x-amz-meta-b')], ['two'])
  assert.equal(rig.events.at(-1)?.event, 'ObjectCreated:Post')
})
const TAGS = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'

test('the answer is as asked for: 200, 201 with a document, a redirect', async () => {
  const asked = async (status: string): Promise<Sent> => send({ Fields: { success_action_status: status } })
  assert.deepEqual([(await asked('200')).status, (await asked('200')).body], [200, ''])
  assert.equal((await asked('299')).status, 204)
  const made = await asked('201')
  assert.equal(made.status, 201)
  assert.match(
    made.body,
    /<PostResponse><Location>.*<\/Location><Bucket>test-1<\/Bucket><Key>form\/a file.txt<\/Key><ETag>/,
  )
  const redirected = await send({ Fields: { success_action_redirect: 'https://app.example/done?x=1' } })
  assert.equal(redirected.status, 303)
  const to = new URL(redirected.headers.get('location') ?? '')
  assert.deepEqual([to.searchParams.get('x'), to.searchParams.get('key')], ['1', 'form/a file.txt'])
  assert.equal((await send({ Fields: { success_action_redirect: 'javascript:alert(1)' } })).status, 204)
})

test('large files are streamed, bytes that look like the boundary kept', async () => {
  const large = Buffer.alloc(3_000_000, 'x\r\n--')
  assert.equal((await send({ Key: 'large' }, {}, large)).status, 204)
  assert.ok((await rig.bytesOf(bucket, 'large')).equals(large))
})

test('what the policy does not allow is refused', async () => {
  const sizes: PresignedPostOptions['Conditions'] = [['content-length-range', 2, 10]]
  assert.equal((await send({ Conditions: sizes })).status, 204)
  const large = await send({ Conditions: sizes }, {}, 'x'.repeat(11))
  assert.equal(large.code, 'EntityTooLarge')
  assert.match(large.body, /<MaxSizeAllowed>10</)
  const small = await send({ Conditions: sizes }, {}, 'x')
  assert.deepEqual([small.status, small.code], [400, 'EntityTooSmall'])
  const extra = await send({}, { 'x-amz-meta-more': '1' })
  assert.deepEqual([extra.status, extra.code], [403, 'AccessDenied'])
  assert.match(extra.body, /Invalid according to Policy: Extra input fields: x-amz-meta-more/)
  const other = await send({ Key: 'fixed' }, { key: 'other' })
  assert.match(
    other.body,
    /Invalid according to Policy: Policy Condition failed: \[&quot;eq&quot;, &quot;\$key&quot;, &quot;fixed&quot;\]/,
  )
  const start = await send({ Conditions: [['starts-with', '$key', 'images/']] }, { key: 'docs/a' })
  assert.match(
    start.body,
    /Policy Condition failed: \[&quot;starts-with&quot;, &quot;\$key&quot;, &quot;images\/&quot;\]/,
  )
  const forged = await send(
    {},
    { Policy: Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}').toString('base64') },
  )
  assert.deepEqual([forged.status, forged.code], [403, 'SignatureDoesNotMatch'])
  assert.equal((await send({}, {}, null)).code, 'InvalidArgument')
  await rig.clock.advance(3601_000)
  const late = await send({ Expires: 1 })
  assert.match(late.body, /Invalid according to Policy: Policy expired\./)
})

test('forms without a policy, without a form and in pieces', async () => {
  const url = `${rig.served.endpoint}/${bucket}`
  const post = async (body: string | FormData, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await fetch(url, { method: 'POST', body, headers })
    return `${answer.status} ${/<Code>(\w+)</.exec(await answer.text())?.[1]}`
  }
  const form = new FormData()
  form.append('key', 'k')
  form.append('file', 'x')
  assert.equal(await post(form), '403 AccessDenied')
  assert.equal(await post('x', { 'content-type': 'text/plain' }), '412 PreconditionFailed')
  assert.equal(await post('x', { 'content-type': 'multipart/form-data' }), '400 MalformedPOSTRequest')
  assert.equal(
    await post('--b\r\nfoo', { 'content-type': 'multipart/form-data; boundary=b' }),
    '400 MalformedPOSTRequest',
  )
  const long = new FormData()
  long.append('key', 'k'.repeat(21_000))
  assert.equal(await post(long), '400 MaxPostPreDataLengthExceededError')
})
