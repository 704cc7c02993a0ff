// One request for Lambda's API, read as far as every operation needs it.
import { readText } from '../../../aws/protocol/body.ts'
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import type { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT, REGION, type WireRequest, type WireResponse } from '../../service.ts'
import type { LambdaFunctionFacts, LambdaGround } from './ground.ts'
import { constraint, invalid, LambdaError, noFunction, notFound } from './problems.ts'

export interface Call {
  readonly request: WireRequest
  readonly ground: LambdaGround
  /** What stands in the path where the operation's pattern has room, decoded. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  /** Milliseconds since 1970 at which the local cloud began to run. */
  readonly since: number
}

export type Operation = (call: Call) => WireResponse | Promise<WireResponse>

export const toAnswer = (status: number, body?: object): WireResponse =>
  body === undefined
    ? { status, headers: {} }
    : { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }

const NAME =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?'
const PATTERN = new RegExp(`^${NAME}$`)

export interface Named {
  readonly name: string
  readonly qualifier: string | undefined
}

/** The function a request names: by its name, by an ARN or a part of one, with a qualifier or without. */
export function readName({ parts, query }: Pick<Call, 'parts' | 'query'>): Named {
  const given = parts[0] ?? ''
  const match = PATTERN.exec(given)
  if (match === null) throw constraint(given, 'functionName', `Member must satisfy regular expression pattern: ${NAME}`)
  const region = match[3]?.slice(0, -1) ?? REGION
  if (region !== REGION) throw notFound(`Functions from '${region}' are not reachable in this region ('${REGION}')`)
  const [name = '', inName] = [match[11], match[13]]
  const account = match[9]?.slice(0, -1) ?? ACCOUNT
  if (account !== ACCOUNT) throw notFound(`Function not found: ${given}`)
  const asked = query.get('Qualifier') ?? undefined
  if (asked !== undefined && inName !== undefined && asked !== inName)
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.')
  return { name, qualifier: asked ?? inName }
}

/** The function a request names; it must be the app's, and of versions there is only the newest. */
export function findFunction(call: Call): LambdaFunctionFacts & { readonly qualifier: string | undefined } {
  const { name, qualifier } = readName(call)
  const found = call.ground.functions().find(({ physicalName }) => physicalName === name)
  if (found === undefined || (qualifier !== undefined && qualifier !== '$LATEST')) throw noFunction(name, qualifier)
  return { ...found, qualifier }
}

const LARGEST_INPUT = 1024 * 1024

/** The JSON object in the body of everything but an invocation. */
export async function readInput({ request }: Call): Promise<JsonObject> {
  const text = (await readText(request.body, LARGEST_INPUT)) ?? ''
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Answered below.
  }
  throw broken('it is not an object')
}

export const broken = (words: string): ServiceError =>
  new LambdaError(400, 'InvalidRequestContentException', `Could not parse request body into json: ${words}`)

/** A page of a list, by `Marker` and `MaxItems`. */
export function toPage<T>(all: readonly T[], { query }: Call, most = 50): { page: readonly T[]; marker: object } {
  const from = Math.max(0, Number(Buffer.from(query.get('Marker') ?? '', 'base64').toString()) || 0)
  const asked = Number(query.get('MaxItems') ?? most)
  if (!Number.isInteger(asked) || asked < 1)
    throw constraint(query.get('MaxItems'), 'maxItems', 'Member must have value greater than or equal to 1')
  const next = from + Math.min(asked, most)
  const marker = next < all.length ? { NextMarker: Buffer.from(String(next)).toString('base64') } : {}
  return { page: all.slice(from, next), marker }
}
