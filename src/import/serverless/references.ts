// CloudFormation's references, as far as an import can follow them: texts, names of handles, and what is only known on AWS.
import { type Code, quoted, raw } from '../code.ts'
import { type Later, member, type Node, ownOf, textOf } from '../node.ts'
import type { Context, Handle } from './context.ts'

/** `Ref` or an attribute of a resource of the template. */
interface Reference {
  readonly id: string
  readonly attribute: string
}
interface Pseudo {
  readonly pseudo: string
}
export type Piece = string | Later | Reference | Pseudo

const isLater = (piece: Piece): piece is Later => typeof piece !== 'string' && 'env' in piece
const isReference = (piece: Piece): piece is Reference => typeof piece !== 'string' && 'id' in piece

/** A value as texts and references in turn; undefined where it is none, or needs CloudFormation to be worked out. */
export function piecesOf(node: Node | undefined): readonly Piece[] | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'open') return node.parts
  if (node.kind === 'scalar') return node.value === null ? undefined : [String(node.value)]
  if (node.kind === 'list' || node.entries.size !== 1) return undefined
  const [[name, { value }]] = node.entries as unknown as [[string, { value: Node }]]
  if (name === 'Ref') return referring(textOf(value) ?? '')
  if (name === 'Fn::GetAtt') return attribute(value)
  if (name === 'Fn::Sub') return substituted(value)
  if (name === 'Fn::Join') return joined(value)
  if (name === 'Fn::ImportValue') return imported(value)
  return undefined
}

const referring = (id: string): readonly Piece[] => [id.startsWith('AWS::') ? { pseudo: id } : { id, attribute: 'Ref' }]

function attribute(value: Node): readonly Piece[] | undefined {
  const text = textOf(value)
  const [id, name] = text === undefined ? [textOf(member(value, '0')), textOf(member(value, '1'))] : splitOnce(text)
  return id === undefined || name === undefined ? undefined : [{ id, attribute: name }]
}

const splitOnce = (text: string): [string, string] => {
  const dot = text.indexOf('.')
  return dot < 0 ? [text, 'Ref'] : [text.slice(0, dot), text.slice(dot + 1)]
}

function substituted(value: Node): readonly Piece[] | undefined {
  const [text, given] = value.kind === 'list' ? [member(value, '0'), member(value, '1')] : [value, undefined]
  const parts = text?.kind === 'open' ? text.parts : [textOf(text)]
  const made: Piece[] = []
  for (const part of parts) {
    if (part === undefined) return undefined
    if (typeof part !== 'string') made.push(part)
    else
      for (const [index, piece] of part.split(/\$\{([^}]*)\}/).entries()) {
        if (index % 2 === 0) made.push(piece)
        else if (piece.startsWith('!')) made.push(`\${${piece.slice(1)}}`)
        else {
          const own = member(given, piece)
          const [id, name] = splitOnce(piece)
          const found = own === undefined ? (name === 'Ref' ? referring(id) : [{ id, attribute: name }]) : piecesOf(own)
          if (found === undefined) return undefined
          made.push(...found)
        }
      }
  }
  return made.filter((piece) => piece !== '')
}

function joined(value: Node): readonly Piece[] | undefined {
  const [between, list] = [textOf(member(value, '0')) ?? '', member(value, '1')]
  if (list?.kind !== 'list') return undefined
  const made: Piece[] = []
  for (const [index, item] of list.items.entries()) {
    const pieces = piecesOf(item)
    if (pieces === undefined) return undefined
    if (index > 0 && between !== '') made.push(between)
    made.push(...pieces)
  }
  return made
}

function imported(value: Node): readonly Piece[] | undefined {
  const name = textOf(value)
  if (name === undefined) return undefined
  const env = name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()
  return [{ says: `Fn::ImportValue ${name}`, env, fallback: undefined }]
}

/** The handle whose `Ref`, ARN or stream a value is. */
export function handleIn(node: Node | undefined, { resources }: Context): Handle | undefined {
  const pieces = piecesOf(node)
  const [first] = pieces ?? []
  return pieces?.length === 1 && first !== undefined && isReference(first) ? resources.get(first.id) : undefined
}

/** Where a logical id is named that no handle stands for. */
export function unknownIn(node: Node | undefined, { resources }: Context): string | undefined {
  return (piecesOf(node) ?? []).filter(isReference).find(({ id }) => !resources.has(id))?.id
}

/**
 * A value as an ARN for a policy, account and region open where only the deployment knows them; a handle where it is a
 * resource of the app. Undefined: it cannot be said.
 */
