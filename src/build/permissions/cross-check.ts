// Holds what was derived against what the bundles hold: an operation that is there, and that nothing was found to call, is told of.
import { needsOf, type Place, UNKNOWN } from '../../aws/access.ts'
import { type Finding, type FunctionPermissions, type Model, type Permissions, partitionOf } from '../../model/index.ts'
import type { Survivor } from '../survivors.ts'
import { documentOperation } from './sdk/names.ts'

/** The permissions with a warning for everything in the bundles that nothing was found to call. */
export function crossCheck(
  permissions: Permissions,
  survivors: ReadonlyMap<string, readonly Survivor[]>,
  model: Model,
): Permissions {
  const place: Place = { partition: partitionOf(model.region), region: model.region, account: model.account }
  const ofElse = new Set(model.functions.flatMap(({ name, role }) => (role === undefined ? [] : [name])))
  return new Map(
    [...permissions].map(([name, one]) => {
      const found = ofElse.has(name) ? [] : (survivors.get(name) ?? []).flatMap((each) => check(name, one, each, place))
      return [name, { ...one, warnings: [...one.warnings, ...found] }]
    }),
  )
}

function check(name: string, { grants, warnings }: FunctionPermissions, survivor: Survivor, place: Place): Finding[] {
  const { service, isDocument, where, through } = survivor
  // The code that imports such a package has been told already.
  const isTold = ({ kind, message }: Finding): boolean =>
    kind === 'opaque-client' && through.some((one) => message.includes(`\`${one}\``))
  if (warnings.some(isTold)) return []
  const granted = new Set(grants.map(({ action }) => action.toLowerCase()))
  const operations = survivor.operations.flatMap((word) => {
    const operation = isDocument ? documentOperation(word) : word
    const needs = operation === undefined ? undefined : needsOf({ service, name: operation }, UNKNOWN, place)
    return operation === undefined || needs === undefined ? [] : [{ operation, needs }]
  })
  const isOpaque = through.length > 0 && operations.length === 0
  const missing = operations.filter(({ needs }) => !needs.some(({ action }) => granted.has(action.toLowerCase())))
  // A class or an object of the user's own, of which some methods are called and others not, has been read: that is no doubt.
  if ((missing.length === 0 && !isOpaque) || (through.length === 0 && missing.length < operations.length)) return []
  const names = missing.map(({ operation }) => operation).sort()
  const more = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} of ${service}`
  const which = isOpaque ? `a client of ${service}` : more
  const message =
    through.length === 0
      ? `The bundle of ${name} holds ${which}, and nothing was found that calls it.`
      : `The package ${through.at(-1)} brings ${which} into the bundle of ${name} (by ${through.join(' → ')}): what it is used for is not known.`
  const mend =
    'If it is called, say so with `permissions: [{ actions, resources, why }]`; if not, nothing is granted for it.'
  return [{ kind: 'unused-operation', where, message, mend }]
}
