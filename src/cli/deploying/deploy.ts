// Runs `goblet deploy`.
import {
  deploy as apply,
  type DeployOptions,
  planOf,
  readCanary,
  readSituation,
  tasksOf,
  toComplaint,
  worded,
} from '../../deploy/index.ts'
import { GobletError, problem } from '../../errors.ts'
import type { Model } from '../../model/index.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { toFindings } from '../policy-report.ts'
import { paint, print, printJson, warn } from '../terminal.ts'
import { toPlanText, toSummary } from './changes.ts'
import { commandOf, type Prepared, type Session, toPlaceHead, withDeployment } from './deployment.ts'
import { interruptible } from './interrupt.ts'
import { openProgress } from './progress.ts'
import { toDoneJson, toDoneText, urlsFrom } from './report.ts'
import { reviewPermissions } from './review.ts'

export function runDeploy(input: Input): Promise<number> {
  const canary = textOption(input, 'canary')
  return worded(async () => {
    // Mistyped, it is told before anything is read.
    const slowly = canary === '' ? undefined : readCanary(canary)
    return withDeployment(input, (session, prepared) => run(input, session, prepared, slowly))
  })
}

async function run(
  input: Input,
  session: Session,
  prepared: Prepared,
  canary: DeployOptions['canary'],
): Promise<number> {
  const isJson = flagOption(input, 'json')
  const { clients, caller } = session
  const { deployment, model, places } = prepared
  const situation = await readSituation(clients, deployment)
  const tasks = tasksOf(deployment, situation)
  const allowReplace = flagOption(input, 'allowReplace')
  const plan = planOf(deployment, situation.standing, { places, allowReplace, tasks })
  const review = reviewPermissions(input, prepared)
  const refusals = [...plan.refusals, ...review.refusals]
  if (isJson) printJson({ event: 'plan', ...plan, refusals, warnings: prepared.warnings, caller: caller.arn })
  else {
    print(toPlaceHead(session, deployment.stack))
    for (const line of toFindings({ errors: [], warnings: prepared.warnings })) warn(line.slice(2))
    for (const line of review.notes) warn(`${paint('yellow', '!')} ${line}`)
    const text = toPlanText(plan)
    if (text !== '') print(`\n${text}\n\n${toSummary(plan)}\n`)
  }
  if (refusals.length > 0) throw new GobletError(refusals)
  const view = openProgress(isJson)
  const { signal, release } = interruptible(view)
  try {
    const result = await apply(clients, deployment, {
      caller,
      command: commandOf(deployment.stage, 'deploy'),
      report: view.report,
      signal,
      canary,
      guarding: { places, allowReplace },
      smoke: smokeOf(input, model, clients.endpoint),
    })
    view.end()
    const done = { result, model, stack: deployment.stack, endpoint: clients.endpoint }
    if (isJson) printJson({ event: 'done', ...toDoneJson(done) })
    else print(toDoneText(done))
    return 0
  } catch (error) {
    view.end()
    throw toComplaint(error)
  } finally {
    release()
  }
}

function smokeOf(input: Input, model: Model, endpoint: string | undefined): DeployOptions['smoke'] {
  if (input.options.smoke === false) return undefined
  const asked = textOption(input, 'smoke')
  if (asked !== '' && !asked.startsWith('/'))
    throw problem('GOBLET_USAGE', {
      problem: `${asked} is no path.`,
      mend: 'A path begins with a slash: --smoke /health.',
    })
  const hasIndex = model.triggers.some(
    (one) =>
      one.kind === 'http' &&
      one.path === '/' &&
      (one.method === 'GET' || one.method === 'ANY') &&
      one.auth.kind === 'none' &&
      !one.apiKey,
  )
  const path = asked !== '' ? asked : hasIndex ? '/' : undefined
  if (path === undefined) return undefined
  return (outputs) => {
    const { api } = urlsFrom(outputs, model, endpoint)
    return api === undefined ? undefined : `${api}${path}`
  }
}
