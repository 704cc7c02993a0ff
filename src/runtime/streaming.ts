// Answers that are sent while they are made: functions URLs and REST APIs whose functions stream.
import type { Finish } from './answer.ts'
import type { Plan } from './plan.ts'
import type { Request } from './request.ts'
import { type Draft, toChunk, toHttpResult, toRestResult, toStreamHeaders } from './response.ts'

/** The end of an answer that goes to the client. Source: the Node.js runtime interface client, version 3. */
export interface ResponseStream {
  write(chunk: Uint8Array): boolean
  end(): void
  once(event: 'drain' | 'close' | 'error' | 'finish', listener: (error?: unknown) => void): void
  off(event: 'drain' | 'close' | 'error' | 'finish', listener: (error?: unknown) => void): void
  readonly destroyed?: boolean
}

export interface Streaming {
  streamifyResponse<Event, Context>(
    handler: (event: Event, stream: ResponseStream, context: Context) => Promise<void>,
  ): (event: Event, context: Context) => Promise<never>
  readonly HttpResponseStream: { from(stream: ResponseStream, prelude: object): ResponseStream }
}

/** What Lambda offers for streaming; undefined where answers are sent whole. */
export const streaming = (): Streaming | undefined => (globalThis as { awslambda?: Streaming }).awslambda

/** An answer that is ready to be sent, part by part. */
export interface Ready {
  readonly prelude: object
  readonly parts: AsyncIterable<Uint8Array>
}

/** Makes an answer ready: everything up to its first part, so that what fails until then is answered as any error. */
export const finishStream: Finish<Ready> = async (draft, plan, request) => {
  const rest = 'httpMethod' in request.event
  corsFor(plan, rest)?.apply(draft, request.header('origin'))
  const parts = draft.stream?.[Symbol.asyncIterator]()
  const first = await parts?.next()
  const headers = parts === undefined ? draft.headers : toStreamHeaders(draft, first?.value)
  const head: Draft = headers === undefined ? draft : { ...draft, headers }
  const opening = first === undefined || first.done === true ? undefined : toChunk(first.value)
  return { prelude: toPrelude(head, rest), parts: partsOf(draft, opening, parts, request) }
}

const corsFor = (plan: Plan, rest: boolean) => (rest ? plan.restCors : plan.cors)

function toPrelude(draft: Draft, rest: boolean): object {
  const { body, isBase64Encoded, stream, ...head } = draft
  return rest ? toRestResult(head) : toHttpResult(head)
}

async function* partsOf(
  { body, isBase64Encoded }: Draft,
  opening: Uint8Array | undefined,
  parts: AsyncIterator<unknown> | undefined,
  request: Request,
): AsyncGenerator<Uint8Array> {
  if (parts === undefined) {
    if (body !== undefined && body !== '') yield Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
    return
  }
  try {
    if (opening === undefined) return
    yield opening
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) yield toChunk(next.value)
  } catch (error) {
    // The status is sent: all that is left is to break off, and to say here why.
    console.error(`The answer of ${request.route} broke off:`, error)
    throw error
  } finally {
    await parts.return?.()
  }
}

/** Sends an answer, no faster than the client takes it; a client that leaves ends the making. */
export async function send(lambda: Streaming, stream: ResponseStream, { prelude, parts }: Ready): Promise<void> {
  const to = lambda.HttpResponseStream.from(stream, prelude)
  let begun = false
  for await (const part of parts) {
    if (to.destroyed === true) return
    if (part.byteLength === 0) continue
    begun = true
    if (!to.write(part)) await drained(to)
  }
  // Status and headers go before the first write, and not at all without one.
  if (!begun) to.write(Buffer.from(''))
  to.end()
}

function drained(stream: ResponseStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => () => {
      stream.off('drain', onDrain)
      stream.off('close', onDrain)
      stream.off('error', onError)
      settle()
    }
    const onDrain = done(resolve)
    const onError = (error?: unknown): void => done(() => reject(error))()
    stream.once('drain', onDrain)
    stream.once('close', onDrain)
    stream.once('error', onError)
  })
}
