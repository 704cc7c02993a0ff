// Sending from a test: to one of the app's queues, or to a topic.
import { nearest, problem } from '../errors.ts'
import { sendText } from '../local/index.ts'
import type { Model, QueueModel, TopicModel } from '../model/index.ts'
import type { Sending } from './cloud.ts'

const DECLARATION = Symbol.for('goblet.declaration')

/** Sends a message as JSON. Throws a GobletError when the app has no such queue or topic, or when it is refused. */
export const send = async (
  endpoint: string,
  model: Model,
  reference: string | object,
  message: unknown,
  sending: Sending,
): Promise<{ messageId: string }> => sendText(endpoint, find(model, reference), JSON.stringify(message), sending)

// The handle's own `name` is the one on AWS, which only a running function knows.
function find({ resources }: Model, reference: string | object): QueueModel | TopicModel {
  const all = resources.filter((one) => one.kind === 'queue' || one.kind === 'topic')
  const declared: unknown = typeof reference === 'string' ? undefined : Reflect.get(reference, DECLARATION)
  const isHandle = typeof declared === 'object' && declared !== null && 'name' in declared && 'kind' in declared
  const name = isHandle ? String(declared.name) : String(reference)
  const likely = isHandle ? all.filter(({ kind }) => kind === declared.kind) : all
  const found = likely.find((one) => one.name === name) ?? likely.find((one) => one.export === name)
  if (found !== undefined) return found
  const known = all.map((one) => one.export)
  throw problem('GOBLET_NO_QUEUE', { name, suggestion: nearest(name, known), known: known.join(', ') })
}
