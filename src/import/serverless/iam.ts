// IAM statements become `permissions`, each with the line that it comes from as its reason.
import { toPlace } from '../../errors.ts'
import type { Code } from '../code.ts'
import { itemsOf, type Node, textOf } from '../node.ts'
import { Section } from '../section.ts'
import type { Context } from './context.ts'
import { toGranted } from './references.ts'

/** Each statement of a list as a member of `permissions`. What cannot be said so is reported. */
export function toPermissions(node: Node | undefined, path: string, context: Context): Code[] {
  return itemsOf(node).flatMap((one, index) => toPermission(one, `${path}[${index}]`, context) ?? [])
}

function toPermission(node: Node, path: string, context: Context): Code | undefined {
  const { report } = context
  const statement = new Section(node, path, node.where, report)
  const effect = statement.text('Effect') ?? 'Allow'
  const actions = itemsOf(statement.take('Action')).flatMap((one) => textOf(one) ?? [])
  const given = itemsOf(statement.take('Resource'))
  for (const key of ['Sid', 'Principal']) statement.take(key)
  for (const key of ['NotAction', 'NotResource', 'Condition'])
    if (statement.take(key) !== undefined) {
      statement.lost(
        key,
        'is not known to `permissions`, and without it the statement would allow more: it was left out. Give the function a `role` of your own if it is needed.',
      )
      return undefined
    }
  statement.close({ mapped: ['Effect', 'Action', 'Resource'] })
  if (effect !== 'Allow') {
    statement.lost(
      'Effect',
      'denies: roles that Goblet makes allow nothing that is not derived or named, so it was left out.',
    )
    return undefined
  }
  const resources = given.flatMap((one) => {
    const code = toGranted(one, context)
    if (code === undefined)
      report.hand(one.where, `${path}.Resource`, 'refers to something that has no handle in the app: write its ARN.')
    return code ?? []
  })
  const known = actions.filter((one) => /^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i.test(one)).map(lowerService)
  if (known.length < actions.length) report.hand(node.where, `${path}.Action`, 'holds something that is no action.')
  const named = resources.filter((one) => typeof one !== 'string' || one === '*' || ARN.test(one))
  if (named.length < resources.length) report.hand(node.where, `${path}.Resource`, 'holds something that is no ARN.')
  if (known.length === 0 || named.length === 0) return undefined
  const unique = named.filter(
    (one, index) => named.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  )
  report.mapped(node.where, path, '`permissions`. Goblet reads most of it from the code: see `goblet policy`.')
  return { actions: known, resources: unique, why: `as in ${toPlace(node.where)}` }
}

const ARN = /^arn:[a-z*-]+:[a-z0-9*-]+:[a-z0-9*-]*:[0-9*]*:.+$/

const lowerService = (action: string): string => {
  const [service = '', ...rest] = action.split(':')
  return [service.toLowerCase(), ...rest].join(':')
}
