// The refusals of Parameter Store, with the names and words of AWS. Source: recorded by its clients' tests.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message)

/** AWS says nothing more of it. */
export const notFound = (): ServiceError => new ServiceError('ParameterNotFound', '')

export const noVersion = (what: string, name: string): ServiceError =>
  new ServiceError(
    'ParameterVersionNotFound',
    `Systems Manager could not find ${what} of ${name}. Verify the version and try again.`,
  )

export const noLabel = (label: string, name: string): ServiceError =>
  new ServiceError(
    'ParameterVersionNotFound',
    `Systems Manager could not find label ${label} for parameter ${name}. Verify the label and try again.`,
  )

export const alreadyExists = (): ServiceError =>
  new ServiceError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  )

export const unlikePattern = (pattern: string): ServiceError =>
  new ServiceError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  )

export const badPattern = (): ServiceError =>
  new ServiceError('InvalidAllowedPatternException', 'The request does not meet the regular expression requirement.')

export const tooManyVersions = (name: string, oldest: number): ServiceError =>
  new ServiceError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  )

export const tooManyLabels = (): ServiceError =>
  new ServiceError(
    'ParameterVersionLabelLimitExceeded',
    'A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.',
  )

export const tooDeep = (): ServiceError =>
  new ServiceError(
    'HierarchyLevelLimitExceededException',
    'A parameter hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names.',
  )

export const noResource = (): ServiceError => new ServiceError('InvalidResourceId', '')

export const invalidFilter = (key: string): ServiceError =>
  new ServiceError('InvalidFilterKey', `The following filter key is not valid: ${key}.`)
