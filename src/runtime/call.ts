// The one file that calls AWS: a signed request over Node's own client, loaded on first use. An SDK client costs 25 to 45 ms of cold start, this 2 to 11.
import { type Credentials, type Digest, type Signing, sign } from '../aws/signer.ts'
import { region } from './place.ts'

export interface Call {
  readonly service: string
  readonly method: string
  /** Scheme and host, and the path before it if any: `https://sqs.us-east-1.amazonaws.com`. */
  readonly base: string
  /** Percent-encoded, with its leading slash. */
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The body's SHA-256, where many calls have the same one. */
  readonly hash?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Uint8Array
  readonly text: string
}

/** What AWS answers to a call that it refuses. */
export class AwsError extends Error {
  static override readonly name = 'AwsError'
  override readonly name = 'AwsError'
  /** AWS's error code, such as `NoSuchBucket`. */
  readonly code: string
  /** The HTTP status. */
  readonly status: number
  /** All that the answer says, where it says more. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status: number, details: Readonly<Record<string, unknown>> = {}) {
    super(message === '' ? code : `${code}: ${message}`)
    this.code = code
    this.status = status
    this.details = details
  }
}

const ATTEMPTS = 3

/** Sends a signed call; tries again, up to three times in all, what AWS or the network answers with a passing fault. */
export async function call(given: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS
    try {
      const answer = await send(given)
      if (last || (answer.status < 500 && answer.status !== 429)) return answer
    } catch (error) {
      if (last) throw error
    }
    await pause(attempt)
  }
}

/** Waits before another attempt, with full jitter: many functions that failed together are not to come back together. */
export const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt))

// Loaded on first use, and kept as modules: what watches calls puts itself into them later.
const load = (protocol: string) => (protocol === 'https:' ? import('node:https') : import('node:http'))
const clients: Record<string, Awaited<ReturnType<typeof load>>> = {}

async function send({ service, method, base, path, query = '', headers, body = '', hash }: Call): Promise<Answer> {
  const { protocol, host } = split(base)
  const payload = hash === undefined ? body : { hash }
  const signed = sign({ method, path, query, headers: { ...headers, host } }, await signing(service), payload)
  signed['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength)
  clients[protocol] ??= await load(protocol)
  const { request } = clients[protocol]
  // A list of headers and the parts of a URL cost Node a third less than an object and the whole.
  const raw: string[] = []
  for (const name in signed) raw.push(name, signed[name] ?? '')
  const [, hostname = '', port, before = ''] = /^(.*?)(?::(\d+))?(\/.*)?$/.exec(host) ?? []
  const to = { hostname: hostname.replace(/^\[|\]$/g, ''), port, method, headers: raw }
  return new Promise((resolve, reject) => {
    const sent = request({ ...to, path: `${before}${path}${query === '' ? '' : `?${query}`}` }, (answer) => {
      const chunks: Uint8Array[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve(toAnswer(answer.statusCode ?? 0, answer.headers, chunks)))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function toAnswer(
  status: number,
  raw: Readonly<Record<string, string | string[] | undefined>>,
  chunks: Uint8Array[],
): Answer {
  const headers: Record<string, string | undefined> = {}
  for (const name in raw) {
    const value = raw[name]
    headers[name] = typeof value === 'object' ? value.join(', ') : value
  }
  const bytes = Buffer.concat(chunks)
  return {
    status,
    headers,
    bytes,
    get text() {
      return bytes.toString('utf8')
    },
  }
}

let digest: Digest | undefined

/** What a signature of this moment needs. Credentials are read each time, because Lambda may change them. */
export async function signing(service: string): Promise<Signing> {
  digest ??= await openDigest()
  return { credentials: credentials(), region: region(), service, date: Date.now(), digest }
}

async function openDigest(): Promise<Digest> {
  const { createHash, createHmac, hash } = await import('node:crypto')
  return {
    // In one go where Node can: since 20.12.
    sha256: (data) => hash?.('sha256', data) ?? createHash('sha256').update(data).digest('hex'),
    hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  }
}

function credentials(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('There are no AWS credentials in the environment: this code runs outside a function.')
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  }
}

/** Scheme and host of a base URL. */
export function split(base: string): { protocol: string; host: string } {
  const slashes = base.indexOf('//')
  return { protocol: base.slice(0, slashes), host: base.slice(slashes + 2) }
}

type Output = Readonly<Record<string, unknown>>

// Source: the SDK's retry strategy: what these say passes, though their status is 400. A transaction may meet another one.
const PASSING = /Throttl|^ProvisionedThroughputExceeded|^RequestLimitExceeded|^LimitExceeded|^TransactionInProgress/

/** A call in AWS's JSON protocol: the operation's output, or an AwsError. Tries again what AWS refuses for being busy. */
export async function callJson(
  service: string,
  base: string,
  target: string,
  input: object,
  version: '1.0' | '1.1' = '1.0',
): Promise<Output> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askJson(service, base, target, input, version)
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof AwsError && PASSING.test(error.code))) throw error
    }
    await pause(attempt)
  }
}

async function askJson(service: string, base: string, target: string, input: object, version: string): Promise<Output> {
  const answer = await call({
    service,
    method: 'POST',
    base,
    path: '/',
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(input),
  })
  const output: unknown = answer.text === '' ? {} : JSON.parse(answer.text)
  const fields = typeof output === 'object' && output !== null ? (output as Record<string, unknown>) : {}
  if (answer.status < 300) return fields
  const code =
    String(fields.__type ?? 'UnknownError')
      .split('#')
      .at(-1) ?? ''
  throw new AwsError(code, String(fields.message ?? fields.Message ?? ''), answer.status, fields)
}
