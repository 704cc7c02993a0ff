// The plan of a command, and how it is shown: `plan` ends with it, `deploy` begins with it.
import { deletedOf, type Plan, planOf, readSituation, tasksOf } from '../../deploy/index.ts'
import type { Complaint } from '../../errors.ts'
import { flagOption, type Input } from '../command.ts'
import { toFindings } from '../policy-report.ts'
import { paint, print, warn } from '../terminal.ts'
import { toPlanText, toSummary } from './changes.ts'
import { type Prepared, type Session, toPlaceHead } from './deployment.ts'
import { reviewPermissions } from './review.ts'

export interface Planned {
  readonly plan: Plan
  /** Logical ids of what CloudFormation found to be deleted by another hand; empty where it was not asked. */
  readonly deleted: readonly string[]
  /** What a person should know of permissions. */
  readonly notes: readonly string[]
  /** Why it is not done. */
  readonly refusals: readonly Complaint[]
}

/** Reads what is there, and decides. Changes nothing. */
export async function makePlan(input: Input, { clients }: Session, prepared: Prepared): Promise<Planned> {
  const { deployment, places } = prepared
  const situation = await readSituation(clients, deployment)
  const allowReplace = flagOption(input, 'allowReplace')
  const deleted = flagOption(input, 'drift') ? await deletedOf(clients, deployment.stack) : []
  const tasks = tasksOf(deployment, situation, deleted)
  const plan = planOf(deployment, situation.standing, { places, allowReplace, tasks })
  const { notes, refusals } = reviewPermissions(input, prepared)
  return { plan, deleted, notes, refusals: [...plan.refusals, ...refusals] }
}

/** For people, without the refusals. */
export function showPlan({ plan, notes }: Planned, session: Session, { warnings }: Prepared): void {
  print(toPlaceHead(session, plan.stack))
  for (const line of toFindings({ errors: [], warnings })) warn(line.slice(2))
  for (const line of notes) warn(`${paint('yellow', '!')} ${line}`)
  const text = toPlanText(plan)
  print(text === '' ? `\n${toSummary(plan)}` : `\n${text}\n\n${toSummary(plan)}`)
}

/** For programs. */
export const toPlanFacts = ({ plan, refusals }: Planned, { caller }: Session, { warnings }: Prepared): object => ({
  ...plan,
  refusals,
  warnings,
  caller: caller.arn,
})
