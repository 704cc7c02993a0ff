// The app as one stack, one API and its functions' roles: for the services that tools look around with.
import { createHash } from 'node:crypto'
import {
  type FunctionModel,
  type Model,
  type ResourceKind,
  type TriggerModel,
  toPolicyDocument,
} from '../../model/index.ts'
import { functionArn, logGroup } from '../environment.ts'
import type { FunctionGrant } from '../iam/access.ts'
import { ACCOUNT, REGION } from '../service.ts'
import type { StackFacts } from '../services/cloudformation/index.ts'
import type { RoleFacts } from '../services/iam/index.ts'
import { resourceArn, roleArn, roleName, schedulerRoleArn, schedulerRoleName, tagsOf } from './names.ts'

const TYPES: Readonly<Record<Exclude<ResourceKind, 'resource'>, string>> = {
  queue: 'AWS::SQS::Queue',
  topic: 'AWS::SNS::Topic',
  bucket: 'AWS::S3::Bucket',
  table: 'AWS::DynamoDB::Table',
  stream: 'AWS::Kinesis::Stream',
  bus: 'AWS::Events::EventBus',
  websocket: 'AWS::ApiGatewayV2::Api',
  secret: 'AWS::SecretsManager::Secret',
  param: 'AWS::SSM::Parameter',
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** `address` is where the API answers. */
export function toStack(model: Model, address: string): StackFacts {
  const name = `${model.app}-${model.stage}`
  const id = hashOf(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  return {
    name,
    id: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/${id}`,
    description: `The app ${model.app} on the local cloud`,
    tags: tagsOf(model),
    outputs: { Url: address },
    resources: [
      ...model.functions.flatMap(toFunctionResources),
      ...model.resources.flatMap(toResource),
      ...model.triggers.flatMap((trigger) => toWakers(trigger, model)),
    ],
  }
}

type StackResource = StackFacts['resources'][number]

const toLogical = (...parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[^A-Za-z0-9]+/g, '').replace(/^./, (first) => first.toUpperCase())).join('')

const toFunctionResources = (made: FunctionModel): StackResource[] => [
  { logicalId: toLogical(made.name, 'function'), physicalId: made.physicalName, type: 'AWS::Lambda::Function' },
  { logicalId: toLogical(made.name, 'role'), physicalId: roleName(made), type: 'AWS::IAM::Role' },
  { logicalId: toLogical(made.name, 'logs'), physicalId: logGroup(made), type: 'AWS::Logs::LogGroup' },
]

function toResource(one: Model['resources'][number]): StackResource[] {
  if (one.kind === 'resource' || one.existing) return []
  const physicalId = one.kind === 'websocket' ? one.apiId : one.physicalName
  return [{ logicalId: toLogical(one.name, one.kind), physicalId, type: TYPES[one.kind] }]
}

// The rule or the schedule by which a function wakes bears its name.
function toWakers(trigger: TriggerModel, model: Model): StackResource[] {
  const woken = model.functions.find(({ name }) => name === trigger.function)
  if (woken === undefined || (trigger.kind !== 'bus' && trigger.kind !== 'schedule')) return []
  const isRule = trigger.kind === 'bus' || trigger.service === 'rule'
  const type = isRule ? 'AWS::Events::Rule' : 'AWS::Scheduler::Schedule'
  const logicalId = toLogical(woken.name, isRule ? 'rule' : 'schedule')
  return [{ logicalId, physicalId: woken.physicalName, type }]
}

/** All roles of the app. One that was there before is somebody else's. */
export const toRoles = (model: Model, granted: readonly FunctionGrant[]): RoleFacts[] => [
  ...model.functions.flatMap((made) => (made.role === undefined ? toRole(made, model, granted) : [])),
  ...toSchedulerRole(model),
]

/** Each function's own role, with what it may do; where that is not known, with what the app has. */
function toRole(made: FunctionModel, model: Model, granted: readonly FunctionGrant[]): RoleFacts {
  const own = granted.filter((grant) => grant.function === made.name)
  const policy = own.length > 0 ? toPolicyDocument(own) : everythingOf(model)
  return {
    name: roleName(made),
    id: toRoleId(roleName(made)),
    arn: roleArn(made),
    description: `Of the function ${made.physicalName}`,
    principal: 'lambda.amazonaws.com',
    policies: policy.Statement.length === 0 ? {} : { app: policy },
    attached: own.length > 0 ? [] : ['service-role/AWSLambdaBasicExecutionRole'],
    tags: tagsOf(model),
  }
}

function everythingOf({ resources }: Model): { readonly Version: string; readonly Statement: readonly object[] } {
  const arns = resources.map((one) => resourceArn(one)).filter((arn) => arn !== undefined)
  const Statement = arns.map((arn) => ({
    Effect: 'Allow',
    Action: `${arn.split(':')[2]}:*`,
    Resource: arn.includes(':s3:') ? [arn, `${arn}/*`] : arn,
  }))
  return { Version: '2012-10-17', Statement }
}

const toRoleId = (name: string): string => `AROA${hashOf(name).toUpperCase().replace(/[018]/g, 'Q').slice(0, 17)}`

// What a rule wakes says so itself, by its policy; Scheduler takes on a role.
function toSchedulerRole(model: Model): RoleFacts[] {
  const woken = model.triggers.flatMap((one) =>
    one.kind === 'schedule' && one.service === 'scheduler' ? [one.function] : [],
  )
  const Resource = model.functions.filter(({ name }) => woken.includes(name)).map(functionArn)
  if (Resource.length === 0) return []
  const Statement = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }]
  const name = schedulerRoleName(model)
  return [
    {
      name,
      id: toRoleId(name),
      arn: schedulerRoleArn(model),
      description: 'Of the schedules',
      principal: 'scheduler.amazonaws.com',
      policies: { invoke: { Version: '2012-10-17', Statement } },
      attached: [],
      tags: tagsOf(model),
    },
  ]
}
