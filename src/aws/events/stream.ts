// A streamed answer: a head as JSON, eight zero bytes, then the body as it is made. Written by Lambda's runtime, read by the gateway.
import { type HttpAnswer, readHttpResult } from './http.ts'
import { readRestHeaders } from './rest.ts'

/** The media type that says there is such a head. Source: the runtime interface client. */
export const STREAM_TYPE = 'application/vnd.awslambda.http-integration-response'

/** What stands between head and body. */
export const STREAM_DELIMITER = new Uint8Array(8)

export type StreamHead = Omit<HttpAnswer, 'body'>

/** Reads the head (JSON) of a streamed answer; undefined for what the gateway refuses. */
export function readStreamHead(text: string, door: 'rest' | 'url'): StreamHead | undefined {
  const given = parse(text)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const { statusCode = 200, headers, multiValueHeaders, cookies }: StreamedResult = given
  const answer = readHttpResult(JSON.stringify({ statusCode, headers, cookies }))
  if (answer === undefined) return undefined
  if (multiValueHeaders === undefined) return answer
  const sent = readRestHeaders(headers, multiValueHeaders)
  if (door === 'url' || sent === undefined) return undefined
  const cookie = answer.headers['set-cookie']
  return { status: answer.status, headers: cookie === undefined ? sent : { 'set-cookie': cookie, ...sent } }
}

interface StreamedResult {
  readonly statusCode?: unknown
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly cookies?: unknown
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The head of a stream that says nothing but its media type. */
export const toStreamHead = (contentType: string): StreamHead => ({
  status: 200,
  headers: { 'content-type': contentType },
})
