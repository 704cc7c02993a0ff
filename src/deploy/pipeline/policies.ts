// What a pipeline's roles may do: no more than deploying this app takes, in as many policies as IAM wants it.
import { type Model, type PolicyDocument, resourceArn, type Statement } from '../../model/index.ts'
import { move, NOWHERE } from '../export/portable.ts'
import { type Others, toDeployRights } from '../plan/rights.ts'
import type { Properties, Template, Value } from '../template.ts'

export interface PipelineRights {
  /** What deploying to the stage takes. */
  readonly deploy: readonly Statement[]
  /** What saying what a deploy would do takes. */
  readonly plan: readonly Statement[]
  /** The same as `deploy`, on the stages of pull requests. */
  readonly preview: readonly Statement[]
  /** Types by `resource(…)` of which Goblet does not know what they need. */
  readonly unknown: readonly string[]
}

/** The stages of pull requests, as a pattern. */
const PREVIEWS = 'pr-*'

const READS =
  /^(?:cloudformation|cloudwatch|dynamodb|lambda|logs|route53|s3):(?:Describe|Get|List)(?!.*(?:Object(?:Acl|Tagging)|Records)$)/

/** Of a template of nowhere: see NOWHERE. */
export function pipelineRights(template: Template, model: Model): PipelineRights {
  const { app, stage } = model
  const others = othersOf(template, model)
  // A preview goes with its data; the branch's is nobody's to delete here.
  const rights = (name: string, data: boolean) =>
    toDeployRights(template, { app, stage: name, ...NOWHERE }, { ...others, data })
  const deploy = rights(stage, false)
  const statements = deploy.policy.Statement
  return {
    deploy: statements,
    plan: statements.flatMap((one) => {
      const reads = one.Action.filter((action) => READS.test(action))
      return reads.length === 0 ? [] : [{ ...one, Action: reads }]
    }),
    preview: rights(PREVIEWS, true).policy.Statement,
    unknown: deploy.unknown,
  }
}

// What deploy asks of things that are not the stack's: here by what the model names, as AWS cannot be asked.
function othersOf({ Resources }: Template, model: Model): Omit<Others, 'data'> {
  const { api, resources, triggers } = model
  const existing = resources.filter((one) => (one.kind === 'bucket' || one.kind === 'table') && one.existing)
  const told = existing.filter((one) =>
    triggers.some(
      (trigger) =>
        (trigger.kind === 'bucket' && one.kind === 'bucket' && trigger.bucket === one.name) ||
        (trigger.kind === 'table' && one.kind === 'table' && trigger.table === one.name),
    ),
  )
  const websockets = resources.map((one) => (one.kind === 'websocket' ? one.domain : undefined))
  return {
    buckets: told.flatMap((one) => (one.kind === 'bucket' ? [one.physicalName] : [])),
    tables: told.flatMap((one) => (one.kind === 'table' ? [resourceArn(one, model) ?? '*'] : [])),
    hasZones: [api.domain, ...websockets].some((domain) => domain !== undefined && domain.zone !== false),
    parts: Object.keys(Resources).length > PARTED,
  }
}

// Near CloudFormation's limit of 500 resources a stack gets parts.
const PARTED = 400

// IAM counts up to 6,144 characters of a managed policy ("IAM and AWS STS quotas"); a region's name may be longer than ours.
const LIMIT = 5600

/** Statements as managed policies, each short enough. */
function pack(statements: readonly Statement[]): PolicyDocument[] {
  const packed: Statement[][] = []
  let length = LIMIT
  for (const one of statements.flatMap(halved)) {
    const more = JSON.stringify(one).length + 1
    if (length + more > LIMIT) {
      packed.push([])
      length = 60
    }
    packed.at(-1)?.push(one)
    length += more
  }
  return packed.map((Statement) => ({ Version: '2012-10-17', Statement }))
}

function halved(statement: Statement): Statement[] {
  const { Action, Resource } = statement
  if (JSON.stringify(statement).length < LIMIT - 100) return [statement]
  const half = (list: readonly string[]): [readonly string[], readonly string[]] => {
    const middle = Math.ceil(list.length / 2)
    return [list.slice(0, middle), list.slice(middle)]
  }
  if (Action.length > 1) return half(Action).flatMap((some) => halved({ ...statement, Action: some }))
  if (Resource.length > 1) return half(Resource).flatMap((some) => halved({ ...statement, Resource: some }))
  return [statement]
}

interface Trusted {
  readonly id: string
  readonly trust: Value
  readonly statements: readonly Statement[]
  /** Besides: what the pipeline itself needs. */
  readonly more?: readonly Properties[]
}

/** A role and its policies, for any account and region. */
export function toRoleResources({ id, trust, statements, more = [] }: Trusted): { readonly [id: string]: Value } {
  const documents = pack(statements)
  const policies = documents.map((document, index) => {
    const properties = {
      PolicyDocument: move({ Version: document.Version, Statement: document.Statement.map(toValue) }),
    }
    return [`${id}Policy${index + 1}`, { Type: 'AWS::IAM::ManagedPolicy', Properties: properties }] as const
  })
  const properties = {
    AssumeRolePolicyDocument: trust,
    ManagedPolicyArns: policies.map(([name]) => ({ Ref: name })),
    ...(more.length === 0
      ? {}
      : { Policies: [{ PolicyName: 'pipeline', PolicyDocument: { Version: '2012-10-17', Statement: more } }] }),
  }
  return { ...Object.fromEntries(policies), [id]: { Type: 'AWS::IAM::Role', Properties: properties } }
}

const toValue = ({ Effect, Action, Resource, Condition }: Statement): Properties => ({
  Effect,
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
})
