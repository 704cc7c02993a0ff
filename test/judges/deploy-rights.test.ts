// Whoever may do what `goblet doctor --policy` prints may do every call that Goblet makes; and nothing is in it that nobody calls.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { S3 } from '@aws-sdk/client-s3'
import { type Prepared, type Session, withDeployment } from '../../src/cli/deploying/deployment.ts'
import { diagnose } from '../../src/cli/deploying/diagnosis.ts'
import { deploy, removalOf, remove, rollback, statusOf } from '../../src/deploy/index.ts'
import { RIGHTS } from '../../src/deploy/plan/rights-table.ts'
import { openPlace } from '../support/deployed.ts'
import { missing } from '../support/judge.ts'

const APP = `import { app, bucket, lambda, queue, route } from 'goblet'

export default app('shop')
export const photos = bucket('photos')
export const theirs = bucket('theirs', { existing: true })
export const jobs = queue('jobs')
export const index = route('GET /', () => ({ hello: 'world' }))
export const work = jobs.onMessage(() => console.log('one'))
export const look = theirs.onCreated(() => console.log('two'))
`

// Where IAM calls it otherwise. Source: Service Authorization Reference, Amazon S3 and AWS Lambda.
const ACTIONS: Readonly<Record<string, string>> = {
  'S3.HeadBucket': 's3:ListBucket',
  'S3.ListObjectsV2': 's3:ListBucket',
  'S3.ListObjectVersions': 's3:ListBucketVersions',
  'S3.HeadObject': 's3:GetObject',
  'S3.DeleteObjects': 's3:DeleteObject',
  'S3.GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  'S3.PutBucketNotificationConfiguration': 's3:PutBucketNotification',
}
const SERVICES: Readonly<Record<string, string>> = { CloudWatchLogs: 'logs' }

function toAction(name: string): string {
  const [service = '', operation = ''] = name.split('.')
  return ACTIONS[name] ?? `${SERVICES[service] ?? service.toLowerCase()}:${operation}`
}

/** A whole life: deployed, deployed again, other code, taken back, looked at, removed with its data. */
async function live(input: Parameters<typeof withDeployment>[0], change: () => Promise<void>): Promise<Set<string>> {
  const seen = new Set<string>()
  const during = (work: (session: Session, prepared: Prepared) => Promise<unknown>) =>
    withDeployment(input, async (session, prepared) => {
      await work(session, prepared)
      for (const { name } of session.clients.calls) seen.add(toAction(name))
    })
  const by = ({ caller }: Session) => ({ caller, command: 'test', report: () => {} })
  const bring = () => during((session, { deployment }) => deploy(session.clients, deployment, by(session)))
  await bring()
  await bring()
  await change()
  await bring()
  await during((session, { deployment }) =>
    rollback(session.clients, { ...deployment, only: undefined, to: undefined }, by(session)),
  )
  await during((session, { deployment }) => statusOf(session.clients, deployment, { drift: false }))
  await during(async (session, { deployment }) => {
    await removalOf(session.clients, { stack: deployment.stack, data: true })
    await remove(session.clients, { ...deployment, data: true }, by(session))
  })
  // Whoever it is may ask who it is.
  seen.delete('sts:GetCallerIdentity')
  return seen
}

// What a life without accidents does not call: each with what does.
const RARE: ReadonlySet<string> = new Set([
  // A failed rollback; a change set that is refused, empty, or left behind.
  'cloudformation:ContinueUpdateRollback',
  'cloudformation:DeleteChangeSet',
  // `status --drift`.
  'cloudformation:DescribeStackDriftDetectionStatus',
  'cloudformation:DescribeStackResourceDrifts',
  'cloudformation:DetectStackDrift',
  // Tags of the stack, which are part of the call that makes it.
  'cloudformation:TagResource',
  'cloudformation:UntagResource',
  'cloudformation:ListChangeSets',
  // A canary.
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  // `invoke --remote`, `logs --remote`, and settings put right.
  'lambda:InvokeFunction',
  'lambda:UpdateFunctionConfiguration',
  'logs:FilterLogEvents',
  // What DeleteObjects needs where versions are named.
  's3:DeleteObjectVersion',
  // `rollback --to` a version that is not there.
  'lambda:ListVersionsByFunction',
])

test('the policy of doctor allows what is called, and no more', { skip: missing('ministack') }, async () => {
  await using place = await openPlace()
  const project = await place.project('examples/hello')
  const entry = join(project.folder, 'app.ts')
  await writeFile(entry, APP)
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  const s3 = new S3({ endpoint: place.endpoint, region: 'us-east-1', forcePathStyle: true })
  await s3.createBucket({ Bucket: 'shop-dev-theirs-000000000000-us-east-1' })
  s3.destroy()
  const input = { arguments: [], options: { entry, region: 'us-east-1', endpointUrl: place.endpoint } }
  const { rights } = await diagnose({ ...input, options: { ...input.options, data: true } })
  assert.ok(rights !== undefined)
  const called = await live(input, () => project.edit('app.ts', "'one'", "'three'"))
  const allowed = new Set(rights.policy.Statement.flatMap(({ Action }) => Action))
  assert.deepEqual([...called].filter((one) => !allowed.has(one)).sort(), [])
  // CloudFormation's own calls cannot be heard here: they are in the table by type, which has a test.
  const theirs = new Set(Object.values(RIGHTS).flatMap((rights) => rights.flatMap(({ actions }) => actions)))
  const unused = [...allowed].filter((one) => !theirs.has(one) && !called.has(one) && !RARE.has(one))
  assert.deepEqual(unused.sort(), [])
})
