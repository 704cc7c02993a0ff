// One request over the wire: finds out which protocol it speaks, runs the action, answers in the same protocol.
import { readText } from '../../../aws/protocol/body.ts'
import { type JsonObject, readJson, readTarget, toJson, toJsonError } from '../../../aws/protocol/json.ts'
import { readForm, toQuery, toQueryError } from '../../../aws/protocol/query.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import { actions } from './actions/index.ts'
import { fromForm, toForm } from './forms.ts'
import { unknownOperation } from './problems.ts'
import type { Room } from './room.ts'

const NAMESPACE = 'com.amazonaws.sqs'
// Errors of AWS's web framework, which every service shares, come under its own name.
const FRAMEWORK = 'com.amazon.coral.service'
const FRAMEWORK_ERRORS = new Set([
  'AccessDeniedException',
  'InternalFailure',
  'InvalidParameterValueException',
  'MissingRequiredParameterException',
  'SerializationException',
  'UnknownOperationException',
])
const XML_NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/'

// A message of 1 MiB, every character escaped as \uXXXX or %XX, and room for its attributes.
const LARGEST_BODY = 8 * 1024 * 1024

export async function answer(room: Room, request: WireRequest): Promise<WireResponse> {
  const text = await readText(request.body, LARGEST_BODY)
  const operation = readTarget(request.headers['x-amz-target'], 'AmazonSQS')
  return operation === undefined ? answerQuery(room, request, text) : answerJson(room, request, operation, text)
}

async function answerJson(
  room: Room,
  request: WireRequest,
  operation: string,
  text: string | undefined,
): Promise<WireResponse> {
  try {
    const output = await run(room, operation, request, () => readJson(inFull(text)))
    return toJson(output, request.id, '1.0')
  } catch (problem) {
    const error = asServiceError(problem)
    return toJsonError(error, FRAMEWORK_ERRORS.has(error.type) ? FRAMEWORK : NAMESPACE, request.id, '1.0')
  }
}

async function answerQuery(room: Room, request: WireRequest, text: string | undefined): Promise<WireResponse> {
  const { id, path, query } = request
  try {
    const body = inFull(text)
    const form = readForm([query, body].filter((part) => part !== '').join('&'))
    const action = typeof form.Action === 'string' ? form.Action : ''
    // Older clients post to the queue itself instead of naming it.
    if (form.QueueUrl === undefined && path !== '/') form.QueueUrl = path
    const output = await run(room, action, request, () => fromForm(form))
    return toQuery(action, output === undefined ? undefined : toForm(action, output), XML_NAMESPACE, id)
  } catch (problem) {
    return toQueryError(inOldWords(asServiceError(problem)), XML_NAMESPACE, id)
  }
}

function inFull(text: string | undefined): string {
  if (text === undefined)
    throw new ServiceError('RequestEntityTooLarge', 'The request is too large.', {
      code: 'RequestEntityTooLarge',
      status: 413,
    })
  return text
}

async function run(
  room: Room,
  operation: string,
  request: WireRequest,
  input: () => JsonObject,
): Promise<JsonObject | undefined> {
  const action = actions.get(operation)
  if (action === undefined) throw unknownOperation()
  const given = input()
  const denied = request.denied?.({ client: 'sqs', operation, input: given })
  if (denied !== undefined)
    throw new ServiceError('AccessDeniedException', denied, { code: 'AccessDenied', status: 403 })
  return action({ room, input: given, endpoint: request.endpoint, signal: () => request.signal })
}

// A defect of ours and the disk's faults go up to the wire, which answers them as AWS answers its own.
function asServiceError(problem: unknown): ServiceError {
  if (problem instanceof ServiceError) return problem
  throw problem
}

// Recorded: the query protocol still has the words of the SOAP days for this one.
function inOldWords(error: ServiceError): ServiceError {
  if (error.type !== 'QueueDoesNotExist') return error
  return new ServiceError(error.type, 'The specified queue does not exist for this wsdl version.', { code: error.code })
}
