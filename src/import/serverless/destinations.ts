// Who is told how an event ended, and where events go that were given up: handles of queues, topics, buses and functions.
import type { Where } from '../../errors.ts'
import { type Code, raw } from '../code.ts'
import { isStaged, member, type Node, ownOf, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import { type Context, type Handle, type HandleKind, handleOf } from './context.ts'
import { handleIn, piecesOf } from './references.ts'

const SERVICES: Readonly<Record<string, HandleKind>> = {
  sqs: 'queue',
  sns: 'topic',
  kinesis: 'stream',
  dynamodb: 'table',
  s3: 'bucket',
  events: 'bus',
}

/** The handle of a resource that is given by reference or ARN; `wanted` says which kinds will do. */
export function toHandle(
  node: Node | undefined,
  wanted: readonly HandleKind[],
  context: Context,
  at: { readonly where: Where; readonly subject: string },
): Handle | undefined {
  const own = handleIn(node, context)
  if (own !== undefined) return wanted.includes(own.kind) ? own : undefined
  const pieces = piecesOf(node)
  if (pieces === undefined) return undefined
  // Account and region may be open; the name must not.
  const arn = pieces
    .map((one) =>
      typeof one === 'string' ? one : 'pseudo' in one ? '*' : 'env' in one ? (one.fallback ?? '\0') : '\0',
    )
    .join('')
  const [, service = '', rest = ''] = /^arn:[^:]*:([a-z0-9-]+):[^:]*:[^:]*:(.+)$/.exec(arn) ?? []
  const kind = ownOf(SERVICES, service)
  const physical = rest.replace(/^(?:table|stream|event-bus)\//, '').replace(/\/stream\/.*$/, '')
  if (
    kind === undefined ||
    !wanted.includes(kind) ||
    physical === '' ||
    physical.includes('\0') ||
    physical.includes('*')
  )
    return undefined
  const known = context.handles.get(`${kind} ${physical}`)
  if (known !== undefined) return known
  context.report.noted(at.where, at.subject, `\`${physical}\` is made elsewhere: its handle says \`existing\`.`)
  return handleOf(context, { kind, physical, staged: isStaged(node), ...at, existing: true })
}

/** A destination: `onError: arn…`, `onSuccess: functionKey`, `{ type, arn }`. */
export function toDestination(section: Section, key: string, context: Context): Code | undefined {
  const node = section.take(key)
  if (node === undefined) return undefined
  const target = context.functions.get(textOf(node) ?? '')
  if (target !== undefined) return raw(target)
  const at = { where: section.whereOf(key), subject: section.pathOf(key) }
  const found = toHandle(member(node, 'arn') ?? node, ['queue', 'topic', 'bus', 'bucket'], context, at)
  if (found !== undefined) return raw(found.name)
  section.hand(key, 'names something that the app has no handle for.')
  return undefined
}
