// Judges what a bucket is configured with: boto3 puts and reads every document, uploads by a form, is told of changes.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { openS3 } from '../../src/local/services/s3/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { missing } from '../support/judge.ts'
import { openMail, type TestMail } from '../support/mail.ts'
import { type Served, serve } from '../support/serve.ts'

let root: string
let store: Store
let served: Served
let mail: TestMail
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'goblet-s3-boto-'))
  store = openStore(join(root, 'store'))
  const clock = startClock()
  mail = openMail({ store, clock })
  served = await serve(openS3({ store, clock, directory: join(root, 's3') }, mail.mail))
})
after(async () => {
  mail.mail.outbox.close()
  await served.close()
  await store.close()
  await rm(root, { recursive: true, force: true })
})

const PYTHON = String.raw`
import json, urllib.request, boto3
from botocore.config import Config
from botocore.exceptions import ClientError
result = {}
def code(call, **given):
    try: call(**given)
    except ClientError as error: return error.response['Error']['Code']
s3 = boto3.client('s3')
s3.create_bucket(Bucket='judged')
at = {'Bucket': 'judged'}

def upload(client, name):
    post = client.generate_presigned_post('judged', name, Fields={'acl': 'private'}, Conditions=[{'acl': 'private'}, ['content-length-range', 1, 100]])
    lines = []
    for field, value in list(post['fields'].items()) + [('file', 'bytes')]:
        extra = '; filename="x.txt"\r\nContent-Type: text/plain' if field == 'file' else ''
        lines += ['--edge', 'Content-Disposition: form-data; name="%s"%s' % (field, extra), '', value]
    body = '\r\n'.join(lines + ['--edge--', '']).encode()
    request = urllib.request.Request(post['url'], data=body, headers={'Content-Type': 'multipart/form-data; boundary=edge'})
    return urllib.request.urlopen(request).status, s3.get_object(Bucket='judged', Key=name)['Body'].read().decode()
result['posts'] = [upload(s3, 'two'), upload(boto3.client('s3', config=Config(signature_version='s3v4')), 'four')]

s3.put_bucket_notification_configuration(**at, NotificationConfiguration={'QueueConfigurations': [{
    'QueueArn': 'arn:aws:sqs:us-east-1:000000000000:q', 'Events': ['s3:ObjectCreated:*'],
    'Filter': {'Key': {'FilterRules': [{'Name': 'prefix', 'Value': 'in/'}]}}}]})
result['notification'] = s3.get_bucket_notification_configuration(**at)['QueueConfigurations'][0]['Filter']['Key']['FilterRules']
s3.put_object(**at, Key='in/a b', Body=b'x')
rule = {'AllowedMethods': ['GET'], 'AllowedOrigins': ['*']}
s3.put_bucket_cors(**at, CORSConfiguration={'CORSRules': [rule]})
result['cors'] = s3.get_bucket_cors(**at)['CORSRules'] == [rule]
life = {'ID': 'r', 'Status': 'Enabled', 'Filter': {'Prefix': 'in/'}, 'Expiration': {'Days': 1}}
s3.put_bucket_lifecycle_configuration(**at, LifecycleConfiguration={'Rules': [life]})
result['lifecycle'] = s3.get_bucket_lifecycle_configuration(**at)['Rules'] == [life]
result['expiration'] = 'rule-id="r"' in s3.head_object(**at, Key='in/a b')['Expiration']

# What Terraform's aws_s3_bucket reads of a new bucket.
s3.create_bucket(Bucket='fresh')
fresh = {'Bucket': 'fresh'}
result['fresh'] = [code(getattr(s3, 'get_' + name), **fresh) for name in (
    'bucket_policy', 'bucket_acl', 'bucket_cors', 'bucket_website', 'bucket_versioning', 'bucket_accelerate_configuration',
    'bucket_request_payment', 'bucket_logging', 'bucket_lifecycle_configuration', 'bucket_replication', 'bucket_encryption',
    'object_lock_configuration', 'bucket_tagging', 'bucket_ownership_controls', 'public_access_block', 'bucket_location')]
print(json.dumps(result))
`

test('boto3: forms of both signature versions, notifications, documents', { skip: missing('boto3') }, async () => {
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    AWS_ENDPOINT_URL: served.endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  }
  const { stdout } = await promisify(execFile)('python3', ['-c', PYTHON], { env, cwd: root, timeout: 60_000 })
  assert.deepEqual(JSON.parse(stdout), {
    posts: [
      [204, 'bytes'],
      [204, 'bytes'],
    ],
    notification: [{ Name: 'Prefix', Value: 'in/' }],
    cors: true,
    lifecycle: true,
    expiration: true,
    fresh: [
      'NoSuchBucketPolicy',
      null,
      'NoSuchCORSConfiguration',
      'NoSuchWebsiteConfiguration',
      null,
      null,
      null,
      null,
      'NoSuchLifecycleConfiguration',
      'ReplicationConfigurationNotFoundError',
      null,
      'ObjectLockConfigurationNotFoundError',
      'NoSuchTagSet',
      null,
      null,
      null,
    ],
  })
  const [asked, told] = mail.taken.map(({ body }) => JSON.parse(body))
  assert.equal(asked.Event, 's3:TestEvent')
  assert.equal(told.Records[0].s3.object.key, 'in/a+b')
})
