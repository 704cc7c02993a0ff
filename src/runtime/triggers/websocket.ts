// A WebSocket API's event enters here: what the handler returns decides the handshake, or is sent back.
import type { Context } from '../../aws/context.ts'
import type { WebsocketEvent, WebsocketResult } from '../../aws/events/websocket.ts'
import { DECLARATION, type Declaration } from '../declare.ts'
import { GoneError, HttpError } from '../http-error.ts'
import type { TriggerInput } from '../middleware.ts'
import { type Draft, toDraft, toErrorDraft } from '../response.ts'
import { type Checkable, checkParts } from '../schema.ts'
import { around, opened } from '../wake.ts'
import type { WebsocketRouteOptions } from '../websocket.ts'
import { type Line, putBody, WebsocketInput } from '../websocket-input.ts'

type Input = Extract<TriggerInput, { kind: 'websocket' }>
type Handler = (input: Input) => unknown

/** The Lambda handler of one route of a WebSocket API. */
export function wakeWebsocket(
  app: Declaration,
  declaration: Declaration,
): (event: WebsocketEvent, context: Context) => Promise<WebsocketResult> {
  const { handler, options, source, subject } = opened<Handler>(declaration)
  const { body }: WebsocketRouteOptions = options
  const line = lineOf(source)
  const run = around<Input>(
    app,
    declaration,
    typeof NO_SCHEMA === 'undefined' && body !== undefined ? checked(handler, body) : handler,
  )
  const draftOf = async (event: WebsocketEvent, context: Context): Promise<Draft> => {
    try {
      return toDraft(await run(new WebsocketInput(event, context, line)))
    } catch (error) {
      // Nobody is left to be answered.
      if (subject === 'onDisconnect' || !(error instanceof HttpError)) throw error
      return toErrorDraft(error, false)
    }
  }
  return async (event, context) => {
    const draft = await draftOf(event, context)
    if (subject === 'onConnect') return toHandshake(draft)
    const result = toResponse(draft)
    // An event that `goblet invoke` was given by hand may come from nobody.
    const from: string | undefined = event.requestContext?.connectionId
    if (subject !== 'onDisconnect' && from !== undefined) await answer(line, from, result)
    return result
  }
}

// Sent as any other message, not by a route response of AWS: with one, API Gateway was seen to send an empty message where a
// handler returns nothing (source: serverless/serverless, issue 6816). Without one it drops what a function answers.
async function answer(
  line: Line,
  connectionId: string,
  { body = '', isBase64Encoded }: WebsocketResult,
): Promise<void> {
  if (body === '') return
  try {
    await line.send(connectionId, isBase64Encoded === true ? Buffer.from(body, 'base64') : body)
  } catch (error) {
    // The client did not wait for it.
    if (!(error instanceof GoneError)) throw error
  }
}

// The handle that declared the route is what reaches its connections.
function lineOf(source: Declaration | undefined): Line {
  if (source?.[DECLARATION].role !== 'resource') throw new TypeError('A route of a WebSocket API has no API.')
  return source as Declaration & Line
}

function checked(handler: Handler, schema: NonNullable<WebsocketRouteOptions['body']>): Handler {
  const parts: readonly Checkable<Input>[] = [{ part: 'body', schema, read: ({ body }) => body, write: putBody }]
  return async (input) => {
    await checkParts(parts, input)
    return handler(input)
  }
}

// AWS's documentation writes the one header that it knows of in this way, and says nothing of another.
const PROTOCOL = 'sec-websocket-protocol'

function toHandshake(draft: Draft): WebsocketResult {
  const { statusCode, ...rest } = toResponse(draft)
  const { [PROTOCOL]: protocol, ...others } = draft.headers ?? {}
  const named = protocol === undefined ? others : { ...others, 'Sec-WebSocket-Protocol': protocol }
  return { statusCode, ...(Object.keys(named).length === 0 ? {} : { headers: named }), ...rest }
}

function toResponse({ statusCode, body, isBase64Encoded, stream }: Draft): WebsocketResult {
  if (stream !== undefined)
    throw new TypeError(
      'A WebSocket API sends whole messages: send the parts of a stream with reply(…) of the connection.',
    )
  if (body === undefined) return { statusCode: statusCode === 204 ? 200 : statusCode }
  return isBase64Encoded === true ? { statusCode, body, isBase64Encoded } : { statusCode, body }
}
