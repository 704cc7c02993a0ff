// Runs `goblet deploy`.
import {
  deploy as apply,
  type Canary,
  type DeployOptions,
  type DeployResult,
  readCanary,
  worded,
} from '../../deploy/index.ts'
import { GobletError, problem } from '../../errors.ts'
import type { Model } from '../../model/index.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { print, printJson } from '../terminal.ts'
import { commandOf, type Prepared, type Session, toPlaceHead, withDeployment } from './deployment.ts'
import { interruptible } from './interrupt.ts'
import { makePlan, showPlan, toPlanFacts } from './planning.ts'
import { openProgress } from './progress.ts'
import { toDoneJson, toDoneText, urlsFrom } from './report.ts'

export function runDeploy(input: Input): Promise<number> {
  const canary = textOption(input, 'canary')
  return worded(async () => {
    // Mistyped, it is told before anything is read.
    const slowly = canary === '' ? undefined : readCanary(canary)
    return withDeployment(input, (session, prepared) => run(input, session, prepared, slowly))
  })
}

async function run(input: Input, session: Session, prepared: Prepared, canary: Canary | undefined): Promise<number> {
  const isJson = flagOption(input, 'json')
  const planned = await makePlan(input, session, prepared)
  if (isJson) printJson({ event: 'plan', ...toPlanFacts(planned, session, prepared) })
  // Where there is nothing to do, the end says so.
  else if (planned.plan.kind === 'nothing') print(toPlaceHead(session, planned.plan.stack))
  else {
    showPlan(planned, session, prepared)
    print()
  }
  if (planned.refusals.length > 0) throw new GobletError(planned.refusals)
  const result = await bring(input, session, prepared, { canary, deleted: planned.deleted })
  const { deployment, model } = prepared
  const done = { result, model, stack: deployment.stack, endpoint: session.clients.endpoint }
  if (isJson) printJson({ event: 'done', ...toDoneJson(done) })
  else print(toDoneText(done))
  return 0
}

async function bring(
  input: Input,
  { clients, caller }: Session,
  { deployment, model, places }: Prepared,
  options: Pick<DeployOptions, 'canary' | 'deleted'>,
): Promise<DeployResult> {
  const view = openProgress(flagOption(input, 'json'))
  const { signal, release } = interruptible(view)
  try {
    return await apply(clients, deployment, {
      caller,
      command: commandOf(deployment.stage, 'deploy'),
      report: view.report,
      signal,
      ...options,
      guarding: { places, allowReplace: flagOption(input, 'allowReplace') },
      smoke: smokeOf(input, model, clients.endpoint),
    })
  } finally {
    view.end()
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
  // By the name that AWS gave it: one's own may not be known everywhere yet.
  const unnamed = { ...model, api: { ...model.api, domain: undefined } }
  return (outputs) => {
    const { api } = urlsFrom(outputs, unnamed, endpoint)
    return api === undefined ? undefined : `${api}${path}`
  }
}
