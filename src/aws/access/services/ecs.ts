// ECS: what is named without its cluster is in the default one; running a task hands it the roles of its definition.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, member, named, orUntold, said, type Text, texts } from '../text.ts'
import { toRole } from './pass-role.ts'

/** `family`, `family:3` or an ARN. Of a family alone the newest revision is meant, whichever that is. */
function toDefinitions(input: Input): readonly Resource[] {
  return orUntold(said(input.value, 'family', 'taskDefinition')).map(({ pattern, told }) => {
    const name = pattern.includes(':') || pattern.endsWith('*') ? pattern : `${pattern}:*`
    return { arn: isArn(pattern) ? pattern : arnOf(input.place, 'ecs', `task-definition/${name}`), exact: told }
  })
}

function inCluster(input: Input, type: string, single: string, list: string): readonly Resource[] {
  const given = said(input.value, single, list)
  const clusters = said(input.value, 'cluster')
  const within: readonly Text[] = clusters.length === 0 ? [{ pattern: 'default', told: true }] : clusters
  return given.flatMap(({ pattern, told }) => {
    if (isArn(pattern)) return [{ arn: pattern, exact: told }]
    return within.map((cluster) => {
      const name = isArn(cluster.pattern) ? cluster.pattern.replace(/^.*\//, '') : cluster.pattern
      return { arn: arnOf(input.place, 'ecs', `${type}/${name}/${pattern}`), exact: told || cluster.told }
    })
  })
}

function orEvery({ place }: Input, services: readonly Resource[]): readonly Resource[] {
  return services.length > 0 ? services : [{ arn: arnOf(place, 'ecs', 'service/*/*'), exact: false }]
}

/** The roles of a task are in its definition; those that the call puts in their place are in the call. */
const running: Rule = (input) => {
  const roles = orUntold(
    member(input.value, 'overrides').flatMap((one) => said(one, 'taskRoleArn', 'executionRoleArn')),
  )
  const conditions = { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } }
  return [
    need(
      'iam:PassRole',
      roles.map((role) => toRole(input, role)),
      conditions,
    ),
  ]
}

export const ecs: Service = {
  finders: {
    'task-definition': toDefinitions,
    service: (input) => inCluster(input, 'service', 'service', 'services'),
    task: (input) => inCluster(input, 'task', 'task', 'tasks'),
  },
  aliases: { ClusterName: ['cluster', 'clusters', 'clusterName'], ServiceName: ['serviceName'] },
  besides: { RunTask: running, StartTask: running },
  rules: {
    CreateService: (input) => [
      need('ecs:CreateService', orEvery(input, inCluster(input, 'service', 'serviceName', 'services'))),
      ...(isNamed(input.value, 'role')
        ? [
            need(
              'iam:PassRole',
              named(input, 'role').map((role) => toRole(input, role)),
            ),
          ]
        : []),
    ],
    // The tasks of a cluster: the table knows only those of one machine.
    ListTasks: (input) => [
      need('ecs:ListTasks', [
        { arn: arnOf(input.place, 'ecs', `container-instance/${clusterOf(input)}/*`), exact: true },
      ]),
    ],
  },
}

function clusterOf(input: Input): string {
  const [cluster] = texts(at(input.value, 'cluster'))
  return cluster === undefined ? 'default' : cluster.pattern.replace(/^.*\//, '')
}
