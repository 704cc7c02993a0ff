// Runs `goblet plan`.
import { worded } from '../../deploy/index.ts'
import { flagOption, type Input } from '../command.ts'
import { complain, printJson } from '../terminal.ts'
import { withDeployment } from './deployment.ts'
import { makePlan, showPlan, toPlanFacts } from './planning.ts'

export const runPlan = (input: Input): Promise<number> =>
  worded(() =>
    withDeployment(input, async (session, prepared) => {
      const planned = await makePlan(input, session, prepared)
      if (flagOption(input, 'json')) printJson(toPlanFacts(planned, session, prepared))
      else {
        showPlan(planned, session, prepared)
        complain(planned.refusals)
      }
      return planned.refusals.length === 0 ? 0 : 1
    }),
  )
