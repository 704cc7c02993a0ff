// The local S3 judged by the aws CLI and boto3.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { openS3 } from '../../src/local/services/s3/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { missing } from '../support/judge.ts'
import { openMail } from '../support/mail.ts'
import { type Served, serve } from '../support/serve.ts'

const execute = promisify(execFile)
let root: string
let store: Store
let served: Served
let env: NodeJS.ProcessEnv

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'goblet-s3-cli-'))
  store = openStore(join(root, 'store'))
  const clock = startClock()
  served = await serve(openS3({ store, clock, directory: join(root, 's3') }, openMail({ store, clock }).mail))
  env = {
    PATH: process.env.PATH,
    HOME: root,
    AWS_ENDPOINT_URL: served.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  }
})
after(async () => {
  await served.close()
  await store.close()
  await rm(root, { recursive: true, force: true })
})

const aws = async (...args: string[]): Promise<string> =>
  (await execute('aws', args, { env, cwd: root, timeout: 60_000 })).stdout

test('aws s3 mb, cp, ls, sync, presign, rm, rb', { skip: missing('aws') }, async () => {
  await aws('s3', 'mb', 's3://judged')
  const large = Buffer.alloc(20 * 1024 * 1024 + 3, 'twenty megabytes ')
  await writeFile(join(root, 'large.bin'), large)
  await aws('s3', 'cp', 'large.bin', 's3://judged/dir/large.bin')
  const head: { ETag: string } = JSON.parse(
    await aws('s3api', 'head-object', '--bucket', 'judged', '--key', 'dir/large.bin'),
  )
  assert.match(head.ETag, /-3"$/)
  await aws('s3', 'cp', 's3://judged/dir/large.bin', 'back.bin')
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  assert.equal(hash(await readFile(join(root, 'back.bin'))), hash(large))
  await aws('s3', 'cp', 's3://judged/dir/large.bin', 's3://judged/dir/copy.bin')
  await mkdir(join(root, 'tree', 'deep'), { recursive: true })
  const names = ['a b+c.txt', 'ñandú😀.txt', "quote'(1)!.txt", 'deep/%41.txt']
  for (const name of names) {
    await writeFile(join(root, 'tree', name), name)
    // S3 keeps whole seconds: a file of the same second would look newer than its object, and be sent again.
    await utimes(join(root, 'tree', name), 1_600_000_000, 1_600_000_000)
  }
  await aws('s3', 'sync', 'tree', 's3://judged/tree')
  const listed = await aws('s3', 'ls', 's3://judged', '--recursive')
  for (const name of names) assert.ok(listed.includes(`tree/${name}`), `${name} in\n${listed}`)
  assert.equal(await aws('s3', 'sync', 'tree', 's3://judged/tree'), '', 'a second sync has nothing to do')
  assert.match(await aws('s3', 'ls', 's3://judged'), /PRE dir\/\n\s+PRE tree\//)
  const url = (await aws('s3', 'presign', "s3://judged/tree/quote'(1)!.txt", '--expires-in', '60')).trim()
  assert.equal(await (await fetch(url)).text(), "quote'(1)!.txt")
  const forged = await fetch(url.replace('quote', 'quota'))
  assert.deepEqual([forged.status, /<Code>(\w+)/.exec(await forged.text())?.[1]], [403, 'SignatureDoesNotMatch'])
  await assert.rejects(aws('s3', 'rb', 's3://judged'), /BucketNotEmpty/)
  await aws('s3', 'rb', 's3://judged', '--force')
  assert.equal(await aws('s3', 'ls'), '')
})

const PYTHON = `
import boto3, io, json, os, socket, urllib.request, urllib.error
from botocore.config import Config
from botocore.exceptions import ClientError

def code(call, **args):
    try:
        call(**args)
        return None
    except ClientError as error:
        return error.response['Error']['Code']

# The names need no resolver: every bucket host is this machine.
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: real('127.0.0.1' if str(host).endswith('localhost') else host, *rest, **more)

result = {}
for style in ('path', 'virtual', 'auto'):
    for version in ('s3v4', 's3'):
        s3 = boto3.client('s3', config=Config(s3={'addressing_style': style}, signature_version=version if version == 's3v4' else None))
        if style == 'virtual':
            s3 = boto3.client('s3', endpoint_url=os.environ['AWS_ENDPOINT_URL'].replace('127.0.0.1', 'localhost'), config=Config(s3={'addressing_style': style}, signature_version=version if version == 's3v4' else None))
        bucket = 'boto-' + style + '-' + version
        s3.create_bucket(Bucket=bucket)
        for key in ['a', "q'(p)!*", 'a/../b', '..b', 'back\\\\slash', '"dq"<>', 'con', 'ñ😀 +%', 'nl\\n', 'c\\x01']:
            s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={'k': 'v'})
            got = s3.get_object(Bucket=bucket, Key=key)
            assert got['Body'].read() == key.encode() and got['Metadata'] == {'k': 'v'}, key
            url = s3.generate_presigned_url('get_object', Params={'Bucket': bucket, 'Key': key, 'ResponseContentType': 'x/y'})
            if '..' not in key:
                answer = urllib.request.urlopen(url)
                assert answer.read() == key.encode() and answer.headers['content-type'] == 'x/y', (key, url)
        assert code(s3.put_object, Bucket=bucket, Key='..', Body=b'') == '400'
        keys = [one['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket=bucket, PaginationConfig={'PageSize': 3}) for one in page['Contents']]
        assert keys == sorted(keys, key=lambda one: one.encode()) and len(keys) == 10, keys
        assert keys == [one['Key'] for page in s3.get_paginator('list_objects').paginate(Bucket=bucket, PaginationConfig={'PageSize': 3}) for one in page['Contents']]
        put = s3.generate_presigned_url('put_object', Params={'Bucket': bucket, 'Key': 'signed', 'ContentType': 'a/b'})
        urllib.request.urlopen(urllib.request.Request(put, data=b'x', method='PUT', headers={'content-type': 'a/b'}))
        late = s3.generate_presigned_url('get_object', Params={'Bucket': bucket, 'Key': 'a'}, ExpiresIn=-5)
        try:
            urllib.request.urlopen(late)
            raise AssertionError('expired URL was served')
        except urllib.error.HTTPError as error:
            # A negative expiry is malformed to Signature V4, in the past to V2.
            text = error.read()
            assert (b'AuthorizationQueryParametersError' if 'X-Amz-Expires' in late else b'Request has expired') in text, text
        big = os.urandom(17 * 1024 * 1024)
        s3.upload_fileobj(io.BytesIO(big), bucket, 'big')
        out = io.BytesIO()
        s3.download_fileobj(bucket, 'big', out)
        assert out.getvalue() == big
        s3.copy({'Bucket': bucket, 'Key': 'big'}, bucket, 'big2')
        assert s3.head_object(Bucket=bucket, Key='big2')['ContentLength'] == len(big)
        for algorithm in ('CRC32', 'SHA1', 'SHA256'):
            made = s3.put_object(Bucket=bucket, Key='sum', Body=io.BytesIO(b'123456789'), ChecksumAlgorithm=algorithm)
            assert made['Checksum' + algorithm] == s3.get_object(Bucket=bucket, Key='sum', ChecksumMode='ENABLED')['Checksum' + algorithm]
        gone = s3.delete_objects(Bucket=bucket, Delete={'Objects': [{'Key': key} for key in keys if key != 'c\\x01']})
        # Answers name the key; expat refuses the control character S3 writes as a reference.
        assert len(gone['Deleted']) == 9
result['errors'] = [
    code(s3.get_object, Bucket=bucket, Key='none'), code(s3.head_object, Bucket=bucket, Key='none'), code(s3.get_object, Bucket='none-such', Key='a'),
    code(s3.restore_object, Bucket=bucket, Key='big', RestoreRequest={'Days': 1}), code(s3.delete_bucket, Bucket=bucket),
]
print(json.dumps(result))
`

test('boto3: keys, pages, both presigners, transfers, errors', { skip: missing('boto3') }, async () => {
  const { stdout } = await execute('python3', ['-c', PYTHON], { env, cwd: root, timeout: 120_000 })
  assert.deepEqual(JSON.parse(stdout), {
    errors: ['NoSuchKey', '404', 'NoSuchBucket', 'NotImplemented', 'BucketNotEmpty'],
  })
})
