// A service of the AWS JSON 1.1 protocol as a table: the action's name, and what it makes of its input.
import {
  accessDenied,
  type JsonAnswer,
  type JsonObject,
  readJson,
  readTarget,
  toJson,
  toJsonError,
  wordsOf,
} from './json.ts'
import { ServiceError } from './service-error.ts'

/** Answers undefined where the action has no output. */
export type JsonAction = (input: JsonObject) => Promise<JsonObject | undefined> | JsonObject | undefined

export interface JsonService {
  /** What the target begins with: `AmazonSSM`. */
  readonly prefix: string
  /** The Smithy namespace of the service's own errors; empty: they bear none. */
  readonly namespace: string
  readonly actions: ReadonlyMap<string, JsonAction>
  /** Why the sender may not do this; undefined: it may. */
  denied?(operation: string, input: JsonObject): string | undefined
}

/** Answers one request. What is not a ServiceError is thrown. */
export async function answerJson(
  { id, target, text }: { id: string; target: string | undefined; text: string | undefined },
  { prefix, namespace, actions, denied }: JsonService,
): Promise<JsonAnswer> {
  try {
    const operation = readTarget(target, prefix) ?? ''
    const action = actions.get(operation)
    if (action === undefined) throw new ServiceError('UnknownOperationException', '')
    if (text === undefined)
      throw new ServiceError('RequestEntityTooLargeException', 'The request is too large.', { status: 413 })
    const input = readJson(text)
    const refused = denied?.(operation, input)
    if (refused !== undefined) throw accessDenied(refused)
    return toJson(await action(input), id, '1.1')
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    const answer = toJsonError(problem, namespace, id, '1.1')
    return { ...answer, body: JSON.stringify({ __type: problem.type, ...wordsOf(problem) }) }
  }
}
