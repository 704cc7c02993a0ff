// One request over the wire, in the JSON 1.1 protocol. Errors carry their bare name, and actions without output answer nothing.
import { readText } from '../../../aws/protocol/body.ts'
import { accessDenied, readJson, readTarget, wordsOf } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import { actions } from './actions.ts'
import { serialization } from './problems.ts'
import type { Room } from './state.ts'

// 10 MiB of data in Base64, and room for 500 keys.
const LARGEST_BODY = 16 * 1024 * 1024

export async function answer(room: Room, request: WireRequest): Promise<WireResponse> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': request.id }
  try {
    // Java's SDK alone sends it, unless told otherwise.
    if (request.headers['content-type']?.includes('cbor'))
      throw serialization(
        'The local cloud reads JSON, not CBOR: set CBOR_ENABLED=false for the Java SDK 2, AWS_CBOR_DISABLE=true for the Java SDK 1.',
      )
    const text = await readText(request.body, LARGEST_BODY)
    if (text === undefined)
      throw new ServiceError('RequestEntityTooLarge', 'The request is too large.', { status: 413 })
    const operation = readTarget(request.headers['x-amz-target'], 'Kinesis_20131202') ?? ''
    const action = actions.get(operation)
    if (action === undefined) throw new ServiceError('UnknownOperationException', '')
    const input = readJson(text)
    const denied = request.denied?.({ client: 'kinesis', operation, input })
    if (denied !== undefined) throw accessDenied(denied)
    const output = await action({ room, input })
    return { status: 200, headers, body: output === undefined ? '' : JSON.stringify(output) }
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    const { type, status } = problem
    return { status, headers, body: JSON.stringify({ __type: type, ...wordsOf(problem) }) }
  }
}
