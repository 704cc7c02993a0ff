// What SNS says when it refuses. Source: recorded answers of SNS.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const invalidParameter = (reason: string): ServiceError =>
  new ServiceError('InvalidParameterException', `Invalid parameter: ${reason}`, { code: 'InvalidParameter' })

export const invalidToken = (): ServiceError =>
  new ServiceError('InvalidParameterException', 'Invalid token', { code: 'InvalidParameter' })

/** Of message attributes. */
export const invalidValue = (reason: string): ServiceError =>
  new ServiceError('InvalidParameterValueException', reason, { code: 'ParameterValueInvalid' })

export const missing = (name: string): ServiceError =>
  new ServiceError(
    'ValidationError',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  )

const notFound = (reason: string): ServiceError =>
  new ServiceError('NotFoundException', reason, { code: 'NotFound', status: 404 })

export const noTopic = (): ServiceError => notFound('Topic does not exist')
export const noSubscription = (): ServiceError => notFound('Subscription does not exist')
export const noResource = (): ServiceError =>
  new ServiceError('ResourceNotFoundException', 'Resource does not exist', { code: 'ResourceNotFound', status: 404 })

export const refusedBatch = (type: string, code: string, reason: string): ServiceError =>
  new ServiceError(type, reason, { code })

/** What AWS has and the local cloud does not. */
export const notHere = (what: string): ServiceError =>
  new ServiceError('InvalidParameterException', `Invalid parameter: The local cloud does not ${what}.`, {
    code: 'InvalidParameter',
  })
