// Sending from a test: to one of the app's queues, topics, streams or buses.
import { nearest, problem } from '../errors.ts'
import { type Mailbox, mailboxesOf, sendText } from '../local/index.ts'
import type { Model } from '../model/index.ts'
import type { Sending } from './cloud.ts'

const DECLARATION = Symbol.for('goblet.declaration')

/** Sends a message as JSON. Throws a GobletError when the app has nothing of that name that takes it, or when it is refused. */
export const send = async (
  endpoint: string,
  model: Model,
  reference: string | object,
  message: unknown,
  sending: Sending,
): Promise<{ messageId: string }> => sendText(endpoint, find(model, reference), JSON.stringify(message), sending)

interface DeclaredAs {
  readonly name: unknown
  readonly kind: unknown
}

function declaredAs(reference: string | object): DeclaredAs | undefined {
  const declared: unknown = typeof reference === 'string' ? undefined : Reflect.get(reference, DECLARATION)
  const isHandle = typeof declared === 'object' && declared !== null && 'name' in declared && 'kind' in declared
  return isHandle ? declared : undefined
}

/** The declared name of a handle; any other reference is a name itself. */
export const nameOf = (reference: string | object): string => String(declaredAs(reference)?.name ?? reference)

// The handle's own `name` is the one on AWS, which only a running function knows.
function find(model: Model, reference: string | object): Mailbox {
  const all = mailboxesOf(model)
  const declared = declaredAs(reference)
  const name = nameOf(reference)
  const likely = declared === undefined ? all : all.filter(({ kind }) => kind === declared.kind)
  const found = likely.find((one) => one.name === name) ?? likely.find((one) => one.export === name)
  if (found !== undefined) return found
  const known = all.map((one) => one.export)
  throw problem('GOBLET_NO_QUEUE', { name, suggestion: nearest(name, known), known: known.join(', ') })
}
