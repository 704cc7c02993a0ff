// Signed requests to routes with iam(), judged by botocore: what it signs passes each front door, and nothing else does.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { start } from '../../src/testing/index.ts'
import { missing } from '../support/judge.ts'

const PYTHON = `
import json, sys, urllib.request, urllib.error
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

base, service = sys.argv[1:]
def send(signer, secret, method, path, body):
    request = AWSRequest(method=method, url=base + path, data=body, headers={'X-Custom': ' two  spaces '})
    signer(Credentials('goblet', secret), service, 'us-east-1').add_auth(request)
    prepared = request.prepare()
    try:
        with urllib.request.urlopen(urllib.request.Request(prepared.url, data=body or None, headers=dict(prepared.headers.items()), method=method)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code

rows = []
for secret in ('goblet', 'wrong'):
    for method, path, body in [('GET', '/items/1', b''), ('GET', '/items/a%20b%2Fc?x=2&a=%20&b', b''), ('POST', '/items/1', b'{"a":"1"}')]:
        rows.append(send(SigV4Auth, secret, method, path, body))
    rows.append(send(SigV4QueryAuth, secret, 'GET', '/items/1?x=1', b''))
print(json.dumps(rows))
`

for (const door of ['http', 'rest', 'url'] as const)
  test(`botocore's signatures pass ${door}`, { skip: missing('boto3') }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goblet-judge-'))
    const text = `import { app, iam, route } from 'goblet'
export default app('signed', { api: '${door}', auth: iam() })
export const item = route('GET|POST /items/{id}', ({ auth }) => auth.principal)
`
    await writeFile(join(folder, 'app.ts'), text)
    const cloud = await start(join(folder, 'app.ts'))
    try {
      const base = door === 'rest' ? `${cloud.http.url}/api` : cloud.http.url
      const args = ['-c', PYTHON, base, door === 'url' ? 'lambda' : 'execute-api']
      const { stdout } = await promisify(execFile)('python3', args)
      assert.deepEqual(JSON.parse(stdout), [200, 200, 200, 200, 403, 403, 403, 403])
    } finally {
      await cloud.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
