// Signature V4 judged by botocore: what it signs we verify, and we sign the same.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Digest, presign, sign, UNSIGNED_PAYLOAD, verify } from '../../src/aws/signer.ts'
import { missing } from '../support/judge.ts'

const PYTHON = `
import json
from botocore.auth import SigV4Auth, S3SigV4Auth, S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

rows = []
credentials = Credentials('AKID', 'secret/+', 'token==')
for service, method, url, body in [
    ('lambda', 'POST', 'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations', '{"a":"ü"}'),
    ('lambda', 'GET', 'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/a%20b?Qualifier=%24LATEST&Marker=a%2Bb%20c', ''),
    ('execute-api', 'GET', 'https://x.execute-api.eu-west-1.amazonaws.com/a/./b/../c//d/?x=2&b=1&a', ''),
    ('sqs', 'POST', 'http://localhost:4566/', '{}'),
    ('dynamodb', 'POST', 'http://127.0.0.1:4566/', '{}'),
    ('s3', 'PUT', 'http://localhost:4566/b/a/../b/%C3%BC%20%2B%27%21%28%29%2A~', 'body'),
    ('s3', 'GET', 'http://localhost:4566/b?list-type=2&prefix=a%2Fb%20c&delimiter=%2F', ''),
]:
    for kind in ('header', 'query'):
        if kind == 'query':
            body = ''
        request = AWSRequest(method=method, url=url, data=body.encode(), headers={'X-Custom': '  two   spaces ', 'Content-Type': 'a/b'} if kind == 'header' else {})
        signer = (S3SigV4QueryAuth if service == 's3' else SigV4QueryAuth) if kind == 'query' else S3SigV4Auth if service == 's3' else SigV4Auth
        signer(credentials, service, 'eu-west-1').add_auth(request)
        prepared = request.prepare()
        rows.append({'service': service, 'kind': kind, 'method': method, 'url': prepared.url, 'original': url, 'body': body,
          'headers': {name.lower(): value if isinstance(value, str) else value.decode() for name, value in prepared.headers.items()}})
print(json.dumps(rows))
`

interface Row {
  readonly service: string
  readonly kind: 'header' | 'query'
  readonly method: string
  readonly url: string
  readonly original: string
  readonly body: string
  readonly headers: Record<string, string>
}

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret/+', sessionToken: 'token==' }

const parts = (url: string): { host: string; path: string; query: string } => {
  const [, host = '', path = '/', query = ''] = /^https?:\/\/([^/]+)([^?]*)\??(.*)$/.exec(url) ?? []
  return { host, path, query }
}

test('botocore signs, we verify and sign the same: headers and queries, S3 and others', {
  skip: missing('boto3'),
}, async () => {
  const { stdout } = await promisify(execFile)('python3', ['-c', PYTHON], { timeout: 60_000 })
  const rows: Row[] = JSON.parse(stdout)
  assert.equal(rows.length, 14)
  for (const { service, kind, method, url, original, body, headers } of rows) {
    const { host, path, query } = parts(url)
    const request = { method, path, query, headers: { host, ...headers } }
    const label = `${service} ${kind} ${url}`
    const payloadHash = service === 's3' && kind === 'query' ? UNSIGNED_PAYLOAD : digest.sha256(body)
    const check = { secretAccessKey: credentials.secretAccessKey, digest, payloadHash }
    assert.equal(verify(request, check), 'ok', label)
    assert.equal(verify({ ...request, path: `${path}x` }, check), 'mismatch', label)
    const stamp = headers['x-amz-date'] ?? /X-Amz-Date=(\w+)/.exec(query)?.[1] ?? ''
    const date = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    const signing = { credentials, region: 'eu-west-1', service, date, digest }
    const plain = { method, path, query: parts(original).query }
    if (kind === 'query') {
      const ours = presign({ ...plain, headers: { host } }, signing, 3600, payloadHash)
      assert.equal(/X-Amz-Signature=(\w+)/.exec(ours)?.[1], /X-Amz-Signature=(\w+)/.exec(query)?.[1], label)
      continue
    }
    const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? []
    const given = Object.fromEntries(
      signed.filter((name) => name !== 'x-amz-date').map((name) => [name, headers[name] ?? host]),
    )
    assert.equal(sign({ ...plain, headers: given }, signing, body).authorization, headers.authorization, label)
  }
})
