// Resources that Goblet has no handle for, in CloudFormation's own words: references to what the app declares are carried over.
import type { Where } from '../../errors.ts'
import { type Code, raw } from '../code.ts'
import { member, type Node, textOf } from '../node.ts'
import { openText } from '../section.ts'
import type { Context } from './context.ts'
import { piecesOf, toValue } from './references.ts'

/** Whether a type is one that CloudFormation could have. */
export const isRaw = (type: string): boolean => /^(?:AWS|Alexa|Custom)::[A-Za-z0-9]+(?:::[A-Za-z0-9]+)*$/.test(type)

/** Declares one. */
export function declareRaw(id: string, type: string, value: Node, where: Where, context: Context): void {
  const { draft, raws, report } = context
  const subject = `resources.${id}`
  const name = raws.get(id)
  if (name === undefined) {
    report.lost(where, subject, `\`${type}\` is no type of CloudFormation.`)
    return
  }
  const properties = member(value, 'Properties')
  const unknown = new Set<string>()
  const code = properties === undefined ? {} : toCode(properties, context, unknown)
  draft.declare(name, 'resource', [type, code])
  const refers =
    unknown.size === 0 ? '' : ` It refers to ${[...unknown].join(', ')}, which the app does not have: mend that.`
  const says = `\`${name}\` is a resource('${type}'), which is deployed as it stands; the local cloud has none of it.`
  if (refers === '') report.noted(where, subject, says)
  else report.hand(where, subject, says + refers)
}

// How deploy calls what is declared under such a name.
const logicalId = (name: string): string => `Resource${name.charAt(0).toUpperCase()}${name.slice(1)}`

const isPlain = (name: string): boolean => /^[a-z][A-Za-z0-9]*$/.test(name)

/** A value as code, references to what the app declares as those; others are told to `unknown`. */
export function toCode(node: Node, context: Context, unknown = new Set<string>()): Code {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map((one) => toCode(one, context, unknown))
  if (node.kind === 'open') return toValue(node, context)?.code ?? openText(node) ?? ''
  const [first] = node.entries
  if (node.entries.size === 1 && first !== undefined) {
    const made = reference(first[0], first[1].value, context, unknown)
    if (made !== undefined) return made
  }
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toCode(value, context, unknown)]))
}

// Attributes that a handle stands for: which one is meant, deploy tells by the property.
const OWN = new Set(['Ref', 'Arn', 'TopicArn', 'QueueName', 'TopicName', 'Name', 'QueueUrl'])

function reference(name: string, value: Node, context: Context, unknown: Set<string>): Code | undefined {
  if (name === 'Fn::Sub') return substituted(value, context, unknown)
  if (name !== 'Ref' && name !== 'Fn::GetAtt') return undefined
  const [piece] =
    piecesOf({ kind: 'dict', where: value.where, entries: new Map([[name, { where: value.where, value }]]) }) ?? []
  if (piece === undefined || typeof piece === 'string' || !('id' in piece)) return undefined
  const handle = context.resources.get(piece.id)
  if (handle !== undefined && OWN.has(piece.attribute)) return raw(handle.name)
  const own = context.raws.get(piece.id)
  if (own !== undefined && piece.attribute === 'Ref') return raw(own)
  if (own !== undefined && isPlain(own)) return { 'Fn::GetAtt': [logicalId(own), piece.attribute] }
  unknown.add(piece.id)
  return undefined
}

function substituted(value: Node, context: Context, unknown: Set<string>): Code | undefined {
  const given = value.kind === 'list' ? member(value, '0') : value
  const text = textOf(given)
  if (text === undefined) return undefined
  const variables = value.kind === 'list' ? member(value, '1') : undefined
  const written = text.replace(/\$\{([A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}/g, (whole, id: string, rest: string) => {
    if (member(variables, id) !== undefined) return whole
    const own = context.raws.get(id)
    if (own !== undefined && isPlain(own)) return `\${${logicalId(own)}${rest}}`
    unknown.add(id)
    return whole
  })
  return { 'Fn::Sub': variables === undefined ? written : [written, toCode(variables, context, unknown)] }
}
