// `goblet plan`: what a deploy would do. Changes nothing.
import { planOf, readSituation, tasksOf, worded } from '../../deploy/index.ts'
import { APP_OPTIONS, AWS_OPTIONS, type Command, flagOption, JSON_OPTION } from '../command.ts'
import { reviewPermissions } from '../deploy-review.ts'
import { toPlaceHead, withDeployment } from '../deployment.ts'
import { toPlanText, toSummary } from '../plan-report.ts'
import { toFindings } from '../policy-report.ts'
import { complain, paint, print, printJson, warn } from '../terminal.ts'

export const plan: Command = {
  name: 'plan',
  summary: 'show what `goblet deploy` would change on AWS, and who would be allowed what',
  examples: ['goblet plan', 'goblet plan --stage prod --profile production', 'goblet plan --json'],
  arguments: [],
  options: [
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    { flag: '--allow-replace', summary: 'take it that what holds data may be replaced or removed' },
    { flag: '--check-permissions', summary: 'fail on permissions that iam.lock.json does not have' },
    JSON_OPTION,
  ],
  run: (input) =>
    worded(() =>
      withDeployment(input, async (session, prepared) => {
        const situation = await readSituation(session.clients, prepared.deployment)
        const allowReplace = flagOption(input, 'allowReplace')
        const tasks = tasksOf(prepared.deployment, situation)
        const made = planOf(prepared.deployment, situation.standing, { places: prepared.places, allowReplace, tasks })
        const review = reviewPermissions(input, prepared)
        const refusals = [...made.refusals, ...review.refusals]
        if (flagOption(input, 'json')) {
          printJson({ ...made, refusals, warnings: prepared.warnings, caller: session.caller.arn })
        } else {
          print(toPlaceHead(session, prepared.deployment.stack))
          for (const line of toFindings({ errors: [], warnings: prepared.warnings })) warn(line.slice(2))
          for (const line of review.notes) warn(`${paint('yellow', '!')} ${line}`)
          const text = toPlanText(made)
          if (text !== '') print(`\n${text}`)
          print(`\n${toSummary(made)}`)
          complain(refusals)
        }
        return refusals.length === 0 ? 0 : 1
      }),
    ),
}
