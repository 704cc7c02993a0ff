// What another hand deleted comes back by two updates: CloudFormation forgets it first, then makes it anew.
import { isRetained } from '../plan/replacements.ts'
import type { Output, Properties, Template, TemplateResource, Value } from '../template.ts'

/**
 * The template without these resources, and without whatever refers to them. What holds data stays, and loses only the
 * properties that refer: it must not leave the stack for a function's sake.
 */
export function without(template: Template, missing: readonly string[]): Template {
  const gone = new Set(missing)
  for (let before = -1; before !== gone.size; ) {
    before = gone.size
    for (const [id, resource] of Object.entries(template.Resources))
      if (!gone.has(id) && !isRetained(resource) && refers(toValue(resource), gone)) gone.add(id)
  }
  const left = Object.entries(template.Resources).filter(([id]) => !gone.has(id))
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, output]) => !refers(output.Value, gone))
  const Resources = Object.fromEntries(left.map(([id, resource]) => [id, parted(resource, gone)]))
  const Outputs: Record<string, Output> = Object.fromEntries(outputs)
  // CloudFormation takes no template without resources.
  if (left.length === 0) Resources.Nothing = { Type: 'AWS::CloudFormation::WaitConditionHandle' }
  return { ...template, Resources, ...(template.Outputs === undefined ? {} : { Outputs }) }
}

const toValue = ({ Properties = {}, DependsOn = [] }: TemplateResource): Value => [
  Properties,
  DependsOn.map((id) => ({ Ref: id })),
]

function parted(resource: TemplateResource, gone: ReadonlySet<string>): TemplateResource {
  const { Properties, DependsOn, ...rest } = resource
  const kept: Properties = Object.fromEntries(
    Object.entries(Properties ?? {}).filter(([, value]) => !refers(value, gone)),
  )
  const needs = (DependsOn ?? []).filter((id) => !gone.has(id))
  return {
    ...rest,
    ...(Properties === undefined ? {} : { Properties: kept }),
    ...(needs.length === 0 ? {} : { DependsOn: needs }),
  }
}

/** Whether a value names one of these by Ref, GetAtt or Sub. */
function refers(value: Value, ids: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isList(value)) return value.some((one) => refers(one, ids))
  return Object.entries(value).some(([name, of]) => {
    if (name === 'Ref') return typeof of === 'string' && ids.has(of)
    if (name === 'Fn::GetAtt') return ids.has(String(isList(of) ? of[0] : String(of).split('.')[0]))
    if (name === 'Fn::Sub') {
      const text = isList(of) ? of[0] : of
      const named = [...String(text).matchAll(/\$\{([A-Za-z0-9]+)[^}]*\}/g)]
      return named.some(([, id = '']) => ids.has(id)) || (isList(of) && refers(of.slice(1), ids))
    }
    return refers(of, ids)
  })
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)
