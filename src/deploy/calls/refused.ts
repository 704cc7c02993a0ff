// Errors of AWS's: told apart by name, and worded for people when nothing else can be done.
import { GobletError, problem } from '../../errors.ts'
import { field, operationOf } from './watch.ts'

/** Whether AWS answered with one of these errors. */
export const isRefused = (error: unknown, ...names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name)

/** The HTTP status of an error, 0 where there was no answer. */
export function statusOf(error: unknown): number {
  const status = field(field(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : 0
}

/** CloudFormation has one name for many things; only its words tell that there is no such stack. */
export const isMissingStack = (error: unknown): boolean =>
  isRefused(error, 'ValidationError', 'StackNotFoundException') && /does not exist/i.test(error.message)

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden|403|NotAuthorized)$/

const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/

/** As a complaint. What is no error of AWS's goes through as it is: a defect. */
export function toComplaint(error: unknown): unknown {
  if (error instanceof GobletError || !(error instanceof Error)) return error
  const isOfAws = field(error, '$metadata') !== undefined || field(error, '$fault') !== undefined
  const isOfTheWire = /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/.test(
    String(field(error, 'code') ?? ''),
  )
  if (!isOfAws && !isOfTheWire && error.name !== 'TimeoutError') return error
  const said = error.message === 'UnknownError' || error.message === '' ? error.name : error.message
  const details = { operation: operationOf(error), problem: said }
  // What broke in the middle of an answer has reached somebody; the SDK calls that a TimeoutError, too.
  const code = String(field(error, 'code') ?? '')
  if (UNREACHABLE.test(code) || (error.name === 'TimeoutError' && !/^(ECONNRESET|EPIPE)$/.test(code)))
    return problem('GOBLET_UNREACHABLE', details)
  return problem(DENIED.test(error.name) ? 'GOBLET_DEPLOY_DENIED' : 'GOBLET_DEPLOY_CALL', details)
}

/** Does it, with what AWS refuses worded for people. */
export async function worded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw toComplaint(error)
  }
}
