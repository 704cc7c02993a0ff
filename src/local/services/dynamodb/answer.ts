// One request over the wire: AWS JSON 1.0, with the checksum that DynamoDB's clients look at.
import { crc32 } from 'node:zlib'
import { readText } from '../../../aws/protocol/body.ts'
import { accessDenied, isObject, type JsonObject, readTarget, wordsOf } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import type { Action } from './action.ts'
import { DynamoError } from './problems.ts'
import type { Room } from './room.ts'

// 25 items of 400 KB and 16 MB of a batch, with every character written as \uXXXX left to its sender's risk.
const LARGEST_BODY = 32 * 1024 * 1024

/** One API of the service: how its targets start, and its actions. */
export interface Api {
  /** See `Asked.client`. */
  readonly client: string
  readonly prefix: string
  readonly actions: ReadonlyMap<string, Action>
}

export async function answer(
  room: Room,
  request: WireRequest,
  { client, prefix, actions }: Api,
): Promise<WireResponse> {
  try {
    const text = await readText(request.body, LARGEST_BODY)
    if (text === undefined)
      throw new ServiceError('RequestEntityTooLarge', 'The request is too large.', { status: 413 })
    const operation = readTarget(request.headers['x-amz-target'], prefix) ?? ''
    const action = actions.get(operation)
    if (action === undefined) throw new ServiceError('UnknownOperationException', '')
    const input = readInput(text)
    const denied = request.denied?.({ client, operation, input })
    if (denied !== undefined) throw accessDenied(denied)
    const output = await action({ room, input })
    return toResponse(200, typeof output === 'string' ? output : JSON.stringify(output), request.id)
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toResponse(problem.status, JSON.stringify(toBody(problem)), request.id)
  }
}

function readInput(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Answered below: AWS does not say where the text is broken either.
  }
  throw new ServiceError('SerializationException', '')
}

const FRAMEWORK = 'com.amazon.coral.service'
// Source: recorded by dynalite's tests: errors of AWS's web framework come under its own names.
const NAMESPACES: Readonly<Record<string, string>> = {
  AccessDeniedException: FRAMEWORK,
  ValidationException: 'com.amazon.coral.validate',
  SerializationException: FRAMEWORK,
  UnknownOperationException: FRAMEWORK,
  RequestEntityTooLarge: FRAMEWORK,
}

function toBody(error: ServiceError): JsonObject {
  const namespace = NAMESPACES[error.type] ?? 'com.amazonaws.dynamodb.v20120810'
  const words =
    error.message === '' ? {} : error.type === 'SerializationException' ? { Message: error.message } : wordsOf(error)
  return { __type: `${namespace}#${error.type}`, ...words, ...(error instanceof DynamoError ? error.more : {}) }
}

const toResponse = (status: number, body: string, id: string): WireResponse => ({
  status,
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': id,
    'x-amz-crc32': String(crc32(body)),
  },
  body,
})
