// The refusals of SQS, with the names and words of AWS.
// Sources: API reference of each action; recorded answers for the older codes (`x-amzn-query-error`) and statuses.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

const OLDER = 'AWS.SimpleQueueService.'

/** A parameter that is not valid, in the two sentences AWS uses. */
export const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterValueException', message, { code: 'InvalidParameterValue' })

export const invalidValue = (name: string, value: string | number, reason: string): ServiceError =>
  invalidParameter(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`)

export const missingParameter = (name: string): ServiceError =>
  new ServiceError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`, {
    code: 'MissingParameter',
  })

export const noSuchQueue = (): ServiceError =>
  new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.', { code: `${OLDER}NonExistentQueue` })

export const queueNameExists = (attribute: string): ServiceError =>
  new ServiceError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { code: 'QueueAlreadyExists' },
  )

export const queueDeletedRecently = (): ServiceError =>
  new ServiceError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    { code: `${OLDER}QueueDeletedRecently` },
  )

export const overLimit = (message: string): ServiceError =>
  new ServiceError('OverLimit', message, { code: 'OverLimit', status: 403 })

export const unsupported = (message: string): ServiceError =>
  new ServiceError('UnsupportedOperation', message, { code: `${OLDER}UnsupportedOperation` })

export const resourceNotFound = (message: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', message, { status: 404 })

/** Recorded: of both kinds of encryption, as a wrong name of an attribute. */
export const twoEncryptions = (): ServiceError =>
  new ServiceError(
    'InvalidAttributeName',
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  )

export const purgeInProgress = (queue: string): ServiceError =>
  new ServiceError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue} is allowed every 60 seconds.`, {
    code: `${OLDER}PurgeQueueInProgress`,
    status: 403,
  })

export const invalidAttributeName = (name: string): ServiceError =>
  new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`)

export const invalidAttributeValue = (name: string, reason?: string): ServiceError =>
  new ServiceError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  )

export const invalidHandle = (handle: string): ServiceError =>
  new ServiceError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`)

export const invalidContents = (): ServiceError =>
  new ServiceError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  )

export const emptyBatch = (entry: string): ServiceError =>
  batchProblem('EmptyBatchRequest', `There should be at least one ${entry} in the request.`)

export const tooManyEntries = (count: number): ServiceError =>
  batchProblem('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${count}.`)

export const repeatedEntryId = (id: string): ServiceError =>
  batchProblem('BatchEntryIdsNotDistinct', `Id ${id} repeated.`)

export const invalidEntryId = (): ServiceError =>
  batchProblem(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  )

export const batchTooLong = (limit: number, bytes: number): ServiceError =>
  batchProblem(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
  )

const batchProblem = (type: string, message: string): ServiceError =>
  new ServiceError(type, message, { code: `${OLDER}${type}` })

export const unknownOperation = (): ServiceError =>
  new ServiceError('UnknownOperationException', 'The requested operation is not recognized.', { code: 'InvalidAction' })
