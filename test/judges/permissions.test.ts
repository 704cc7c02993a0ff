// Every example runs under the permissions that are derived of its code; take one statement away, and the run says which one it was.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { openBuild } from '../../src/build/index.ts'
import { type Cloud, type Code, type JournalEntry, sendText, startCloud } from '../../src/local/index.ts'
import { defineModel, type Grant, type Model, type Permissions } from '../../src/model/index.ts'
import { connect } from '../support/websocket.ts'

interface Built {
  readonly model: Model
  readonly code: ReadonlyMap<string, Code>
  readonly permissions: Permissions
}

type Denied = Extract<JournalEntry, { kind: 'denied' }>

const folder = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

async function build(name: string, outdir: string): Promise<Built> {
  const opened = await openBuild({ root: folder(name), entry: 'app.ts', outdir })
  try {
    const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
    const model = defineModel(await opened.discover(), place, GRAMMAR)
    const { functions: code } = await opened.bundle(model.functions)
    return { model, code, permissions: await opened.permissions(model) }
  } finally {
    await opened.close()
  }
}

/** Runs an app, lets it be used, and says what was denied. It ends early where `first` is asked for. */
async function run(
  built: Built,
  use: (cloud: Cloud) => Promise<void>,
  first = false,
): Promise<{ cloud: Cloud; denied: Denied[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'goblet-planted-'))
  const cloud = await startCloud({ directory, port: 0, awsPort: 0 })
  const denied: Denied[] = []
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  cloud.journal.follow((entry) => {
    if (entry.kind !== 'denied') return
    denied.push(entry)
    if (first) stop()
  })
  try {
    await cloud.apply(built.model, built.code, { warm: false, permissions: built.permissions })
    const used = use(cloud)
    await Promise.race([used, stopped])
    await used.catch(() => {})
    // The function that was denied says so in its log, when it has failed.
    await settle(cloud, 1000)
    return { cloud, denied }
  } finally {
    await cloud.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Waits until nothing runs for a moment. */
async function settle(cloud: Cloud, most = 5000): Promise<void> {
  const end = Date.now() + most
  let quiet = 0
  let entries = -1
  while (quiet < 8 && Date.now() < end) {
    await sleep(10)
    const now = cloud.journal.recorded()
    quiet = cloud.idle() && now === entries ? quiet + 1 : 0
    entries = now
  }
}

// Somebody who went without a word, long ago: what is sent to them finds out, and takes the row away.
async function leaveBehind(cloud: Cloud, TableName: string, row: Readonly<Record<string, string>>): Promise<void> {
  const Item = { ...Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }])), since: { N: '0' } }
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.PutItem' }
  const body = JSON.stringify({ TableName, Item })
  assert.equal((await fetch(cloud.aws, { method: 'POST', headers, body })).status, 200)
}
const GONE = 'AAAAAAAAAAAAAAA='

/** Connects, sends these, and goes. */
async function talk(
  cloud: Cloud,
  api: string,
  query: string,
  messages: readonly object[],
): Promise<() => Promise<void>> {
  const client = await connect(`${cloud.websockets.get(api)}${query}`)
  for (const message of messages) {
    client.send(JSON.stringify(message))
    // Who hears of it is found a moment later.
    await sleep(30)
    await settle(cloud)
  }
  return async () => {
    await client[Symbol.asyncDispose]()
    await sleep(30)
    await settle(cloud)
  }
}

