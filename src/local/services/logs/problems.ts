// The refusals of CloudWatch Logs, with the names and words of AWS.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const invalid = (message: string): ServiceError => new ServiceError('InvalidParameterException', message)

export const noGroup = (): ServiceError =>
  new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')

export const noStream = (): ServiceError =>
  new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')

export const groupExists = (): ServiceError =>
  new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists')

export const streamExists = (): ServiceError =>
  new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists')

export const functionsOwn = (): ServiceError =>
  new ServiceError('OperationAbortedException', "The app's function owns this log: the local cloud keeps it as it is.")

export const notHere = (what: string): ServiceError =>
  new ServiceError('ServiceUnavailableException', `The local cloud does not have ${what}.`, { status: 501 })
