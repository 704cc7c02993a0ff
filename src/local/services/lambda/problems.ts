// The refusals of Lambda, with the names and words of AWS. Source: recorded answers.
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT, REGION, type WireResponse } from '../../service.ts'

/** A refusal that says more than its words. */
export class LambdaError extends ServiceError {
  readonly more: Readonly<Record<string, string>>

  constructor(status: number, type: string, message: string, more: Readonly<Record<string, string>> = {}) {
    super(type, message, { status })
    this.more = more
  }
}

export const invalid = (message: string): ServiceError =>
  new LambdaError(400, 'InvalidParameterValueException', message)

export const notFound = (message: string): ServiceError => new LambdaError(404, 'ResourceNotFoundException', message)

export const noResource = (): ServiceError => notFound('The resource you requested does not exist.')

export const noFunction = (name: string, qualifier?: string): ServiceError =>
  notFound(`Function not found: ${arnOf(name)}${qualifier === undefined ? '' : `:${qualifier}`}`)

export const constraint = (value: unknown, member: string, words: string): ServiceError =>
  new LambdaError(
    400,
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${words}`,
  )

export const throttled = (): ServiceError =>
  new LambdaError(429, 'TooManyRequestsException', 'Rate Exceeded.', {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  })

export const tooLarge = (limit: number): ServiceError =>
  new LambdaError(
    413,
    'RequestEntityTooLargeException',
    `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  )

export const notImplemented = (words: string): ServiceError => new LambdaError(501, 'NotImplementedException', words)

export const arnOf = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`

// Recorded: these have `message`, the others `Message`.
const LOWER = new Set(['InvalidParameterValueException', 'ValidationException'])

export function toRefusal(error: ServiceError, id: string): WireResponse {
  const { type, status, message } = error
  const words = LOWER.has(type) ? { message } : { Message: message }
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type, 'x-amzn-requestid': id },
    body: JSON.stringify({
      ...(type === 'ValidationException' || type === 'AccessDeniedException'
        ? {}
        : { Type: status < 500 ? 'User' : 'Service' }),
      ...words,
      ...(error instanceof LambdaError ? error.more : {}),
    }),
  }
}