async function useShop(cloud: Cloud): Promise<void> {
  const ask = async (path: string, init?: RequestInit): Promise<void> => {
    await (await fetch(`${cloud.http}${path}`, init)).arrayBuffer()
  }
  await leaveBehind(cloud, 'everything-dev-watchers', { id: GONE })
  const leave = await talk(cloud, 'counter', '', [{ action: 'watch' }])
  const body = JSON.stringify({ customer: 'ada', items: ['a book'] })
  await ask('/orders/o-1', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  await settle(cloud)
  await leave()
  for (const path of ['/orders/o-1', '/customers/ada/orders', '/figures', '/reports', '/pepper']) await ask(path)
  await cloud.invoke('nightly', '{}')
  await settle(cloud)
}

async function useChat(cloud: Cloud): Promise<void> {
  await leaveBehind(cloud, 'websocket-chat-dev-connections', { connection_id: GONE, room_name: 'r' })
  const said = ['sendMessage', 'getRecentMessages'].map((action) => ({ action, user_name: 'ada', content: 'Hello' }))
  const leave = await talk(cloud, 'chat', '?room_name=r', said)
  await leave()
  for (const path of ['/', '/rooms']) await (await fetch(`${cloud.http}${path}`)).arrayBuffer()
}

async function useImager(cloud: Cloud, model: Model, photograph: string): Promise<void> {
  const jobs = model.resources.find(({ name }) => name === 'imager-queue')
  assert.ok(jobs?.kind === 'queue')
  await sendText(cloud.aws, jobs, JSON.stringify({ filename: 'rocket.webp', url: photograph }), {})
  await settle(cloud, 10_000)
  for (const path of ['/', '/photos/rocket.webp', '/photos/missing']) {
    const answer = await fetch(`${cloud.http}${path}`)
    await answer.arrayBuffer()
  }
}

const isSame = (left: Grant, right: Grant): boolean => left.action === right.action && left.resource === right.resource

function without(permissions: Permissions, name: string, grant: Grant): Permissions {
  return new Map(
    [...permissions].map(([one, own]) => [
      one,
      // The whole statement: what code needs, Goblet may need for the same function, too.
      one === name ? { ...own, grants: own.grants.filter((other) => !isSame(other, grant)) } : own,
    ]),
  )
}

function check(name: string, prepare: () => Promise<(cloud: Cloud, model: Model) => Promise<void>>): void {
  describe(`examples/${name}`, { timeout: 110_000 }, () => {
    // Where the packages of the example are found.
    const outdir = join(folder(name), '.goblet', `permissions-${process.pid}`)
    let built: Built
    let use: (cloud: Cloud) => Promise<void>
    before(async () => {
      built = await build(name, outdir)
      const using = await prepare()
      use = (cloud) => using(cloud, built.model)
    })
    after(() => rm(outdir, { recursive: true, force: true }))

    it('runs with what its code needs, and needs all of it', async () => {
      const { cloud, denied } = await run(built, use)
      assert.deepEqual(
        denied.map(({ complaint }) => complaint.message),
        [],
      )
      const { unused } = cloud.permissions()
      assert.deepEqual(
        unused.map(({ function: one, action, resource }) => `${one} ${action} ${resource}`),
        [],
      )
    })

    it('fails without any one of its statements, and names it', async () => {
      for (const [one, { grants }] of built.permissions)
        for (const grant of grants.filter(({ by }) => by === 'code')) {
          const permissions = without(built.permissions, one, grant)
          const { cloud, denied } = await run({ ...built, permissions }, use, true)
          const what = `${one} ${grant.action} ${grant.resource}`
          const [told] = denied
          assert.ok(told !== undefined, what)
          assert.deepEqual(
            [told.function, told.action, told.complaint.code],
            [one, grant.action, 'GOBLET_DENIED'],
            what,
          )
          const made = built.model.functions.find((each) => each.name === one)
          assert.deepEqual(told.complaint.where, made?.where)
          const log = cloud.journal
            .read({ function: one })
            .flatMap((entry) => (entry.kind === 'log' ? [entry.text] : []))
            .join('\n')
          assert.match(log, /not authorized to perform: /i, what)
          assert.ok(log.toLowerCase().includes(`perform: ${grant.action.toLowerCase()} on`), `${what}: ${log}`)
        }
    })
  })
}

check('hello', async () => async (cloud) => void (await fetch(`${cloud.http}/cities/ulm`)))
check('everything', async () => useShop)
check('websocket-chat', async () => useChat)

describe('the image pipeline', () => {
  const bytes = readFile(join(folder('image-pipeline'), 'photographs', 'rocket.jpg'))
  const server = createServer((_, response) => void bytes.then((all) => response.end(all)))
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  check('image-pipeline', async () => {
    const { port } = server.address() as AddressInfo
    return (cloud, model) => useImager(cloud, model, `http://127.0.0.1:${port}/rocket.jpg`)
  })
})
