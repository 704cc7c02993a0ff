// One cold start: imports the bundle named by the first argument, wakes it once, and prints what that took.
import { CONTEXT, SCENARIOS, toEvents } from './events.mjs'

const [event] = toEvents(SCENARIOS.static, false)
const start = performance.now()
const { handler } = await import(process.argv[2])
const imported = performance.now()
const { statusCode } = await handler(event, CONTEXT)
const answered = performance.now()
if (statusCode !== 200) throw new Error(`answered ${statusCode}`)
const { userCPUTime, systemCPUTime } = process.resourceUsage()
console.log(
  JSON.stringify({
    load: imported - start,
    first: answered - imported,
    cpu: (userCPUTime + systemCPUTime) / 1000,
  }),
)
process.exit(0)
