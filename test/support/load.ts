// Mixed load on S3, SQS, SNS, DynamoDB and Kinesis that keeps book of what was acknowledged, and audits a later process against it.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { callSqs } from './dev.ts'
import { StreamLoad } from './load-stream.ts'
import { TableLoad } from './load-table.ts'

const BUCKET = 'ledger'
const SUBJECTS = 6
const LANES = 3
// Seconds a received message stays hidden: as short as SQS allows, for the audit waits it out.
const VISIBILITY = '1'
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news'

type Content = string | undefined

/** What a key may hold: what was acknowledged last, or what was under way when the process died. */
interface Subject {
  held: Content
  tried: { readonly content: Content } | undefined
}

interface Sent {
  readonly sent: Set<string>
  readonly deleted: Set<string>
  /** Their delete was under way, so they may be gone or not. */
  readonly doubtful: Set<string>
}

const open = (): Sent => ({ sent: new Set(), deleted: new Set(), doubtful: new Set() })
const digest = (body: string | Buffer, algorithm = 'md5'): string => createHash(algorithm).update(body).digest('hex')

export class Ledger {
  readonly #subjects = new Map<string, Subject>()
  #standard = open()
  #ordered = open()
  #heard = open()
  readonly #table = new TableLoad()
  readonly #stream = new StreamLoad()
  #aws = ''
  #count = 0
  /** Operations that were acknowledged. */
  acknowledged = 0

