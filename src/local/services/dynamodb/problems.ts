// The refusals of DynamoDB, with the names and words of AWS.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Item } from './values.ts'

/** A refusal that carries more than its words. */
export class DynamoError extends ServiceError {
  readonly more: JsonObject

  constructor(type: string, message: string, more: JsonObject = {}) {
    super(type, message)
    this.more = more
  }
}

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message)

export const invalidParameter = (message: string): ServiceError =>
  invalid(`One or more parameter values were invalid: ${message}`)

/** Recorded for items and most actions; table actions name the table after it. */
export const noTable = (): ServiceError => new ServiceError('ResourceNotFoundException', 'Requested resource not found')

export const conditionFailed = (item?: Item): ServiceError =>
  new DynamoError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    item === undefined ? {} : { Item: item },
  )

export const malformed = (message: string): ServiceError => new ServiceError('SerializationException', message)
