// A service of the query protocol as a table: the action's name, and what it makes of its form.
import { type Form, type QueryAnswer, readForm, toQuery, toQueryError } from './query.ts'
import { ServiceError } from './service-error.ts'
import type { XmlNodes } from './xml.ts'

/** Answers undefined where the action has no output. */
export type QueryAction = (form: Form) => XmlNodes | undefined

export interface QueryService {
  /** Of its XML. */
  readonly namespace: string
  readonly actions: ReadonlyMap<string, QueryAction>
  /** Why the sender may not do this; undefined: it may. */
  denied?(operation: string, form: Form): string | undefined
}

/** Answers one request. What is not a ServiceError is thrown. */
export function answerQuery(
  { id, query, text = '' }: { id: string; query: string; text: string | undefined },
  { namespace, actions, denied }: QueryService,
): QueryAnswer {
  try {
    const form = readForm([query, text].filter((part) => part !== '').join('&'))
    const name = typeof form.Action === 'string' ? form.Action : ''
    const action = actions.get(name)
    if (action === undefined)
      throw new ServiceError('NotImplemented', `${name} is not implemented by the local cloud.`, { status: 501 })
    const refused = denied?.(name, form)
    if (refused !== undefined) throw new ServiceError('AccessDenied', refused, { status: 403 })
    return toQuery(name, action(form), namespace, id)
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toQueryError(problem, namespace, id)
  }
}

/** A member of a form that is text. */
export const fieldOf = (form: Form, name: string): string | undefined => {
  const value = form[name]
  return typeof value === 'string' ? value : undefined
}

/** A member that must be there. */
export function neededField(form: Form, name: string): string {
  const value = fieldOf(form, name)
  if (value !== undefined) return value
  const member = `${name[0]?.toLowerCase()}${name.slice(1)}`
  throw new ServiceError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

/** `<Name><member>…</member>…</Name>`. */
export const listNode = (name: string, members: readonly XmlNodes[]): readonly [string, XmlNodes] => [
  name,
  members.map((member) => ['member', member] as const),
]
