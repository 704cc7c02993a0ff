// A local S3 behind a socket, with an SDK client in front, for tests.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-s3'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { type ObjectEvent, openS3, type S3 } from '../../src/local/services/s3/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { openMail, type TestMail } from './mail.ts'
import { type Served, serve } from './serve.ts'

interface Open {
  readonly store: Store
  readonly s3: S3
  readonly served: Served
  readonly client: sdk.S3Client
  /** What the buckets told others. */
  readonly mail: TestMail
}

export interface Rig extends Open {
  readonly root: string
  readonly clock: Clock
  readonly events: ObjectEvent[]
  makeBucket(): Promise<string>
  put(
    Bucket: string,
    Key: string,
    Body?: string | Uint8Array,
    more?: Partial<sdk.PutObjectCommandInput>,
  ): Promise<sdk.PutObjectCommandOutput>
  bytesOf(Bucket: string, Key: string, more?: Partial<sdk.GetObjectCommandInput>): Promise<Buffer>
  /** Closes all and opens it again on the same folder. */
  reopen(): Promise<void>
  close(): Promise<void>
}

export async function openRig(clock = startClock()): Promise<Rig> {
  const root = mkdtempSync(join(tmpdir(), 'goblet-s3-'))
  const events: ObjectEvent[] = []
  let now = await open(root, events, clock)
  let buckets = 0
  const closeAll = async (): Promise<void> => {
    now.client.destroy()
    now.mail.mail.outbox.close()
    await now.served.close()
    await now.store.close()
  }
  return {
    root,
    clock,
    get mail() {
      return now.mail
    },
    events,
    get store() {
      return now.store
    },
    get s3() {
      return now.s3
    },
    get served() {
      return now.served
    },
    get client() {
      return now.client
    },
    makeBucket: async () => {
      const Bucket = `test-${++buckets}`
      await now.client.send(new sdk.CreateBucketCommand({ Bucket }))
      return Bucket
    },
    put: (Bucket, Key, Body = Key, more = {}) =>
      now.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...more })),
    bytesOf: async (Bucket, Key, more = {}) => {
      const { Body } = await now.client.send(new sdk.GetObjectCommand({ Bucket, Key, ...more }))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    },
    reopen: async () => {
      await closeAll()
      now = await open(root, events, clock)
    },
    close: async () => {
      await closeAll()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function open(root: string, events: ObjectEvent[], clock: Clock): Promise<Open> {
  const store = openStore(join(root, 'store'))
  const mail = openMail({ store, clock })
  const s3 = openS3({ store, clock, directory: join(root, 's3') }, mail.mail)
  s3.onObject((event) => events.push(event))
  const served = await serve(s3)
  const settings = { endpoint: served.endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 }
  return { store, s3, served, mail, client: new sdk.S3Client({ ...settings, credentials: LOCAL_CREDENTIALS }) }
}

/** Expects the call to fail as S3 would have it. */
export async function fails(promise: Promise<unknown>, name: string, status: number): Promise<sdk.S3ServiceException> {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof sdk.S3ServiceException, String(error))
  assert.equal(error.name, name)
  assert.equal(error.$metadata.httpStatusCode, status)
  return error
}

/** One request without the SDK. */
export async function raw(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number; body: string }> {
  const { port, pathname, search } = new URL(url)
  // As given, not as a URL is normalized.
  const path = url.slice(url.indexOf('/', 'http://'.length))
  assert.ok(pathname + search !== '')
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
