// The check list against goblet, MiniStack and moto, by the SDK and boto3: node scripts/checks.mjs [--target goblet|ministack|moto|URL] [--client sdk|boto3] [id…]
import { register } from 'tsx/esm/api'

register()
const { runChecks } = await import('../test/checks/run.ts')
await runChecks(process.argv.slice(2))
