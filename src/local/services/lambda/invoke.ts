// Invoke: at once, later, not at all, or streamed.
import { PassThrough } from 'node:stream'
import { readText } from '../../../aws/protocol/body.ts'
import { EVENT_STREAM, toFrame } from '../../../aws/protocol/event-stream.ts'
import type { WireResponse } from '../../service.ts'
import { broken, type Call, findFunction } from './call.ts'
import type { LambdaAsked } from './ground.ts'
import { constraint, LambdaError, throttled, tooLarge } from './problems.ts'

// Bytes of an event. Source: recorded; asynchronous events may have 1 MB since January 2026.
const SYNC_LIMIT = 6_291_556
const ASYNC_LIMIT = 1_048_576
const LOG_TAIL = 4096

export async function invoke(call: Call): Promise<WireResponse> {
  const { request, ground } = call
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
  if (type !== 'RequestResponse' && type !== 'Event' && type !== 'DryRun')
    throw constraint(type, 'invocationType', 'Member must satisfy enum value set: [Event, RequestResponse, DryRun]')
  const { physicalName, qualifier } = findFunction(call)
  const asked = readAsked(call, qualifier)
  const payload = await readPayload(call, type === 'Event' ? ASYNC_LIMIT : SYNC_LIMIT)
  const id = { 'x-amzn-requestid': request.id }
  if (type === 'DryRun') return { status: 204, headers: id }
  if (type === 'Event') {
    await ground.start(physicalName, payload, { requestId: request.id, asked })
    return { status: 202, headers: id }
  }
  const outcome = await ground.invoke(physicalName, payload, { requestId: request.id, asked })
  if (outcome.throttled) throw throttled()
  return {
    status: 200,
    headers: {
      ...id,
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(outcome.failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
      ...(request.headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': toTail(outcome.log) } : {}),
    },
    body: outcome.payload,
  }
}

// Nothing for most: what is not there is not sent to the sandbox either.
function readAsked({ request }: Call, qualifier: string | undefined): LambdaAsked | undefined {
  const encoded = request.headers['x-amz-client-context']
  if (encoded === undefined) return qualifier === undefined ? undefined : { qualifier, clientContext: undefined }
  const clientContext = Buffer.from(encoded, 'base64').toString()
  try {
    JSON.parse(clientContext)
    return { qualifier, clientContext }
  } catch (error) {
    throw new LambdaError(
      400,
      'InvalidRequestContentException',
      `Client context must be a valid Base64-encoded JSON object: ${error}`,
    )
  }
}

const toTail = (log: string): string => Buffer.from(log).subarray(-LOG_TAIL).toString('base64')

// Nothing at all reaches a function as an empty object.
async function readPayload({ request }: Call, limit: number): Promise<string> {
  const text = await readText(request.body, limit)
  if (text === undefined) throw tooLarge(limit)
  if (text === '') return '{}'
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    throw broken(String(error))
  }
}

/** The answer as it comes, in frames. The first of them decides whether there was room for it at all. */
export async function invokeStreamed(call: Call): Promise<WireResponse> {
  const { request, ground } = call
  const { physicalName, qualifier } = findFunction(call)
  const asked = readAsked(call, qualifier)
  const payload = await readPayload(call, SYNC_LIMIT)
  const body = new PassThrough()
  let isStreamed = false
  const send = (bytes: Uint8Array): Promise<void> => {
    isStreamed = true
    const hasRoom = body.write(toFrame('PayloadChunk', bytes, 'application/octet-stream'))
    return hasRoom || body.destroyed ? Promise.resolve() : new Promise((resolve) => body.once('drain', resolve))
  }
  const begun = new Promise<void>((resolve) => body.once('readable', resolve))
  const ended = ground.invoke(physicalName, payload, { requestId: request.id, asked, sink: { write: send } })
  const over = ended.then(async (outcome) => {
    if (outcome.throttled) return outcome
    if (!isStreamed && !outcome.failed) await send(Buffer.from(outcome.payload))
    body.end(toFrame('InvokeComplete', JSON.stringify(toCompletion(outcome, request.headers['x-amz-log-type']))))
    return outcome
  })
  over.catch((error: unknown) => body.destroy(error instanceof Error ? error : undefined))
  const first = await Promise.race([begun, over])
  if (first?.throttled === true) throw throttled()
  const headers = { 'x-amzn-requestid': request.id, 'x-amz-executed-version': '$LATEST', 'content-type': EVENT_STREAM }
  return { status: 200, headers, body }
}

function toCompletion(
  { failed, payload, log }: { failed: boolean; payload: string; log: string },
  logs?: string,
): object {
  return {
    ...(failed ? { ErrorCode: 'Unhandled', ErrorDetails: payload } : {}),
    ...(logs === 'Tail' ? { LogResult: toTail(log) } : {}),
  }
}
