// Change sets: how every change of a stack is first asked for, then made.
import { randomUUID } from 'node:crypto'
import type { Change, DescribeChangeSetCommandOutput } from '@aws-sdk/client-cloudformation'
import { problem } from '../../errors.ts'
import type { Clients } from '../calls/clients.ts'
import { pause } from '../calls/pause.ts'
import { isMissingStack, isRefused } from '../calls/refused.ts'

/** Where CloudFormation gets the template from: small ones go with the call. */
export type TemplateSource = { readonly TemplateBody: string } | { readonly TemplateURL: string }

export interface Asked {
  readonly stack: string
  readonly isNew: boolean
  readonly source: TemplateSource
  readonly tags: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

export interface ChangeSet {
  /** Its ARN. */
  readonly id: string
  readonly stackId: string
  readonly changes: readonly Change[]
}

const PREFIX = 'goblet-'
const PAUSES = [100, 300, 500, 1000, 2000, 3000]

/** Asks what would change; undefined: nothing. Throws GOBLET_CHANGES_REFUSED. */
export async function askForChanges(clients: Clients, asked: Asked): Promise<ChangeSet | undefined> {
  const { cloudformation } = clients
  const { stack, isNew, source, tags, signal } = asked
  const name = `${PREFIX}${randomUUID()}`
  await forgetChanges(clients, stack)
  try {
    await cloudformation.createChangeSet({
      StackName: stack,
      ChangeSetName: name,
      ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
      ...source,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      // What a deleted stack left behind, because it holds data, comes back into the new one.
      ImportExistingResources: true,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ClientToken: name,
      Description: 'goblet deploy',
    })
  } catch (error) {
    // The name is this call's own: its first answer was lost.
    if (!isRefused(error, 'AlreadyExistsException')) throw refusal(error, stack)
  }
  for (let turn = 0; ; turn++) {
    const answer = await cloudformation.describeChangeSet({ StackName: stack, ChangeSetName: name })
    if (answer.Status === 'CREATE_COMPLETE') return toChangeSet(answer, await furtherChanges(clients, answer))
    if (answer.Status === 'FAILED') {
      await cloudformation.deleteChangeSet({ StackName: stack, ChangeSetName: answer.ChangeSetId ?? name })
      const reason = answer.StatusReason ?? ''
      if (NO_CHANGE.test(reason)) return undefined
      throw problem('GOBLET_CHANGES_REFUSED', { stack, reason })
    }
    await pause(PAUSES[Math.min(turn, PAUSES.length - 1)] ?? 3000, signal, () =>
      problem('GOBLET_DEPLOY_STOPPED', { stack, state: 'nothing was changed' }),
    )
  }
}

// What a deploy asked for that died before it was made: whoever holds the stack knows that nobody waits for it.
async function forgetChanges({ cloudformation }: Clients, stack: string): Promise<void> {
  const answer = await cloudformation.listChangeSets({ StackName: stack }).catch((error) => {
    if (isMissingStack(error)) return undefined
    throw error
  })
  for (const { ChangeSetId, ChangeSetName, ExecutionStatus: status } of answer?.Summaries ?? [])
    if (ChangeSetName?.startsWith(PREFIX) && (status === 'AVAILABLE' || status === 'UNAVAILABLE'))
      await cloudformation.deleteChangeSet({ StackName: stack, ChangeSetName: ChangeSetId })
}

// CloudFormation User Guide, "Change sets": one without changes is told as failed, and by these words only.
const NO_CHANGE = /didn't contain changes|no updates are to be performed/i

function refusal(error: unknown, stack: string): unknown {
  return isRefused(error, 'ValidationError') && !/does not exist|IN_PROGRESS|expired/i.test(error.message)
    ? problem('GOBLET_CHANGES_REFUSED', { stack, reason: error.message })
    : error
}

async function furtherChanges(
  { cloudformation }: Clients,
  { ChangeSetId, NextToken, Changes = [] }: DescribeChangeSetCommandOutput,
): Promise<Change[]> {
  const changes = [...Changes]
  let token = NextToken
  while (token !== undefined && token !== '') {
    const page = await cloudformation.describeChangeSet({ ChangeSetName: ChangeSetId, NextToken: token })
    changes.push(...(page.Changes ?? []))
    token = page.NextToken
  }
  return changes
}

const toChangeSet = (answer: DescribeChangeSetCommandOutput, changes: readonly Change[]): ChangeSet => ({
  id: answer.ChangeSetId ?? '',
  stackId: answer.StackId ?? '',
  changes,
})

/** Makes them; who waits for the end follows the stack. */
export async function makeChanges({ cloudformation }: Clients, { id }: ChangeSet): Promise<void> {
  try {
    await cloudformation.executeChangeSet({ ChangeSetName: id, ClientRequestToken: randomUUID() })
  } catch (error) {
    if (!isRefused(error, 'InvalidChangeSetStatus', 'InvalidChangeSetStatusException')) throw error
    const { ExecutionStatus } = await cloudformation.describeChangeSet({ ChangeSetName: id })
    // The first answer was lost: it is being made.
    if (!ExecutionStatus?.startsWith('EXECUTE_')) throw error
  }
}
