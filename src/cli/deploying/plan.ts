// Runs `goblet plan`.
import { planOf, readSituation, tasksOf, worded } from '../../deploy/index.ts'
import { flagOption, type Input } from '../command.ts'
import { toFindings } from '../policy-report.ts'
import { complain, paint, print, printJson, warn } from '../terminal.ts'
import { toPlanText, toSummary } from './changes.ts'
import { toPlaceHead, withDeployment } from './deployment.ts'
import { reviewPermissions } from './review.ts'

export const runPlan = (input: Input): Promise<number> =>
  worded(() =>
    withDeployment(input, async (session, prepared) => {
      const { deployment, places, warnings } = prepared
      const situation = await readSituation(session.clients, deployment)
      const tasks = tasksOf(deployment, situation)
      const allowReplace = flagOption(input, 'allowReplace')
      const plan = planOf(deployment, situation.standing, { places, allowReplace, tasks })
      const review = reviewPermissions(input, prepared)
      const refusals = [...plan.refusals, ...review.refusals]
      if (flagOption(input, 'json')) {
        printJson({ ...plan, refusals, warnings, caller: session.caller.arn })
      } else {
        print(toPlaceHead(session, deployment.stack))
        for (const line of toFindings({ errors: [], warnings })) warn(line.slice(2))
        for (const line of review.notes) warn(`${paint('yellow', '!')} ${line}`)
        const text = toPlanText(plan)
        if (text !== '') print(`\n${text}`)
        print(`\n${toSummary(plan)}`)
        complain(refusals)
      }
      return refusals.length === 0 ? 0 : 1
    }),
  )
