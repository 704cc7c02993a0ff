// An AWS service that answers what a test tells it to, for tests of clients: which calls they make, and what they make of the answers.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  /** The target's last part: `PutRecords`. */
  readonly operation: string
  // biome-ignore lint/suspicious/noExplicitAny: what a client sent is for the test's assertions to look into.
  readonly input: any
}

export interface Listener {
  readonly heard: Heard[]
  /** What is answered next, in turn; the last one again and again. An answer with `__type` is an error. */
  answer(...answers: readonly object[]): void
  close(): void
}

/** Listens for one service's calls, in its JSON protocol, and sets the environment that clients need. */
export async function listen(service: string, type: string): Promise<Listener> {
  const heard: Heard[] = []
  let answers: object[] = [{}]
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    assert.match(request.headers.authorization ?? '', new RegExp(`/${service}/aws4_request`))
    assert.equal(request.headers['content-type'], type)
    heard.push({ operation: String(request.headers['x-amz-target']), input: JSON.parse(body) })
    const [next = {}] = answers
    if (answers.length > 1) answers = answers.slice(1)
    response.writeHead('__type' in next ? 400 : 200, { 'content-type': type }).end(JSON.stringify(next))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const saved = { ...process.env }
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    GOBLET_PREFIX: 'shop-dev-',
    GOBLET_ACCOUNT: '123456789012',
    [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
  return {
    heard,
    answer: (...next) => {
      heard.length = 0
      answers = [...next]
    },
    close: () => {
      process.env = saved
      server.closeAllConnections()
      server.close()
    },
  }
}
