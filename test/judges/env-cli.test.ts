// The aws CLI, pointed at the local cloud by `goblet env` as people do it, in a shell.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { folderOf } from '../support/command.ts'
import { GOBLET, startDev } from '../support/dev.ts'
import { missing } from '../support/judge.ts'

test('eval "$(goblet env)" makes the aws CLI speak to the local cloud', { skip: missing('aws') }, async () => {
  const folder = folderOf({
    'app.ts': `import { app, bucket, lambda, queue } from 'goblet'
export default app('shell')
export const jobs = queue('jobs')
export const photos = bucket('photos')
export const echo = lambda(async (event: unknown) => ({ event }))
`,
  })
  const dev = await startDev(folder)
  // The CLI's first line ignores AWS_ENDPOINT_URL for SQS alone, and knows no binary format.
  const script = `
    eval "$("${process.execPath}" "${GOBLET}" env)"
    aws $(aws --version 2>&1 | grep -q '^aws-cli/1' && echo --endpoint-url "$AWS_ENDPOINT_URL") sqs list-queues --query QueueUrls --output text
    aws s3 ls
    aws lambda invoke --function-name shell-dev-echo --payload '{"a":1}' $(aws --version 2>&1 | grep -q '^aws-cli/1' || echo --cli-binary-format raw-in-base64-out) out.json
    cat out.json`
  const { PATH = '' } = process.env
  const shell = spawnSync('sh', ['-ec', script], { cwd: folder, encoding: 'utf8', env: { PATH, HOME: folder } })
  await dev.stop()
  rmSync(folder, { recursive: true })
  assert.equal(shell.status, 0, shell.stderr)
  assert.match(shell.stdout, /\/000000000000\/shell-dev-jobs/)
  assert.match(shell.stdout, /shell-dev-photos-000000000000-us-east-1/)
  assert.match(shell.stdout, /"StatusCode": 200/)
  assert.match(shell.stdout, /\{"event":\{"a":1\}\}$/)
})
