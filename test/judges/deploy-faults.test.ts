// Deploys that are killed after every call that changes something, whose answers are lost, that are throttled, or that meet
// another one: run again, they leave the account exactly as one that nothing happened to.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { S3 } from '@aws-sdk/client-s3'
import { readAccount } from '../support/account.ts'
import type { Order } from '../support/deployer.ts'
import { type Deployers, openDeployers, type Told } from '../support/deployers.ts'
import { answers, type Small } from '../support/deploying.ts'
import { type Fault, type FaultProxy, openFaultProxy, type Seen } from '../support/fault-proxy.ts'

import { isInstalled, type Running, startTarget } from '../support/peers.ts'

const skip = isInstalled('ministack') ? false : 'ministack is not installed'

let cloud: Running
let deployers: Deployers
let accounts = 200_000_000_000

before(async () => {
  if (skip !== false) return
  cloud = await startTarget('ministack')
  deployers = await openDeployers()
})

after(async () => {
  if (skip !== false) return
  await deployers[Symbol.asyncDispose]()
  await cloud.stop()
})

type Change = (account: string) => Small

const nothing: Change | undefined = undefined
const first: Change = (account) => ({
  app: 'shop',
  account,
  functions: { hello: answers('one') },
  queues: ['jobs'],
})
const code: Change = (account) => ({ ...first(account), functions: { hello: answers('two') } })
const both: Change = (account) => ({ ...code(account), queues: ['jobs', 'more'] })

const WAYS = [
  { name: 'first deploy', from: nothing, to: first },
  { name: 'code', from: first, to: code },
  { name: 'code and resources', from: first, to: both },
]

interface Laid extends AsyncDisposable {
  readonly proxy: FaultProxy
  readonly account: string
  run(change: Change, order?: Partial<Order>): Promise<Told>
  left(): Promise<string[]>
}

/** An account of its own, with what was deployed before, and a proxy before it. */
async function lay(from: Change | undefined): Promise<Laid> {
  const account = String(++accounts)
  const proxy = await openFaultProxy(cloud.endpoint)
  const run = async (change: Change, order: Partial<Order> = {}) => {
    proxy.seen.length = 0
    return deployers.run({ does: 'deploy', endpoint: proxy.endpoint, small: change(account), ...order })
  }
  if (from !== undefined) await run(from)
  return { proxy, account, run, left: () => readAccount(cloud.endpoint, account), [Symbol.asyncDispose]: proxy.close }
}

const rows: string[] = []
after(() => {
  if (rows.length > 0) console.log(`\n${rows.join('\n')}\n`)
})

for (const { name, from, to } of WAYS) {
  test(`${name}: killed after any of its changes, or with any answer lost, it converges`, { skip }, async () => {
    await using whole = await lay(from)
    const told = await whole.run(to)
    assert.ok(told.did, told.message)
    const meant = await whole.left()
    const changes = whole.proxy.seen.filter((one) => one.mutates).map((one) => one.name)
    const numbers = changes.map((_, index) => index)
    await inPairs(numbers, async (number) => {
      const [killed, lost] = [await kill(from, to, number, meant), await lose(from, to, number, meant)]
      rows.push(`${name.padEnd(20)} ${String(number + 1).padStart(2)} ${killed.padEnd(44)} again: same   lost: ${lost}`)
    })
    assert.ok(changes.length >= 5, changes.join())
  })
}

async function inPairs(numbers: readonly number[], work: (number: number) => Promise<void>): Promise<void> {
  const left = [...numbers]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all([worker(), worker()])
}

async function kill(from: Change | undefined, to: Change, number: number, meant: string[]): Promise<string> {
  await using laid = await lay(from)
  const { proxy, account, run } = laid
  proxy.seen.length = 0
  let what = 'nothing was left to kill'
  const { child, ended } = deployers.start({ does: 'deploy', endpoint: proxy.endpoint, small: to(account) })
  proxy.onKill = () => child.kill('SIGKILL')
  proxy.fault = (call, before) => {
    if (!call.mutates || before !== number) return undefined
    what = call.name
    return { does: 'kill' }
  }
  await ended
  proxy.fault = () => undefined
  const again = await run(to)
  assert.ok(again.did, `${what}: ${again.message}`)
  assert.deepEqual(await laid.left(), meant, `killed after ${what}`)
  const then = await run(to)
  assert.equal(then.did, 'nothing', `after ${what}`)
  return what
}

