// Lambda's own API: Invoke, and the list of functions.
import { ACCOUNT, REGION, type Service, type WireRequest, type WireResponse } from '../../service.ts'

/** A function as this API shows it. */
export interface LambdaFunctionFacts {
  readonly physicalName: string
  readonly arn: string
  readonly runtime: string
  readonly memory: number
  readonly timeout: number
  readonly description: string
}

/** What this service needs of whoever runs the functions. */
export interface LambdaGround {
  functions(): readonly LambdaFunctionFacts[]
  /** Runs the function of that physical name. `log` is what it logged. */
  invoke(
    physicalName: string,
    payload: string,
    requestId: string,
  ): Promise<{ payload: string; failed: boolean; throttled: boolean; log: string }>
  /** Keeps an event for the function; resolves once it cannot be lost any more. */
  start(physicalName: string, payload: string, requestId: string): Promise<void>
}

// Bytes of an event. Source: recorded; asynchronous events may have 1 MB since January 2026.
const SYNC_LIMIT = 6_291_556
const ASYNC_LIMIT = 1_048_576

/** Opens the service. */
export function openLambda(ground: LambdaGround): Service {
  return { handle: (request) => handle(request, ground) }
}

async function handle(request: WireRequest, ground: LambdaGround): Promise<WireResponse> {
  const path = decoded(request.path)
  if (path === undefined)
    return toError(400, 'InvalidParameterValueException', `The path ${request.path} is not percent-encoded.`)
  const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1]
  if (invocation !== undefined && request.method === 'POST') return invoke(request, invocation, ground)
  if (path.replace(/\/$/, '') === '/2015-03-31/functions' && request.method === 'GET') {
    return toJson(200, { Functions: ground.functions().map(toConfiguration) })
  }
  const one = /^\/2015-03-31\/functions\/([^/]+)(?:\/configuration)?$/.exec(path)?.[1]
  if (one !== undefined && request.method === 'GET') {
    const found = find(one, ground)
    if (found === undefined) return notFound(one)
    return toJson(
      200,
      path.endsWith('/configuration') ? toConfiguration(found) : { Configuration: toConfiguration(found) },
    )
  }
  return toError(501, 'NotImplemented', `${request.method} ${path} is not implemented by the local cloud.`)
}

async function invoke(request: WireRequest, name: string, ground: LambdaGround): Promise<WireResponse> {
  const found = find(name, ground)
  if (found === undefined) return notFound(name)
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
  if (type === 'DryRun') return { status: 204, headers: {} }
  const limit = type === 'Event' ? ASYNC_LIMIT : SYNC_LIMIT
  const payload = await readBody(request, limit)
  if (payload === undefined) {
    return toError(
      413,
      'RequestEntityTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    )
  }
  const wrong = jsonProblem(payload)
  if (wrong !== undefined)
    return toError(400, 'InvalidRequestContentException', `Could not parse request body into json: ${wrong}`)
  if (type === 'Event') {
    await ground.start(found.physicalName, payload, request.id)
    return { status: 202, headers: { 'x-amzn-requestid': request.id } }
  }
  const outcome = await ground.invoke(found.physicalName, payload, request.id)
  if (outcome.throttled)
    return toError(429, 'TooManyRequestsException', 'Rate Exceeded.', {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    })
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': request.id,
      'x-amz-executed-version': '$LATEST',
      ...(outcome.failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
      ...(request.headers['x-amz-log-type'] === 'Tail'
        ? { 'x-amz-log-result': Buffer.from(outcome.log.slice(-4096)).toString('base64') }
        : {}),
    },
    body: outcome.payload,
  }
}

// A name, a name with its version, or an ARN of this account: another account's function is not here.
function find(name: string, ground: LambdaGround): LambdaFunctionFacts | undefined {
  const bare = name.startsWith('arn:') ? own(name) : name.split(':')[0]
  return ground.functions().find(({ physicalName }) => physicalName === bare)
}

function own(arn: string): string | undefined {
  const [, , , region, account, , name] = arn.split(':')
  return region === REGION && account === ACCOUNT ? name : undefined
}

async function readBody({ body }: WireRequest, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  // Nothing at all reaches a function as an empty object.
  return size === 0 ? '{}' : Buffer.concat(chunks).toString('utf8')
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return String(error)
  }
}

const notFound = (name: string): WireResponse =>
  toError(
    404,
    'ResourceNotFoundException',
    `Function not found: ${name.startsWith('arn:') ? name : `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`}`,
  )

const toError = (status: number, code: string, Message: string, more: object = {}): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message, ...more }),
})

const toJson = (status: number, body: object): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const toConfiguration = ({ physicalName, arn, runtime, memory, timeout, description }: LambdaFunctionFacts) => ({
  FunctionName: physicalName,
  FunctionArn: arn,
  Runtime: runtime,
  Handler: 'index.handler',
  MemorySize: memory,
  Timeout: timeout,
  Description: description,
  Version: '$LATEST',
  State: 'Active',
})
