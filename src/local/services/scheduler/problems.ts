// What EventBridge Scheduler says when it refuses. Source: recorded answers, and the API reference where there are none.
import { ServiceError } from '../../../aws/protocol/service-error.ts'

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message)
export const conflict = (message: string): ServiceError =>
  new ServiceError('ConflictException', message, { status: 409 })
const missing = (message: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', message, { status: 404 })

export const noSchedule = (name: string): ServiceError => missing(`Schedule ${name} does not exist.`)
export const noGroup = (name: string): ServiceError => missing(`Schedule group ${name} does not exist.`)

/** A member that breaks its rules, in the words of AWS's framework. */
export const broken = (place: string, value: string | undefined, constraint: string): ServiceError =>
  invalid(
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${place}' failed to satisfy constraint: Member must ${constraint}`,
  )
