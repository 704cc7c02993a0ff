// What every function needs for being one: its log, its traces, its network, those who are told how it ended.
import { toArn } from '../arns.ts'
import type { FunctionModel } from '../model.ts'
import { destination } from './destination.ts'
import { type Need, need, type Owning } from './grant.ts'

export const ownLog = ({ physicalName, where }: FunctionModel, { place }: Owning): Need[] =>
  // The group itself is made with the function. Source: CloudWatch Logs' ARNs, which end with `:*` where its streams are meant.
  need(
    where,
    'writing its own log',
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    toArn(place, 'logs', `log-group:/aws/lambda/${physicalName}:*`),
  )

export const ends = ({ deadLetter, destinations, where }: FunctionModel, app: Owning): Need[] =>
  [deadLetter, destinations.success, destinations.failure].flatMap((one) => destination(one, where, app))

// Source: the role AWSXRayDaemonWriteAccess; neither knows resources.
export const traces = ({ tracing, where }: FunctionModel): Need[] =>
  tracing ? need(where, 'telling X-Ray', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*') : []

// Source: "Giving Lambda functions access to resources in an Amazon VPC". Describing knows no resources, and a role that may
// delete some interfaces only is refused.
export function network({ vpc, where }: FunctionModel, { place }: Owning): Need[] {
  if (vpc === undefined) return []
  const why = 'being in its network'
  const named = [
    ...vpc.subnets.map((one) => toArn(place, 'ec2', `subnet/${one}`)),
    ...vpc.securityGroups.map((one) => toArn(place, 'ec2', `security-group/${one}`)),
  ]
  const interfaces = toArn(place, 'ec2', 'network-interface/*')
  return [
    ...need(where, why, ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], '*'),
    ...need(where, why, ['ec2:CreateNetworkInterface'], interfaces, ...named),
    ...need(
      where,
      why,
      ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
      toArn(place, 'ec2', '*/*'),
    ),
  ]
}