async function lose(from: Change | undefined, to: Change, number: number, meant: string[]): Promise<string> {
  await using laid = await lay(from)
  const { proxy, run } = laid
  let lost: string | undefined
  proxy.fault = (call, before) => {
    if (!call.mutates || before !== number || lost !== undefined) return undefined
    lost = call.name
    return { does: 'lose' }
  }
  const told = await run(to)
  assert.ok(told.did, `the answer to ${lost} lost: ${told.message}`)
  const left = await laid.left()
  // PublishVersion makes no second version of the same on AWS ("Lambda doesn't publish a version if the function's
  // configuration and code haven't changed since the last version"); MiniStack does.
  if (lost !== undefined && /(POST .*versions|PUT .*code)$/.test(lost)) {
    const unversioned = (lines: string[]) => lines.map((line) => line.replace(/^(function .*) \S+ \S+$/, '$1'))
    assert.deepEqual(unversioned(left), unversioned(meant), `the answer to ${lost} lost`)
    return 'same, but for versions (MiniStack)'
  }
  assert.deepEqual(left, meant, `the answer to ${lost} lost`)
  return 'same'
}

const THROTTLED: Readonly<Record<string, Fault>> = {
  s3: { does: 'answer', status: 503, type: 'application/xml', body: '<Error><Code>SlowDown</Code></Error>' },
  lambda: {
    does: 'answer',
    status: 429,
    type: 'application/json',
    body: '{"__type":"TooManyRequestsException","message":"Rate exceeded"}',
  },
  cloudformation: {
    does: 'answer',
    status: 400,
    type: 'text/xml',
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
  },
}

test('a storm of throttling only makes it slower', { skip }, async () => {
  await using whole = await lay(undefined)
  await whole.run(both)
  await using laid = await lay(undefined)
  const { proxy, run } = laid
  let throttled = 0
  proxy.fault = (call) => {
    // Every other call, up to sixteen.
    if (proxy.seen.length % 2 === 0 || throttled === 16) return undefined
    const fault = THROTTLED[call.name.split('.')[0] ?? '']
    if (fault !== undefined) throttled++
    return fault
  }
  const told = await run(both)
  assert.equal(told.did, 'stack', told.message)
  assert.equal(throttled, 16)
  assert.deepEqual(await laid.left(), await whole.left())
})

test('a role that is not known everywhere yet is waited for', { skip }, async () => {
  await using laid = await lay(first)
  const { proxy, run } = laid
  let refused = 0
  proxy.fault = (call) => {
    if (!call.name.endsWith('/code') || refused === 2) return undefined
    refused++
    const message = 'The role defined for the function cannot be assumed by Lambda.'
    const body = JSON.stringify({ __type: 'InvalidParameterValueException', Type: 'User', message })
    return { does: 'answer', status: 400, type: 'application/json', body }
  }
  const told = await run(code)
  assert.equal(told.did, 'code', told.message)
  assert.equal(refused, 2)
})

test('a stack that failed for a role too new is tried again, and not for ever', { skip }, async () => {
  await using laid = await lay(undefined)
  const { proxy, account } = laid
  proxy.fault = ({ name }) =>
    name === 'cloudformation.DescribeStackEvents'
      ? {
          does: 'rewrite',
          body: (text) =>
            text.replace(
              /(<ResourceStatusReason>)[^<]*Nothing[^<]*(<)/g,
              '$1The provided execution role does not have permissions to call ReceiveMessage on SQS$2',
            ),
        }
      : undefined
  const more = { Broken: { Type: 'AWS::Goblet::Nothing', Properties: {} } }
  const told = await laid.run(() => ({ ...first(account), more }))
  assert.deepEqual(told.codes, ['GOBLET_STACK_FAILED'])
  assert.equal(proxy.seen.filter((one: Seen) => one.name === 'cloudformation.CreateChangeSet').length, 3)
})

test('of two deploys at once one is done, and the other one names it', { skip }, async () => {
  await using laid = await lay(first)
  const { proxy, account } = laid
  let isHeld: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    isHeld = resolve
  })
  proxy.fault = ({ name }) => {
    if (name !== 'cloudformation.ExecuteChangeSet') return undefined
    isHeld()
    return { does: 'delay', milliseconds: 2500 }
  }
  const one = deployers.start({ does: 'deploy', endpoint: proxy.endpoint, small: both(account) })
  await held
  const other = await deployers.run({ does: 'deploy', endpoint: proxy.endpoint, small: both(account) })
  assert.deepEqual(other.codes, ['GOBLET_DEPLOY_HELD'])
  assert.match(
    other.message ?? '',
    new RegExp(`root is working on shop-test: \`goblet deploy\` .*process ${one.child.pid}`),
  )
  assert.equal((await one.ended).told?.did, 'stack')
  assert.equal((await laid.run(both)).did, 'nothing')
})