  async prepare(aws: string): Promise<void> {
    this.#aws = aws
    await fetch(`${aws}/${BUCKET}`, { method: 'PUT' })
    const Attributes = { VisibilityTimeout: VISIBILITY }
    await callSqs(aws, 'CreateQueue', { QueueName: 'plain', Attributes })
    await callSqs(aws, 'CreateQueue', { QueueName: 'ordered.fifo', Attributes: { ...Attributes, FifoQueue: 'true' } })
    await callSqs(aws, 'CreateQueue', { QueueName: 'heard', Attributes })
    await this.#callSns('CreateTopic', { Name: 'news' })
    await this.#callSns('Subscribe', {
      TopicArn: TOPIC,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:heard',
      'Attributes.entry.1.key': 'RawMessageDelivery',
      'Attributes.entry.1.value': 'true',
    })
    await this.#table.prepare(aws)
    await this.#stream.prepare(aws)
  }

  /** Works until the process is gone. */
  async work(aws: string): Promise<void> {
    this.#aws = aws
    const untilGone = async (step: () => Promise<unknown>): Promise<void> => {
      try {
        for (;;) {
          await step()
          this.acknowledged++
        }
      } catch (error) {
        // fetch says so when nobody answers; anything else was an answer, and a wrong one.
        if (!(error instanceof TypeError)) throw error
      }
    }
    const subjects = Array.from({ length: SUBJECTS }, (_, worker) => untilGone(() => this.#change(worker)))
    const lanes = Array.from({ length: LANES }, (_, lane) => untilGone(() => this.#sendOrdered(lane)))
    const takers = [
      untilGone(() => this.#take('plain', this.#standard)),
      untilGone(() => this.#take('ordered.fifo', this.#ordered)),
      untilGone(() => this.#take('heard', this.#heard)),
    ]
    const senders = [untilGone(() => this.#send()), untilGone(() => this.#publish())]
    const writers = Array.from({ length: LANES }, (_, worker) => untilGone(() => this.#table.write(aws, worker)))
    const putters = Array.from({ length: LANES }, (_, worker) => untilGone(() => this.#stream.write(aws, worker)))
    await Promise.all([...subjects, ...lanes, ...senders, ...takers, ...writers, ...putters])
  }

  /** Fails when something acknowledged is lost, or something half-done is visible. */
  async audit(aws: string): Promise<void> {
    this.#aws = aws
    await this.#auditObjects()
    await this.#table.audit(aws)
    await this.#stream.audit(aws)
    await Promise.all([
      this.#auditQueue('plain', this.#standard),
      this.#auditQueue('ordered.fifo', this.#ordered),
      // A topic delivers at least once: what was under way when the process died may come again.
      this.#auditQueue('heard', this.#heard, false),
    ])
    this.#standard = open()
    this.#heard = open()
    this.#ordered = open()
  }

  async #object(method: string, key: string, { query = '', headers = {}, body = '' } = {}): Promise<Response> {
    const answer = await fetch(`${this.#aws}/${BUCKET}/${key}${query}`, {
      method,
      headers,
      ...(method === 'GET' ? {} : { body }),
    })
    if (!answer.ok && answer.status !== 404) assert.fail(`${method} ${key}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  // Each worker has keys of its own, so that of each key one change at most is under way.
  async #change(worker: number): Promise<void> {
    const number = this.#count++
    const key = `worker-${worker}/${number % 5}`
    const subject = this.#subjects.get(key) ?? { held: undefined, tried: undefined }
    this.#subjects.set(key, subject)
    const content = `${number} ${randomBytes((number * 977) % 15_000).toString('hex')}`
    const ways = [this.#put, this.#put, this.#inParts, this.#copy, this.#drop]
    const way = ways[Math.floor(number / 5) % ways.length] ?? this.#put
    await way.call(this, key, subject, content)
    subject.held = subject.tried?.content
    subject.tried = undefined
  }

  async #put(key: string, subject: Subject, content: string): Promise<void> {
    subject.tried = { content }
    await (await this.#object('PUT', key, { body: content })).text()
  }

  async #drop(key: string, subject: Subject): Promise<void> {
    subject.tried = { content: undefined }
    await (await this.#object('DELETE', key)).text()
  }

  async #copy(key: string, subject: Subject, content: string): Promise<void> {
    const source = `${key}-source`
    await this.#replace(source, content)
    subject.tried = { content }
    await (await this.#object('PUT', key, { headers: { 'x-amz-copy-source': `/${BUCKET}/${source}` } })).text()
  }

  async #replace(key: string, content: string): Promise<void> {
    const subject = this.#subjects.get(key) ?? { held: undefined, tried: undefined }
    this.#subjects.set(key, subject)
    await this.#put(key, subject, content)
    subject.held = content
    subject.tried = undefined
  }

  async #inParts(key: string, subject: Subject, content: string): Promise<void> {
    const begun = await (await this.#object('POST', key, { query: '?uploads' })).text()
    const id = /<UploadId>([^<]+)</.exec(begun)?.[1] ?? assert.fail(begun)
    const part = await this.#object('PUT', key, { query: `?partNumber=1&uploadId=${id}`, body: content })
    await part.text()
    const list = `<Part><PartNumber>1</PartNumber><ETag>${part.headers.get('etag')}</ETag></Part>`
    const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`
    subject.tried = { content }
    await (await this.#object('POST', key, { query: `?uploadId=${id}`, body })).text()
  }

  async #send(): Promise<void> {
    const id = `plain-${this.#count++}`
    await callSqs(this.#aws, 'SendMessage', { QueueUrl: this.#url('plain'), MessageBody: id })
    this.#standard.sent.add(id)
  }

  async #publish(): Promise<void> {
    const id = `heard-${this.#count++}`
    await this.#callSns('Publish', { TopicArn: TOPIC, Message: id })
    this.#heard.sent.add(id)
  }

  async #callSns(Action: string, input: Record<string, string>): Promise<void> {
    const body = new URLSearchParams({ Action, ...input })
    const answer = await fetch(`${this.#aws}/?Version=2010-03-31`, { method: 'POST', body })
    const text = await answer.text()
    if (!answer.ok) assert.fail(`${Action}: ${text}`)
  }

  async #sendOrdered(lane: number): Promise<void> {
    const id = `${lane}:${String(this.#count++).padStart(9, '0')}`
    const group = { MessageGroupId: `lane-${lane}`, MessageDeduplicationId: id }
    await callSqs(this.#aws, 'SendMessage', { QueueUrl: this.#url('ordered.fifo'), MessageBody: id, ...group })
    this.#ordered.sent.add(id)
  }

  async #take(queue: string, book: Sent): Promise<string[]> {
    const QueueUrl = this.#url(queue)
    const answer = await callSqs(this.#aws, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 3 })
    const messages = (answer.Messages ?? []) as { Body: string; ReceiptHandle: string }[]
    const taken: string[] = []
    for (const { Body, ReceiptHandle } of messages) {
      book.doubtful.add(Body)
      const refused = await callSqs(this.#aws, 'DeleteMessage', { QueueUrl, ReceiptHandle }).then(
        () => false,
        (error: Error) => {
          // On a machine this slow a second is over before the delete: a FIFO queue refuses it, and the message comes again.
          if (!error.message.includes('The receipt handle has expired')) throw error
          return true
        },
      )
      book.doubtful.delete(Body)
      if (refused) continue
      book.deleted.add(Body)
      taken.push(Body)
    }
    return taken
  }

  readonly #url = (queue: string): string => `${this.#aws}/000000000000/${queue}`

  async #auditObjects(): Promise<void> {
    const listed = new Map<string, { etag: string; size: number }>()
    let after = ''
    for (;;) {
      const page = await (
        await fetch(`${this.#aws}/${BUCKET}?list-type=2&start-after=${encodeURIComponent(after)}`)
      ).text()
      const found = [...page.matchAll(/<Key>([^<]+)<\/Key>.*?<ETag>(?:&quot;|")([^<&"]+).*?<Size>(\d+)</gs)]
      for (const [, key = '', etag = '', size] of found) listed.set(key, { etag, size: Number(size) })
      after = found.at(-1)?.[1] ?? ''
      if (!page.includes('<IsTruncated>true')) break
    }
    for (const [key, subject] of this.#subjects) {
      const answer = await this.#object('GET', key)
      const bytes = Buffer.from(await answer.arrayBuffer())
      const found = answer.status === 404 ? undefined : bytes.toString()
      const isKnown = found === subject.held || (subject.tried !== undefined && found === subject.tried.content)
      const wanted = [subject.held, ...(subject.tried === undefined ? [] : [subject.tried.content])]
      assert.ok(isKnown, `${key} holds ${brief(found)}, not ${wanted.map(brief).join(' or ')}`)
      const entry = listed.get(key)
      listed.delete(key)
      assert.equal(entry?.size, found === undefined ? undefined : bytes.length, `the size of ${key} in the list`)
      if (entry !== undefined && !entry.etag.includes('-'))
        assert.equal(entry.etag, digest(bytes), `the ETag of ${key}`)
      subject.held = found
      subject.tried = undefined
    }
    assert.deepEqual([...listed.keys()], [], 'objects that nobody wrote')
  }

  async #auditQueue(queue: string, book: Sent, once = true): Promise<void> {
    const early = new Set(book.deleted)
    const came: string[] = []
    for (let quiet = 0; quiet < 2; ) {
      const taken = await this.#take(queue, book)
      came.push(...taken)
      if (taken.length > 0) quiet = 0
      else if (quiet++ === 0) await sleep(Number(VISIBILITY) * 1000 + 50)
    }
    const there = new Set(came)
    const lost = [...book.sent].filter((id) => !there.has(id) && !book.deleted.has(id) && !book.doubtful.has(id))
    assert.deepEqual(lost, [], `acknowledged and lost from ${queue}`)
    assert.deepEqual(once ? [...there].filter((id) => early.has(id)) : [], [], `deleted, and back in ${queue}`)
    for (let lane = 0; lane < LANES; lane++) {
      const order = came.filter((id) => id.startsWith(`${lane}:`))
      assert.deepEqual(order, order.toSorted(), `the order of lane ${lane}`)
    }
  }
}

const brief = (content: Content): string =>
  content === undefined ? 'nothing' : `"${content.slice(0, 12)}…" (${content.length})`
