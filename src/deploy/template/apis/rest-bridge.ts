// A REST API whose path parameters get other names: CloudFormation makes the new before it takes away the old, and API Gateway
// takes no two parameters at one place. Such a change goes over a bridge, a template without either.
import type { Part, Template, TemplateResource } from '../../template.ts'

const PATH = 'AWS::ApiGateway::Resource'
const METHOD = 'AWS::ApiGateway::Method'
const DEPLOYMENT = 'AWS::ApiGateway::Deployment'
const STAGE = 'AWS::ApiGateway::Stage'

/**
 * The template to deploy between two others, or undefined where CloudFormation comes over by itself. What is live stays so: it is
 * the copy that the deployment of `before` took, and the bridge keeps that deployment. Source: CreateResource ("A sibling of
 * this resource already has a variable path part"), which users of other tools meet (serverless/serverless#3785).
 */
export function bridgeOf(before: Template, after: Template): Template | undefined {
  const clashing = clashesOf(before.Resources, after.Resources)
  if (clashing.length === 0) return undefined
  const gone = withBelow(clashing, after.Resources)
  const isLive = ({ Type }: TemplateResource): boolean => Type === DEPLOYMENT || Type === STAGE
  const left = Object.entries(after.Resources).filter(([id, one]) => !gone.has(id) && !isLive(one))
  const live = Object.entries(before.Resources).filter(([, one]) => isLive(one))
  const ids = new Set([...left, ...live].map(([id]) => id))
  const kept = live.map(([id, { DependsOn = [], ...rest }]): [string, TemplateResource] => {
    const needs = DependsOn.filter((one) => ids.has(one))
    return [id, { ...rest, ...(needs.length === 0 ? {} : { DependsOn: needs }) }]
  })
  return { ...after, Resources: Object.fromEntries([...left, ...kept]) }
}

/** New parameters at places where another one is that leaves. */
function clashesOf(before: Part, after: Part): string[] {
  const leaving = Object.entries(before).filter(([id, one]) => isParameter(one) && after[id] === undefined)
  const places = new Set(leaving.map(([, one]) => placeOf(one)))
  return Object.entries(after).flatMap(([id, one]) =>
    isParameter(one) && before[id] === undefined && places.has(placeOf(one)) ? [id] : [],
  )
}

const isParameter = ({ Type, Properties }: TemplateResource): boolean =>
  Type === PATH && String(Properties?.PathPart).startsWith('{')

const placeOf = ({ Properties }: TemplateResource): string =>
  JSON.stringify([Properties?.RestApiId, Properties?.ParentId])

/** Paths, what lies below them, and the methods of all of these. */
function withBelow(paths: readonly string[], resources: Part): Set<string> {
  const gone = new Set(paths)
  for (let size = -1; size !== gone.size; ) {
    size = gone.size
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      const above = Type === PATH ? Properties?.ParentId : Type === METHOD ? Properties?.ResourceId : undefined
      const isBelow = [...gone].some((one) => JSON.stringify(above) === JSON.stringify({ Ref: one }))
      if (isBelow) gone.add(id)
    }
  }
  return gone
}