export function toGranted(node: Node, context: Context): Code | undefined {
  const pieces = piecesOf(node)
  if (pieces === undefined) return undefined
  const [first, ...rest] = pieces
  // A handle stands for what is in the resource, too: a bucket's objects, a table's indexes.
  if (first !== undefined && isReference(first) && first.attribute === 'Arn') {
    const handle = context.resources.get(first.id)
    const tail = rest.map((one) => (typeof one === 'string' ? one : '?')).join('')
    if (handle !== undefined && ['', '/*', '*', '/index/*', '/index'].includes(tail)) return raw(handle.name)
  }
  const texts = pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    if (isLater(piece)) return piece.fallback ?? '*'
    if ('pseudo' in piece) return piece.pseudo === 'AWS::Partition' ? 'aws' : '*'
    const handle = context.resources.get(piece.id)
    if (handle === undefined) return undefined
    if (piece.attribute === 'Ref' && ['table', 'bucket', 'stream'].includes(handle.kind)) return handle.physical
    return ['TableName', 'QueueName', 'TopicName', 'Name'].includes(piece.attribute) ? handle.physical : undefined
  })
  if (pieces.length === 1 && first !== undefined && isReference(first) && first.attribute === 'Ref') {
    const handle = context.resources.get(first.id)
    if (handle?.kind === 'topic') return raw(handle.name)
  }
  if (texts.some((one) => one === undefined)) return undefined
  return handleNamed(texts.join(''), context) ?? texts.join('')
}

const SERVICES: Readonly<Record<string, Handle['kind']>> = {
  dynamodb: 'table',
  s3: 'bucket',
  sqs: 'queue',
  sns: 'topic',
  kinesis: 'stream',
}

/** The handle of what an ARN names, where the app makes it; what is behind a name (`/index/*`) belongs to it. */
function handleNamed(arn: string, { handles }: Context): Code | undefined {
  const match =
    /^arn:aws[a-z-]*:(dynamodb|s3|sqs|sns|kinesis):[^:]*:[^:]*:(?:table\/|stream\/)?([^/]+)(?:\/(?:\*|index\/\*))?$/.exec(
      arn,
    )
  const kind = ownOf(SERVICES, match?.[1] ?? '')
  const handle = kind === undefined ? undefined : handles.get(`${kind} ${match?.[2]}`)
  return handle === undefined ? undefined : raw(handle.name)
}

export interface Value {
  readonly code: Code
  /** It has to be read where the function runs: the code is that of a handle's `arn` or `url`. */
  readonly late?: true
}

/** A value as code for a variable of the environment; undefined where it cannot be said. */
export function toValue(node: Node | undefined, context: Context): Value | undefined {
  const pieces = piecesOf(node)
  if (pieces === undefined) return undefined
  const made: (string | { code: string; late: boolean })[] = []
  for (const piece of pieces) {
    const one =
      typeof piece === 'string'
        ? piece
        : isLater(piece)
          ? { code: toEnv(piece), late: false }
          : referred(piece, context)
    if (one === undefined) return undefined
    made.push(one)
  }
  const late = made.some((one) => typeof one !== 'string' && one.late) ? ({ late: true } as const) : {}
  const [first] = made
  if (made.every((one) => typeof one === 'string')) return { code: made.join('') }
  if (made.length === 1 && first !== undefined && typeof first !== 'string') return { code: raw(first.code), ...late }
  const inner = made.map((one) => (typeof one === 'string' ? escaped(one) : `\${${one.code}}`))
  return { code: raw(`\`${inner.join('')}\``), ...late }
}

const escaped = (text: string): string => text.replace(/[\\`]|\$\{/g, '\\$&')

/** How a variable of the environment is read; environment variables of functions are texts. */
export const toEnv = ({ env, fallback }: Later): string =>
  `process.env${/^[A-Za-z_]\w*$/.test(env) ? `.${env}` : `[${quoted(env)}]`} ?? ${quoted(fallback ?? '')}`

function referred(piece: Reference | Pseudo, context: Context): string | { code: string; late: boolean } | undefined {
  if ('pseudo' in piece) {
    if (piece.pseudo === 'AWS::Region') return context.region
    if (piece.pseudo === 'AWS::Partition') return 'aws'
    return piece.pseudo === 'AWS::AccountId' ? { code: "process.env.ACCOUNT_ID ?? ''", late: false } : undefined
  }
  const handle = context.resources.get(piece.id)
  if (handle === undefined) return undefined
  const { attribute: name } = piece
  // Source: "Return values" of each type: `Ref` of a queue is its URL, of a topic and a secret its ARN, of others the name.
  const isArn = name === 'Arn' || name === 'TopicArn' || (name === 'Ref' && ['topic', 'secret'].includes(handle.kind))
  if (isArn) return { code: `${handle.name}.arn`, late: true }
  if (handle.kind === 'queue' && (name === 'Ref' || name === 'QueueUrl'))
    return { code: `${handle.name}.url`, late: true }
  return ['Ref', 'QueueName', 'TopicName', 'Name'].includes(name) ? handle.physical : undefined
}
