// The reads of CloudFormation: the app as one stack, for tools that look around.
import { readText } from '../../../aws/protocol/body.ts'
import type { Form } from '../../../aws/protocol/query.ts'
import { answerQuery, fieldOf, listNode, type QueryAction } from '../../../aws/protocol/query-actions.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { guardedBy, type Service } from '../../service.ts'

export interface StackFacts {
  readonly name: string
  readonly id: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly resources: readonly {
    readonly logicalId: string
    readonly physicalId: string
    /** `AWS::SQS::Queue`. */
    readonly type: string
  }[]
}

export interface CloudFormationGround {
  /** Undefined until an app has been read. */
  stack(): StackFacts | undefined
  /** Milliseconds since 1970 at which the local cloud began to run. */
  readonly since: number
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'
const LARGEST_BODY = 1024 * 1024

/** Opens the service. */
export function openCloudFormation(ground: CloudFormationGround): Service {
  const actions = toActions(ground)
  return {
    handle: async (request) => {
      const { id, query, body } = request
      const text = await readText(body, LARGEST_BODY)
      return answerQuery(
        { id, query, text },
        { namespace: NAMESPACE, actions, ...guardedBy(request, 'cloudformation') },
      )
    },
  }
}

const toActions = (ground: CloudFormationGround): ReadonlyMap<string, QueryAction> =>
  new Map<string, QueryAction>([
    [
      'DescribeStacks',
      (form) => [
        listNode(
          'Stacks',
          find(form, ground).map((one) => toStack(one, ground)),
        ),
      ],
    ],
    [
      'ListStacks',
      (form) => [
        listNode(
          'StackSummaries',
          listed(form, ground).map((one) => toSummary(one, ground)),
        ),
      ],
    ],
    ['DescribeStackResources', (form) => [listNode('StackResources', toResources(form, ground, 'Timestamp'))]],
    [
      'ListStackResources',
      (form) => [listNode('StackResourceSummaries', toResources(form, ground, 'LastUpdatedTimestamp'))],
    ],
    [
      'DescribeStackResource',
      (form) => [['StackResourceDetail', toResources(form, ground, 'LastUpdatedTimestamp')[0]]],
    ],
    ['DescribeStackEvents', (form) => [listNode('StackEvents', noneOf(find(form, ground)))]],
    ['ListExports', () => [listNode('Exports', [])]],
  ])

// Nothing ever happened to the stack; one that is not there is refused before.
const noneOf = (_stacks: readonly StackFacts[]): XmlNodes[] => []

function find(form: Form, { stack }: CloudFormationGround): StackFacts[] {
  const name = fieldOf(form, 'StackName')
  const found = stack()
  if (name === undefined) return found === undefined ? [] : [found]
  if (found === undefined || (name !== found.name && name !== found.id))
    throw new ServiceError('ValidationError', `Stack with id ${name} does not exist`)
  return [found]
}

const STATUS = 'CREATE_COMPLETE'

function listed(form: Form, ground: CloudFormationGround): StackFacts[] {
  const wanted = JSON.stringify(form.StackStatusFilter ?? '')
  return wanted === '""' || wanted.includes(`"${STATUS}"`) ? find({}, ground) : []
}

const toDate = ({ since }: CloudFormationGround): string => new Date(since).toISOString()

const toSummary = ({ id, name, description }: StackFacts, ground: CloudFormationGround): XmlNodes => [
  ['StackId', id],
  ['StackName', name],
  ['TemplateDescription', description],
  ['CreationTime', toDate(ground)],
  ['StackStatus', STATUS],
  ['DriftInformation', [['StackDriftStatus', 'NOT_CHECKED']]],
]

const toStack = ({ id, name, description, tags, outputs }: StackFacts, ground: CloudFormationGround): XmlNodes => [
  ['StackId', id],
  ['StackName', name],
  ['Description', description],
  ['CreationTime', toDate(ground)],
  ['RollbackConfiguration', ''],
  ['StackStatus', STATUS],
  ['DisableRollback', false],
  ['NotificationARNs', ''],
  listNode('Capabilities', []),
  listNode('Outputs', pairs(outputs, 'OutputKey', 'OutputValue')),
  listNode('Tags', pairs(tags, 'Key', 'Value')),
  ['EnableTerminationProtection', false],
  ['DriftInformation', [['StackDriftStatus', 'NOT_CHECKED']]],
]

const pairs = (of: Readonly<Record<string, string>>, key: string, value: string): XmlNodes[] =>
  Object.entries(of).map(
    ([name, text]): XmlNodes => [
      [key, name],
      [value, text],
    ],
  )

function toResources(form: Form, ground: CloudFormationGround, time: string): XmlNodes[] {
  const wanted = fieldOf(form, 'LogicalResourceId')
  const physical = fieldOf(form, 'PhysicalResourceId')
  const stacks = fieldOf(form, 'StackName') === undefined && physical === undefined ? [] : find(form, ground)
  const found = stacks.flatMap((stack) =>
    stack.resources
      .filter((one) => wanted === undefined || one.logicalId === wanted)
      .filter((one) => physical === undefined || one.physicalId === physical)
      .map(
        ({ logicalId, physicalId, type }): XmlNodes => [
          ['StackName', stack.name],
          ['StackId', stack.id],
          ['LogicalResourceId', logicalId],
          ['PhysicalResourceId', physicalId],
          ['ResourceType', type],
          [time, toDate(ground)],
          ['ResourceStatus', STATUS],
          ['DriftInformation', [['StackResourceDriftStatus', 'NOT_CHECKED']]],
        ],
      ),
  )
  if (found.length > 0 || wanted === undefined) return found
  throw new ServiceError('ValidationError', `Resource ${wanted} does not exist for stack ${fieldOf(form, 'StackName')}`)
}
