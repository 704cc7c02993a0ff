// What differs between a stack and its template, as CloudFormation finds when it looks at every resource.
import type { Clients } from './clients.ts'
import { pause } from './pause.ts'
import { worded } from './refused.ts'
import { readResources, readStack } from './stack.ts'

export interface Drift {
  readonly id: string
  readonly type: string
  readonly name: string
  /** `MODIFIED`, `DELETED`. */
  readonly status: string
  /** Which properties. */
  readonly properties: readonly string[]
}

/**
 * Logical ids of what another hand deleted, in the stack and in its parts. It takes minutes where there is much: CloudFormation
 * asks for each resource by itself.
 */
export function deletedOf(clients: Clients, stack: string): Promise<string[]> {
  return worded(async () => {
    const state = await readStack(clients, stack)
    if (state === undefined || state.status === 'REVIEW_IN_PROGRESS') return []
    return (await driftOf(clients, state.id)).flatMap(({ id, status }) => (status === 'DELETED' ? [id] : []))
  })
}

/** What deploy itself moves is no drift. */
export async function driftOf(clients: Clients, stackId: string): Promise<Drift[]> {
  // Source: "Detect unmanaged configuration changes": nested stacks are not looked into.
  const parts = (await readResources(clients, stackId)).filter((one) => one.type === 'AWS::CloudFormation::Stack')
  const ids = [stackId, ...parts.flatMap(({ physicalId }) => (physicalId === '' ? [] : [physicalId]))]
  return (await Promise.all(ids.map((id) => driftOfOne(clients, id)))).flat()
}

async function driftOfOne({ cloudformation }: Clients, stackId: string): Promise<Drift[]> {
  const { StackDriftDetectionId } = await cloudformation.detectStackDrift({ StackName: stackId })
  for (;;) {
    const { DetectionStatus } = await cloudformation.describeStackDriftDetectionStatus({ StackDriftDetectionId })
    if (DetectionStatus !== 'DETECTION_IN_PROGRESS') break
    await pause(2000, undefined, () => new Error('never'))
  }
  const found: Drift[] = []
  let token: string | undefined
  do {
    const page = await cloudformation.describeStackResourceDrifts({
      StackName: stackId,
      StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
      NextToken: token,
    })
    for (const one of page.StackResourceDrifts ?? []) {
      const { LogicalResourceId: id = '', ResourceType: type = '', PhysicalResourceId: name = '' } = one
      const paths = (one.PropertyDifferences ?? []).flatMap(({ PropertyPath }) => PropertyPath ?? [])
      const properties = paths.filter((path) => !(OURS[type] ?? []).some((ours) => path.startsWith(ours)))
      if (one.StackResourceDriftStatus === 'DELETED' || properties.length > 0)
        found.push({ id, type, name, status: one.StackResourceDriftStatus ?? '', properties })
    }
    token = page.NextToken
  } while (token !== undefined && token !== '')
  return found
}

const OURS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Alias': ['/FunctionVersion', '/Description', '/RoutingConfig'],
  'AWS::Lambda::Function': ['/Code'],
  'AWS::S3::Bucket': ['/NotificationConfiguration'],
}
