// Messages and the schema of their queue or topic: checked where they are sent, and again where they arrive.
import { toPath } from './issue.ts'
import type { Schema } from './schema.ts'

/** What the schema makes of a message. Throws a TypeError with all that is wrong. */
export async function checked(schema: Schema | undefined, message: unknown): Promise<unknown> {
  if (typeof NO_MESSAGES !== 'undefined' || schema === undefined) return message
  const result = await schema['~standard'].validate(message)
  if (result.issues === undefined) return result.value
  const problems = result.issues.map((issue) => `${['message', ...toPath(issue.path)].join('.')}: ${issue.message}`)
  throw new TypeError(`It does not match its schema: ${problems.join('; ')}`)
}

/** A message out of its text. */
export function parsed(text: string, whose: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError(`It is not JSON, as ${whose} messages are: ${text.slice(0, 100)}`)
  }
}

/** A message as text. */
export function written(message: unknown): string {
  const text = JSON.stringify(message)
  if (text === undefined) throw new TypeError(`A ${typeof message} cannot be sent: a message is a JSON value.`)
  return text
}
