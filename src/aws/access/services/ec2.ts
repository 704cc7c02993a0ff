// EC2: names that differ between ARNs and inputs; machines that get a role; tags, whose resources tell their type by their ids.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
import { arnOf, need, type Rule, type Service } from '../resource.ts'
import { at, isNamed, items, orUntold, texts } from '../text.ts'
import { toRole } from './pass-role.ts'

const tags =
  (action: string): Rule =>
  (input) => {
    const resources = orUntold(texts(items(at(input.value, 'Resources')))).map(({ pattern, told }) => ({
      arn: arnOf(input.place, 'ec2', `*/${pattern}`),
      exact: told,
    }))
    return [need(`ec2:${action}`, resources)]
  }

/** A machine's profile holds a role, which the input does not name. */
const profile: Rule = (input) => {
  if (!isNamed(input.value, 'IamInstanceProfile')) return []
  const conditions = { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } }
  return [need('iam:PassRole', [toRole(input, { pattern: '*', told: false })], conditions)]
}

export const ec2: Service = {
  aliases: {
    SecurityGroupId: ['GroupId', 'GroupIds', 'Groups', 'SecurityGroupIds'],
    SnapshotId: ['SourceSnapshotId', 'SourceSnapshotIds'],
    ImageId: ['SourceImageId'],
    VolumeId: ['SourceVolumeId'],
    VpcFlowLogId: ['FlowLogIds'],
    VpcEndpointServiceId: ['ServiceId', 'ServiceIds'],
    PlacementGroupName: ['GroupName'],
    VpnGatewayId: ['GatewayId'],
  },
  besides: {
    AssociateIamInstanceProfile: profile,
    ReplaceIamInstanceProfileAssociation: profile,
    RunInstances: profile,
  },
  rules: { CreateTags: tags('CreateTags'), DeleteTags: tags('DeleteTags') },
}
