// The AWS JSON protocols (1.0 and 1.1): the operation is named by a header, input and output are JSON objects.
// Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html and recorded SQS answers.
import { ServiceError } from './service-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export interface JsonAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

export type JsonVersion = '1.0' | '1.1'

/** The operation of `x-amz-target: <prefix>.<Operation>`, or undefined when the header names another service. */
export function readTarget(target: string | undefined, prefix: string): string | undefined {
  return target?.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : undefined
}

/** The input object of a request. An empty body counts as an empty object, as AWS has it. */
export function readJson(text: string): JsonObject {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Answered below: AWS does not say where the text is broken either.
  }
  throw new ServiceError('SerializationException', 'Could not parse request body into json', {
    code: 'MalformedInput',
  })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An answer that went well. Operations without output answer an empty object in 1.1 and an empty body in 1.0. */
export function toJson(output: JsonObject | undefined, id: string, version: JsonVersion): JsonAnswer {
  const body = output === undefined ? (version === '1.0' ? '' : '{}') : JSON.stringify(output)
  return { status: 200, headers: headersOf(id, version), body }
}

/**
 * A refusal. `namespace` is the Smithy namespace of the service's own errors; the older code goes into
 * `x-amzn-query-error`, which SDKs of services that once spoke the query protocol read before `__type`.
 */
export function toJsonError(error: ServiceError, namespace: string, id: string, version: JsonVersion): JsonAnswer {
  return {
    status: error.status,
    headers: { ...headersOf(id, version), 'x-amzn-query-error': `${error.code};${error.fault}` },
    body: JSON.stringify({ __type: `${namespace}#${error.type}`, ...wordsOf(error) }),
  }
}

/** Its sender may not do this. Source: recorded of DynamoDB, and what SDKs show of the others: 400, as of AWS's web framework. */
export const accessDenied = (words: string): ServiceError =>
  new ServiceError('AccessDeniedException', words, { code: 'AccessDenied' })

/** Recorded: this one refusal has a capital letter. */
export const wordsOf = ({ type, message }: ServiceError): Readonly<Record<string, string>> =>
  type === 'AccessDeniedException' ? { Message: message } : { message }

const headersOf = (id: string, version: JsonVersion): Record<string, string> => ({
  'content-type': `application/x-amz-json-${version}`,
  'x-amzn-requestid': id,
})