test('a stack that works without anybody is waited for, then gone on with', { skip }, async () => {
  await using laid = await lay(first)
  let told = 0
  laid.proxy.fault = ({ name }) => {
    if (name !== 'cloudformation.DescribeStacks' || told === 4) return undefined
    told++
    return { does: 'rewrite', body: (text) => text.replace(/(<StackStatus>)\w+/, '$1UPDATE_IN_PROGRESS') }
  }
  const result = await laid.run(both)
  assert.equal(result.did, 'stack', result.message)
  assert.ok(result.notes?.some((one) => one.what === 'waiting'))
})

test('one that is stopped lets AWS go on, gives up its hold, and says how to go on', { skip }, async () => {
  await using laid = await lay(first)
  const { proxy, account } = laid
  const { child, ended } = deployers.start({ does: 'deploy', endpoint: proxy.endpoint, small: both(account) })
  let isMade = false
  proxy.fault = ({ name }) => {
    if (name === 'cloudformation.ExecuteChangeSet') isMade = true
    if (name !== 'cloudformation.DescribeStacks' || !isMade) return undefined
    setTimeout(() => child.kill('SIGINT'), 50)
    return { does: 'rewrite', body: (text) => text.replace(/(<StackStatus>)\w+/, '$1UPDATE_IN_PROGRESS') }
  }
  const { told } = await ended
  assert.deepEqual(told?.codes, ['GOBLET_DEPLOY_STOPPED'])
  assert.match(told?.message ?? '', /UPDATE_IN_PROGRESS[\s\S]*Run the same command again/)
  assert.ok(!(await laid.left()).some((line) => line.includes('locks/')))
  proxy.fault = () => undefined
  const again = await laid.run(both)
  assert.ok(again.did === 'code' || again.did === 'stack', again.message)
  assert.equal((await laid.run(both)).did, 'nothing')
})

test('what could not be put back before is put back first', { skip }, async () => {
  await using laid = await lay(first)
  let isContinued = false
  let works = 2
  laid.proxy.fault = ({ name }) => {
    if (name === 'cloudformation.ContinueUpdateRollback') {
      isContinued = true
      const body = '<ContinueUpdateRollbackResponse><ContinueUpdateRollbackResult/></ContinueUpdateRollbackResponse>'
      return { does: 'answer', status: 200, type: 'text/xml', body }
    }
    if (name !== 'cloudformation.DescribeStacks' || (isContinued && works-- <= 0)) return undefined
    const state = isContinued ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_FAILED'
    return { does: 'rewrite', body: (text) => text.replace(/(<StackStatus>)\w+/, `$1${state}`) }
  }
  const result = await laid.run(both)
  assert.equal(result.did, 'stack', result.message)
  assert.ok(isContinued)
})

test('a hold from another machine is honoured for a minute, and taken over after that', { skip }, async () => {
  await using laid = await lay(first)
  const { account, proxy } = laid
  const credentials = { accessKeyId: account, secretAccessKey: 'test' }
  const s3 = new S3({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  const Bucket = `goblet-artifacts-${account}-us-east-1`
  const holder = {
    id: 'x',
    who: 'ada',
    host: 'elsewhere',
    pid: 1,
    since: '2026-11-21T10:00:00Z',
    command: 'goblet deploy',
  }
  await s3.putObject({ Bucket, Key: 'locks/shop-test.json', Body: JSON.stringify(holder) })
  assert.deepEqual((await laid.run(code)).codes, ['GOBLET_DEPLOY_HELD'])
  const date = new Date(Date.now() + 90_000).toUTCString()
  proxy.fault = ({ name }) =>
    name === 's3.GET locks/shop-test.json' ? { does: 'rewrite', headers: { date } } : undefined
  const told = await laid.run(code)
  assert.equal(told.did, 'code', told.message)
  assert.match(JSON.stringify(told.notes), /Took over from ada \(process 1 on elsewhere\)/)
})
