// `logs --remote` against CloudWatch Logs: the local cloud's own, by the SDK client, as it would be on AWS.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { until } from '../support/aws.ts'
import { folderOf, goblet } from '../support/command.ts'
import { type Dev, GOBLET, startDev } from '../support/dev.ts'

const folder = folderOf({
  'app.ts': `import { app, lambda } from 'goblet'
export default app('far')
export const echo = lambda((event: { say: string }) => { console.log(event.say); return event })
export const other = lambda(() => { console.log('from the other') })
`,
})
let dev: Dev
let env: Record<string, string>
before(async () => {
  dev = await startDev(folder)
  env = {
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
})
after(async () => {
  dev.process.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const remote = (...words: readonly string[]) =>
  goblet(['logs', '--remote', '--endpoint-url', dev.aws, ...words], { cwd: folder, env })
const run = async (name: string, event: unknown): Promise<void> => {
  const { status, err } = await goblet(['invoke', name, '--event', JSON.stringify(event)], { cwd: folder })
  assert.equal(status, 0, err)
}

test('what deployed functions logged is shown as the local log is: by function, filtered, as JSON', async () => {
  await run('echo', { say: 'a line to find' })
  await run('other', {})
  let all = await remote()
  await until('both lines to be there', async () => {
    all = await remote()
    return all.out.includes('from the other') && all.out.includes('a line to find')
  })
  assert.equal(all.status, 0, all.err)
  assert.match(all.out, /^echo {2}START RequestId: [\w-]{36} /m)
  assert.match(all.out, /^echo {2}.*\ta line to find$/m)
  assert.match(all.out, /^other {2}.*\tfrom the other$/m)
  assert.match(all.out, /^echo {2}REPORT RequestId: .*\tMax Memory Used: \d+ MB/m)
  const [one, filtered, json, unknown, span] = await Promise.all([
    remote('other'),
    remote('--filter', 'line to'),
    remote('--filter', 'line to', '--json'),
    remote('othre'),
    remote('--since', 'yesterday'),
  ])
  assert.ok(!one.out.includes('echo') && one.out.includes('from the other'), one.out)
  assert.equal(filtered.out.trimEnd().split('\n').length, 1)
  const line = JSON.parse(json.out)
  assert.deepEqual(Object.keys(line), ['time', 'function', 'requestId', 'line'])
  assert.match(line.requestId, /^[\w-]{36}$/)
  assert.deepEqual([unknown.status, /Did you mean `other`/.test(unknown.err)], [1, true])
  assert.equal(span.status, 2)
})

test('followed, new lines come once, and an interrupt ends it as done', async () => {
  const words = [GOBLET, 'logs', 'echo', '--remote', '--endpoint-url', dev.aws, '--follow', '--since', '5s']
  const child = spawn(process.execPath, words, { cwd: folder, env: { ...process.env, ...env } })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  await run('echo', { say: 'first' })
  await until('the first line', () => lines.some((line) => line.endsWith('\tfirst')))
  await run('echo', { say: 'second' })
  await until('the second line', () => lines.some((line) => line.endsWith('\tsecond')))
  // Two more readings, which find nothing that is new.
  await sleep(2500)
  child.kill('SIGINT')
  assert.equal(await gone, 0)
  for (const said of ['first', 'second'])
    assert.equal(lines.filter((line) => line.endsWith(`\t${said}`)).length, 1, lines.join('\n'))
})

test('what a function logs cannot command the terminal', async () => {
  const logs = new CloudWatchLogs({
    endpoint: dev.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
  })
  await run('echo', { say: 'one' })
  const group = { logGroupName: '/aws/lambda/far-dev-echo' }
  await logs.createLogStream({ ...group, logStreamName: 'mine' }).catch(() => {})
  const message = '\u001b[2Jcleared'
  await logs.putLogEvents({ ...group, logStreamName: 'mine', logEvents: [{ timestamp: Date.now(), message }] })
  const { out } = await remote('echo', '--filter', 'cleared')
  assert.equal(out, 'echo  \\x1b[2Jcleared\n')
})

test('where nothing is deployed, or no region is told, that is said', async () => {
  const [nowhere, region] = await Promise.all([
    remote('--stage', 'prod'),
    goblet(['logs', '--remote', '--endpoint-url', dev.aws], {
      cwd: folder,
      env: { ...env, AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_CONFIG_FILE: '/nowhere', HOME: folder },
    }),
  ])
  assert.deepEqual([nowhere.status, nowhere.out], [1, ''])
  assert.match(nowhere.err, /far-prod is not deployed\.[\s\S]*GOBLET_NOT_DEPLOYED/)
  assert.equal(region.status, 1)
  assert.match(region.err, /GOBLET_NO_REGION/)
})
