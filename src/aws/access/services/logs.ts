// CloudWatch Logs: in policies a log group's ARN ends with `:*`, but for its tags.
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html (ARN formats)
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { type Input, named, orUntold, said, type Text } from '../text.ts'

const GROUPS = [
  ...['logGroupName', 'logGroupIdentifier', 'logGroupArn', 'resourceIdentifier', 'resourceArn'],
  ...['logGroupNames', 'logGroupIdentifiers', 'logGroupArns', 'logGroupArnList'],
]

function toNames(input: Input): readonly Text[] {
  return orUntold(said(input.value, ...GROUPS))
}

/** Without the `:*` at the end, which ARNs of groups may have or not. */
function toGroup({ place }: Input, { pattern, told }: Text): Resource {
  return {
    arn: isArn(pattern) ? pattern.replace(/:\*$/, '') : arnOf(place, 'logs', `log-group:${pattern}`),
    exact: told,
  }
}

function toGroups(input: Input): readonly Resource[] {
  return toNames(input).map((name) => {
    const { arn, exact } = toGroup(input, name)
    return { arn: `${arn}:*`, exact }
  })
}

function toStreams(input: Input): readonly Resource[] {
  return toNames(input).flatMap((name) => {
    const { arn, exact } = toGroup(input, name)
    return named(input, 'logStreamName').map(({ pattern }) => ({ arn: `${arn}:log-stream:${pattern}`, exact }))
  })
}

const tags =
  (action: string): Rule =>
  (input) => [
    need(
      `logs:${action}`,
      toNames(input).map((name) => toGroup(input, name)),
    ),
  ]

export const logs: Service = {
  finders: { 'log-group': toGroups, 'log-stream': toStreams },
  rules: {
    GetLogObject: (input) => [need('logs:GetLogRecord', toGroups(input))],
    ListTagsForResource: tags('ListTagsForResource'),
    ListTagsLogGroup: tags('ListTagsLogGroup'),
    TagLogGroup: tags('TagLogGroup'),
    TagResource: tags('TagResource'),
    UntagLogGroup: tags('UntagLogGroup'),
    UntagResource: tags('UntagResource'),
  },
}
