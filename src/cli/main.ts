// The goblet command. Every command is a file of data below commands/; what it needs is loaded when it runs.
import { readFileSync } from 'node:fs'
import { clock } from './commands/clock.ts'
import { remover } from './commands/delete.ts'
import { deploy } from './commands/deploy.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { env } from './commands/env.ts'
import { image } from './commands/image.ts'
import { importing } from './commands/import.ts'
import { invoke } from './commands/invoke.ts'
import { logs } from './commands/logs.ts'
import { create } from './commands/new.ts'
import { openapi } from './commands/openapi.ts'
import { packaging } from './commands/package.ts'
import { pipeline } from './commands/pipeline.ts'
import { plan } from './commands/plan.ts'
import { policy } from './commands/policy.ts'
import { rollback } from './commands/rollback.ts'
import { routes } from './commands/routes.ts'
import { send } from './commands/send.ts'
import { status } from './commands/status.ts'
import { url } from './commands/url.ts'
import { ws } from './commands/ws.ts'
import { packageRoot } from './package.ts'
import { runProgram } from './program.ts'

const COMMANDS = [
  create,
  dev,
  invoke,
  send,
  ws,
  logs,
  clock,
  plan,
  deploy,
  rollback,
  status,
  url,
  remover,
  doctor,
  routes,
  policy,
  openapi,
  importing,
  packaging,
  pipeline,
  image,
  env,
]

const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as { version: string }

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

// Not process.exit: what is still being written to a pipe must arrive.
process.exitCode = await runProgram(COMMANDS, version, process.argv.slice(2))
