// The ARNs of what an app owns, or names.
import type { FunctionModel } from './model.ts'
import type { ResourceModel, WebsocketModel } from './resources.ts'

/** Where an app is, as ARNs tell it. */
export interface ArnPlace {
  readonly account: string
  readonly region: string
}

/** AWS's partition: ARNs differ in China and GovCloud. */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/** The ARN of something in the app's account and region. */
export const toArn = ({ account, region }: ArnPlace, service: string, rest: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${rest}`

export const functionArn = ({ physicalName }: Pick<FunctionModel, 'physicalName'>, place: ArnPlace): string =>
  toArn(place, 'lambda', `function:${physicalName}`)

/** The ARN of a resource, as policies name it; undefined of one that only CloudFormation can tell. */
export function resourceArn(
  { kind, name, physicalName }: Pick<ResourceModel, 'kind' | 'name' | 'physicalName'>,
  place: ArnPlace,
): string | undefined {
  // Of an API, policies name the connections: see `connectionsArn`.
  if (kind === 'resource' || kind === 'websocket') return undefined
  const given = name.startsWith('arn:') ? name : undefined
  // Of a secret, the ARN ends with six characters that nobody knows beforehand.
  if (kind === 'secret') return given ?? toArn(place, 'secretsmanager', `secret:${physicalName}-??????`)
  return given ?? OWN[kind](physicalName, place)
}

/** The connections of a WebSocket API, and what is done with them: `POST`, `GET`, `DELETE`. */
export const connectionsArn = (
  { apiId, stage }: Pick<WebsocketModel, 'apiId' | 'stage'>,
  method: string,
  place: ArnPlace,
): string => toArn(place, 'execute-api', `${apiId}/${stage}/${method}/@connections/*`)

type Plain = Exclude<ResourceModel['kind'], 'secret' | 'resource' | 'websocket'>

const OWN = {
  queue: (name, place) => toArn(place, 'sqs', name),
  topic: (name, place) => toArn(place, 'sns', name),
  bucket: (name, { region }) => `arn:${partitionOf(region)}:s3:::${name}`,
  table: (name, place) => toArn(place, 'dynamodb', `table/${name}`),
  stream: (name, place) => toArn(place, 'kinesis', `stream/${name}`),
  bus: (name, place) => toArn(place, 'events', `event-bus/${name}`),
  param: (name, place) => toArn(place, 'ssm', `parameter/${name.replace(/^\//, '')}`),
} satisfies Record<Plain, (name: string, place: ArnPlace) => string>
