// What the app's resources and functions are called where AWS calls them by ARN.
import type { DestinationModel, FunctionModel, Model, ResourceModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import { ACCOUNT, REGION } from '../service.ts'

const own = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`

/** The ARN of a resource; undefined for what the local cloud has not. */
export function resourceArn({ kind, physicalName }: Pick<ResourceModel, 'kind' | 'physicalName'>): string | undefined {
  switch (kind) {
    case 'queue':
      return own('sqs', physicalName)
    case 'topic':
      return own('sns', physicalName)
    case 'bucket':
      return `arn:aws:s3:::${physicalName}`
    case 'table':
      return own('dynamodb', `table/${physicalName}`)
    case 'stream':
      return own('kinesis', `stream/${physicalName}`)
    case 'bus':
      return own('events', `event-bus/${physicalName}`)
    case 'secret':
      return own('secretsmanager', `secret:${physicalName}`)
    case 'param':
      return own('ssm', `parameter/${physicalName.replace(/^\//, '')}`)
    // It is known by its id, not by a name.
    case 'websocket':
    case 'resource':
      return undefined
  }
}

/** The ARN of whom the app tells something. */
export function destinationArn(one: DestinationModel | undefined, model: Model): string | undefined {
  if (one === undefined) return undefined
  if (one.kind === 'function') {
    const made = model.functions.find(({ name }) => name === one.name)
    return made === undefined ? undefined : functionArn(made)
  }
  const found = model.resources.find(({ kind, name }) => kind === one.kind && name === one.name)
  return found === undefined ? undefined : resourceArn(found)
}

/** The name of the role that a function runs as. */
export const roleName = (made: FunctionModel): string => `${made.physicalName}-role`.slice(-64)

export const roleArn = (made: FunctionModel): string => made.role ?? `arn:aws:iam::${ACCOUNT}:role/${roleName(made)}`

/** The name of the role by which EventBridge Scheduler invokes the app's functions. */
export const schedulerRoleName = ({ app, stage }: Model): string => `${app}-${stage}-scheduler-role`.slice(-64)

export const schedulerRoleArn = (model: Model): string => `arn:aws:iam::${ACCOUNT}:role/${schedulerRoleName(model)}`

/** What every resource of the app is tagged with. */
export const tagsOf = ({ app, stage }: Model): Record<string, string> => ({ 'goblet:app': app, 'goblet:stage': stage })
