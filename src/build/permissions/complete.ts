// From what the code needs to all that a function may do: with what Goblet needs itself, and what the app asks for.
import { tableOf } from '../../aws/access/table.ts'
import { nearest } from '../../errors.ts'
import {
  type Finding,
  type FunctionModel,
  type FunctionPermissions,
  type Model,
  ownGrants,
  type PermissionModel,
  type Permissions,
} from '../../model/index.ts'

const NOTHING: FunctionPermissions = { grants: [], warnings: [], errors: [] }

/** What every function of the app may do. One whose role is somebody else's is granted nothing, and nothing is said of it. */
export function completePermissions(model: Model, derived: Permissions): Permissions {
  return new Map(
    model.functions.map((made) => {
      const { grants, warnings, errors } = derived.get(made.name) ?? NOTHING
      if (made.role !== undefined) return [made.name, NOTHING]
      return [
        made.name,
        {
          grants: [...grants, ...ownGrants(made, model)],
          warnings: [...warnings, ...findingsOf(made)],
          errors,
        },
      ]
    }),
  )
}

const findingsOf = ({ permissions }: FunctionModel): Finding[] =>
  permissions.flatMap((one) => one.actions.flatMap((action) => findingsOfAction(action, one)))

function findingsOfAction(action: string, { resources, why, where }: PermissionModel): Finding[] {
  const wide = (message: string, mend: string): Finding => ({ kind: 'wildcard', where, message, mend })
  if (/[*?]/.test(action)) {
    const message = `\`permissions\` allow ${action}: every action of that name, those of the future, too (${why}).`
    return [wide(message, 'Name the actions one by one.')]
  }
  const [prefix = '', name = ''] = action.split(':')
  const actions = tableOf(prefix)?.actions
  const known = actions?.get(name.toLowerCase())
  if (known === undefined) {
    const suggestion = nearest(
      name,
      [...(actions?.values() ?? [])].map((one) => one.name),
    )
    const did = suggestion === undefined ? '' : ` Did you mean \`${prefix}:${suggestion}\`?`
    const message = `\`permissions\` allow ${action}, which is no action of IAM that this version knows.${did}`
    return [
      { kind: 'unknown-operation', where, message, mend: 'Correct the name; if it is newer than Goblet, leave it.' },
    ]
  }
  // `*` is all there is for an action that knows no resources, or need not be told one.
  const isTold = known.on.length > 1 || known.on.some(({ required }) => required)
  const all = isTold ? resources.filter(isWide) : []
  const types = [...new Set(known.on.map(({ type }) => type))].join(', ')
  return all.map((resource) =>
    wide(
      `\`permissions\` allow ${action} on ${resource}, whatever it is called (${why}).`,
      `Name the ARN of the ${types}, or its handle.`,
    ),
  )
}

/** Takes everything, or everything of a type. */
function isWide(resource: string): boolean {
  if (resource === '*') return true
  const [, , service = '', , , ...rest] = resource.split(':')
  const tail = rest.join(':')
  if (service === 's3') return /^\*(?:\/\*)?$/.test(tail)
  return /^(?:[a-z-]+[/:])?\*$/i.test(tail)
}
