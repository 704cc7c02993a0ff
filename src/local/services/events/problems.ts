// What EventBridge says when it refuses. Source: recorded answers, and the API reference where there are none.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message)
export const missing = (message: string): ServiceError => new ServiceError('ResourceNotFoundException', message)
export const exists = (message: string): ServiceError => new ServiceError('ResourceAlreadyExistsException', message)
export const badPattern = (reason: string): ServiceError =>
  new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`)

export const overLimit = (): ServiceError =>
  new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.')

export const noBus = (name: string): ServiceError => missing(`Event bus ${name} does not exist.`)
export const noRule = (name: string, bus: string): ServiceError =>
  missing(`Rule ${name} does not exist on EventBus ${bus}.`)
export const noArchive = (name: string): ServiceError => missing(`Archive ${name} does not exist.`)
export const noReplay = (name: string): ServiceError => missing(`Replay ${name} does not exist.`)

/** What several members break at once, in one sentence. */
export function violated(violations: readonly string[]): ServiceError {
  const count = violations.length
  return invalid(`${count} validation error${count === 1 ? '' : 's'} detected: ${violations.join('; ')}`)
}

export const notHere = (what: string): ServiceError => invalid(`The local cloud does not ${what}.`)
