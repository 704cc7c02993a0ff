// The refusals of Secrets Manager, with the names and words of AWS. Source: recorded answers.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const notFound = (): ServiceError =>
  new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")

export const noValue = (what: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`)

export const invalidRequest = (message: string): ServiceError => new ServiceError('InvalidRequestException', message)

export const invalid = (message: string): ServiceError => new ServiceError('InvalidParameterException', message)

export const markedForDeletion = (): ServiceError =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")

export const toBeDeleted = (): ServiceError =>
  invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")

export const alreadyExists = (name: string): ServiceError =>
  new ServiceError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)

export const tokenInUse = (token: string, arn: string): ServiceError =>
  new ServiceError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  )
