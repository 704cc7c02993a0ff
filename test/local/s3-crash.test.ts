// What the local S3 acknowledged survives SIGKILL, whole; what it did not leaves nothing behind.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { openS3 } from '../../src/local/services/s3/index.ts'
import { openStore } from '../../src/local/store.ts'
import { openMail } from '../support/mail.ts'
import { raw } from '../support/s3.ts'
import { serve } from '../support/serve.ts'

const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
const SERVER = `
  const { openStore } = await import(${at('../../src/local/store.ts')})
  const { openS3 } = await import(${at('../../src/local/services/s3/index.ts')})
  const { startClock } = await import(${at('../../src/local/clock.ts')})
  const { serve } = await import(${at('../support/serve.ts')})
  const [root] = process.argv.slice(-1)
  const { openMail } = await import(${at('../support/mail.ts')})
  const [store, clock] = [openStore(root + '/store'), startClock()]
  const s3 = openS3({ store, clock, directory: root + '/s3' }, openMail({ store, clock }).mail)
  await s3.ensureBucket('bucket')
  process.send((await serve(s3)).port)
`

// A put that answers the status, or undefined when the server is gone.
const put = (port: number, key: string, body: Buffer): Promise<number | undefined> =>
  new Promise((resolve) => {
    const headers = { 'content-length': String(body.length) }
    const sent = request({ host: '127.0.0.1', port, method: 'PUT', path: `/bucket/${key}`, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', () => resolve(undefined))
    sent.end(body)
  })

const bodyOf = (index: number): Buffer => Buffer.alloc(index % 3 === 0 ? 60_000 : 600, `body ${index} `)

test('puts acknowledged before SIGKILL are there, whole', async () => {
  const root = mkdtempSync(join(tmpdir(), 'goblet-s3-crash-'))
  const args = ['--import', 'tsx', '--input-type=module', '-e', SERVER, root]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [port] = await once(child, 'message')
  const acknowledged: number[] = []
  let next = 0
  let down = false
  const worker = async (): Promise<void> => {
    while (!down) {
      const index = next++
      if ((await put(Number(port), `k${index}`, bodyOf(index))) === 200) acknowledged.push(index)
      else down = true
      if (acknowledged.length === 150) child.kill('SIGKILL')
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  const store = openStore(join(root, 'store'))
  const clock = startClock()
  const served = await serve(openS3({ store, clock, directory: join(root, 's3') }, openMail({ store, clock }).mail))
  try {
    assert.ok(acknowledged.length >= 150)
    for (const index of acknowledged) {
      const { status, body } = await raw('GET', `${served.endpoint}/bucket/k${index}`)
      assert.deepEqual([status, body === bodyOf(index).toString()], [200, true], `k${index}`)
    }
    const listed = await raw('GET', `${served.endpoint}/bucket?list-type=2`)
    const large = [...listed.body.matchAll(/<Size>60000</g)].length
    for (let tries = 0; tries < 50 && readdirSync(join(root, 's3')).length > large; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(readdirSync(join(root, 's3')).length, large, 'a file for every large object and none besides')
  } finally {
    await served.close()
    await store.close()
    rmSync(root, { recursive: true, force: true })
  }
})
