// `permissions` and `role`: what the app itself says of what its functions may do.
import { type Complaint, complaint, type Where } from '../errors.ts'
import { type ArnPlace, functionArn, resourceArn } from './arns.ts'
import type { Options, Plain } from './describe.ts'
import type { FunctionModel, PermissionModel } from './model.ts'
import { functionName } from './names.ts'
import { isObject, listOf, type Rule, type Rules, show, textOf, textsOf } from './options.ts'
import type { ResourceModel } from './resources.ts'

const MEND = "Write { actions: ['ses:SendEmail'], resources: ['*'], why: 'receipts are mailed' }."

const action: Rule = (value) =>
  typeof value === 'string' && /^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "An action reads like 'ses:SendEmail'." }

const isReference = (value: Plain): value is Options => isObject(value) && value.$ === 'reference'

const resource: Rule = (value) =>
  isReference(value) ||
  (typeof value === 'string' && /^(?:\*|arn:[a-z*-]+:[a-z0-9*-]+:[a-z0-9*-]*:[0-9*]*:.+)$/.test(value))
    ? undefined
    : {
        problem: `is ${show(value)}`,
        mend: "A resource is the handle of one (photos), an ARN ('arn:aws:ses:us-east-1:123456789012:identity/*'), or '*'.",
      }

const filled =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.length === 0 ? { problem: 'is empty', mend: MEND } : listOf(rule, MEND)(value)

const why: Rule = (value) =>
  typeof value === 'string' && value.trim() !== ''
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'Say in a few words what it is for: whoever reviews the policy reads it.' }

const MEMBERS: Readonly<Record<string, Rule>> = { actions: filled(action), resources: filled(resource), why }

const permission: Rule = (value) => {
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend: MEND }
  const other = Object.keys(value).find((name) => MEMBERS[name] === undefined)
  if (other !== undefined) return { problem: `has \`${other}\``, mend: MEND }
  for (const [name, rule] of Object.entries(MEMBERS)) {
    if (value[name] === undefined) return { problem: `has no \`${name}\``, mend: MEND }
    const wrong = rule(value[name])
    if (wrong !== undefined) return { problem: `has \`${name}\` that ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

export const PERMISSION_RULES = {
  permissions: listOf(permission, `It is a list. ${MEND}`),
  role: (value) =>
    typeof value === 'string' && /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(value)
      ? undefined
      : { problem: `is ${show(value)}`, mend: "It is a role's ARN: 'arn:aws:iam::123456789012:role/name'." },
} satisfies Rules

/** One member of `permissions`, and where it stands. */
export interface Asked {
  readonly options: Options
  readonly where: Where
}

/** What `permissions` among these options asks for. What is none has been complained of already. */
export function askedIn(options: Options, where: Where): Asked[] {
  const all = Array.isArray(options.permissions) ? options.permissions : []
  return all.flatMap((one: Plain) => (isObject(one) ? [{ options: one, where }] : []))
}

/** Gives each function what was asked for it, handles turned into ARNs. Complains of handles that have none. */
export function settlePermissions(
  functions: readonly FunctionModel[],
  asked: ReadonlyMap<string, readonly Asked[]>,
  resources: readonly ResourceModel[],
  place: ArnPlace,
): { functions: FunctionModel[]; complaints: Complaint[] } {
  const complaints: Complaint[] = []
  const toResources = (value: Plain, what: string, where: Where): readonly string[] => {
    if (typeof value === 'string') return [value]
    const found = isReference(value) ? arnsOf(value, functions, resources, place) : undefined
    if (found !== undefined) return found
    const name = isReference(value) ? textOf(value, 'name', '') : ''
    complaints.push(complaint('GOBLET_NO_RESOURCE', { what, name }, where))
    return []
  }
  const settled = functions.map((one) => {
    const permissions = (asked.get(one.name) ?? []).map(({ options, where }): PermissionModel => {
      const given = Array.isArray(options.resources) ? options.resources : []
      const arns = given.flatMap((value: Plain) =>
        toResources(value, `A permission of the function ${one.name}`, where),
      )
      return { actions: textsOf(options, 'actions'), resources: arns, why: textOf(options, 'why', ''), where }
    })
    return { ...one, permissions }
  })
  return { functions: settled, complaints }
}

/** A resource and what is in it; undefined of one that the app does not have, or whose ARN nobody knows. */
function arnsOf(
  { kind, name }: Options,
  functions: readonly FunctionModel[],
  resources: readonly ResourceModel[],
  place: ArnPlace,
): readonly string[] | undefined {
  if (kind === 'function') {
    const made = functions.find((one) => one.name === functionName(String(name)))
    return made === undefined ? undefined : [functionArn(made, place)]
  }
  const found = resources.find((one) => one.kind === kind && one.name === name)
  const arn = found === undefined ? undefined : resourceArn(found, place)
  if (arn === undefined) return undefined
  if (kind === 'bucket') return [arn, `${arn}/*`]
  return kind === 'table' ? [arn, `${arn}/index/*`] : [arn]
}
