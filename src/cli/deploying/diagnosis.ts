// What `goblet doctor` looks at: one thing after the other, each with what was found and how to mend it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  artifactBucket,
  CLIENT_PACKAGES,
  type DeployRights,
  isThere,
  toComplaint,
  toDeployRights,
  wholeOf,
} from '../../deploy/index.ts'
import { type Complaint, complaint, GobletError } from '../../errors.ts'
import { resourceArn } from '../../model/index.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { packageRoot } from '../package.ts'
import { type Deployable, openProject } from '../project.ts'
import { openSession, type Session, toPrepared } from './deployment.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found. */
  readonly says: string
  readonly complaints: readonly Complaint[]
}

export interface Diagnosis {
  readonly checks: readonly Check[]
  /** Undefined: the app or the account could not be read. */
  readonly rights: DeployRights | undefined
}

export async function diagnose(input: Input): Promise<Diagnosis> {
  const checks = checkMachine()
  const session = await attempt('credentials', checks, () => openSession(input), describeCaller)
  const project = await attempt(
    'entry',
    checks,
    () => openProject(input),
    () => textOption(input, 'entry', 'app.ts'),
  )
  try {
    if (session !== undefined) {
      checks.push(checkClock(session))
      await attempt(
        'artifact bucket',
        checks,
        () => bucketOf(session),
        (says) => says,
      )
    }
    if (project === undefined) return { checks, rights: undefined }
    // Without credentials the app can still be read.
    const place = Promise.resolve(session?.caller ?? { account: '000000000000', region: 'us-east-1' })
    const app = await attempt('app', checks, () => project.deployable(place), describeApp)
    if (app === undefined || session === undefined) return { checks, rights: undefined }
    const rights = await attempt(
      'code',
      checks,
      () => rightsOf(project.root, session, app, input),
      () => 'packed for Lambda',
    )
    return { checks, rights }
  } finally {
    session?.clients.close()
    await project?.close()
  }
}

/** Notes how it went; undefined where it failed. */
async function attempt<Result>(
  name: string,
  checks: Check[],
  work: () => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result | undefined> {
  try {
    const result = await work()
    checks.push({ name, ok: true, says: describe(result), complaints: [] })
    return result
  } catch (error) {
    const worded = toComplaint(error)
    if (!(worded instanceof GobletError)) throw worded
    checks.push({ name, ok: false, says: 'see below', complaints: worded.complaints })
    return undefined
  }
}

function checkMachine(): Check[] {
  const version = versionIn(new URL('package.json', packageRoot()))
  const require = createRequire(import.meta.url)
  const isMissing = (name: string): boolean => {
    try {
      require.resolve(name)
      return false
    } catch {
      return true
    }
  }
  const clients = CLIENT_PACKAGES.filter(isMissing)
  const lacks = clients.length === 0 ? [] : [complaint('GOBLET_NO_CLIENT', { packages: clients.join(' ') })]
  const builder = isMissing('esbuild') ? 'not installed' : versionIn(require.resolve('esbuild/package.json'))
  return [
    { name: 'goblet', ok: true, says: `${version} on Node ${process.versions.node}`, complaints: [] },
    { name: 'esbuild', ok: builder !== 'not installed', says: builder, complaints: [] },
    {
      name: 'AWS clients',
      ok: lacks.length === 0,
      says: lacks.length === 0 ? 'installed' : 'see below',
      complaints: lacks,
    },
  ]
}

function versionIn(manifest: string | URL): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'))
  return String(version ?? 'unknown')
}

const describeCaller = ({ caller: { arn, account, region } }: Session): string =>
  `${arn} in account ${account}, region ${region}`

function describeApp({ model, bundles }: Deployable): string {
  const size = [...bundles.functions.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  const count = model.functions.length
  return `${model.app}-${model.stage}: ${count} function${count === 1 ? '' : 's'}, ${Math.round(size / 1000)} kB of code`
}

/** Source: "Troubleshoot Signature Version 4 signing": AWS refuses what is signed more than five minutes off. */
const MOST_SKEW = 5 * 60_000

function checkClock({ clients }: Session): Check {
  const skew = clients.skew() ?? 0
  const seconds = Math.round(Math.abs(skew) / 1000)
  const says = seconds < 2 ? "as AWS's" : `${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} AWS's`
  return { name: 'clock', ok: Math.abs(skew) < MOST_SKEW, says, complaints: [] }
}

async function bucketOf({ clients, caller: { account, region } }: Session): Promise<string> {
  const bucket = artifactBucket(account, region)
  return (await isThere(clients, bucket, account)) ? bucket : `${bucket} is made by the first deploy`
}

async function rightsOf(root: string, session: Session, app: Deployable, input: Input): Promise<DeployRights> {
  const { deployment, model } = await toPrepared(root, session, app)
  const { listeners, template, nested } = deployment
  const others = [...new Set(listeners.map(({ bucket }) => bucket))]
  const tables = model.resources.flatMap((one) => {
    const isRead = model.triggers.some((trigger) => trigger.kind === 'table' && trigger.table === one.name)
    return one.kind === 'table' && one.existing && isRead ? [resourceArn(one, model) ?? ''] : []
  })
  const hasZones = [
    model.api.domain,
    ...model.resources.map((one) => (one.kind === 'websocket' ? one.domain : undefined)),
  ].some((domain) => domain !== undefined && domain.zone !== false)
  const parts = nested.size > 0
  return toDeployRights(wholeOf(template, nested), model, {
    ...{ buckets: others, tables, hasZones, parts },
    data: flagOption(input, 'data'),
  })
}
