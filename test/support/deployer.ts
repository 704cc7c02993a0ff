// A process that deploys: so that it can be killed. Its one argument says what; it tells what became of it in one line of JSON.
import { deploy } from '../../src/deploy/apply/apply.ts'
import { readCanary } from '../../src/deploy/apply/canary.ts'
import { remove } from '../../src/deploy/apply/remove.ts'
import { rollback } from '../../src/deploy/apply/rollback.ts'
import { callerOf } from '../../src/deploy/calls/caller.ts'
import { openClients } from '../../src/deploy/calls/clients.ts'
import { GobletError } from '../../src/errors.ts'
import { type Small, toDeployment } from './deploying.ts'

/** What it is told to do. */
export interface Order {
  readonly does: 'deploy' | 'rollback' | 'remove'
  readonly endpoint: string
  readonly small: Small
  readonly canary?: string
  readonly smoke?: string
  readonly to?: string
  readonly only?: string
  readonly data?: boolean
}

async function obey(order: Order): Promise<unknown> {
  const { does, endpoint, small } = order
  const clients = await openClients({ endpoint, region: small.region ?? 'us-east-1' })
  const caller = await callerOf(clients)
  const notes: unknown[] = []
  const by = { caller, command: `goblet ${does}`, report: (one: unknown) => void notes.push(one) }
  const deployment = await toDeployment(small)
  const { stack, account, functions, app, stage } = deployment
  if (does === 'rollback')
    return { ...(await rollback(clients, { stack, account, functions, only: order.only, to: order.to }, by)), notes }
  if (does === 'remove')
    return { ...(await remove(clients, { app, stage, stack, account, data: order.data ?? false }, by)), notes }
  const stop = new AbortController()
  process.on('SIGINT', () => stop.abort())
  const result = await deploy(clients, deployment, {
    ...by,
    signal: stop.signal,
    canary: order.canary === undefined ? undefined : readCanary(order.canary),
    smoke: order.smoke === undefined ? undefined : () => order.smoke,
  })
  return { ...result, outputs: Object.fromEntries(result.outputs), notes }
}

const order: Order = JSON.parse(process.argv[2] ?? '')
try {
  console.log(JSON.stringify(await obey(order)))
} catch (error) {
  const codes = error instanceof GobletError ? error.complaints.map(({ code }) => code) : ['DEFECT']
  console.log(
    JSON.stringify({
      codes,
      message: error instanceof Error ? (codes[0] === 'DEFECT' ? error.stack : error.message) : String(error),
    }),
  )
  process.exitCode = 1
}
