// Pipelines of large apps: their templates go without a bucket where they can, and say so where they cannot.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PIPELINES } from '../../src/deploy/pipeline/pipelines.ts'
import type { PipelineRights } from '../../src/deploy/pipeline/policies.ts'
import type { PipelineProject } from '../../src/deploy/pipeline/project.ts'

const PROJECT: PipelineProject = {
  app: 'shop',
  stage: 'prod',
  branch: 'main',
  region: 'eu-central-1',
  node: '24',
  folder: '',
  entry: 'app.ts',
  installer: 'npm',
  locked: true,
  lockedStage: undefined,
}

const rightsOf = (count: number): PipelineRights => {
  const deploy = Array.from({ length: count }, (_, index) => ({
    Effect: 'Allow' as const,
    Action: [`sqs:CreateQueue${index}`],
    Resource: [`arn:aws:sqs:xx-nowhere-1:000000000000:shop-prod-${'x'.repeat(60)}-${index}`],
  }))
  return { deploy, plan: deploy, preview: deploy, unknown: [] }
}

for (const [count, needsBucket] of [
  [10, false],
  [70, false],
  [100, true],
] as const)
  test(`the roles of ${count} statements each ${needsBucket ? 'go by a bucket' : 'need none'}`, () => {
    const { files, steps } = PIPELINES.github(PROJECT, rightsOf(count))
    const text = files.find(({ path }) => path.endsWith('.json'))?.text ?? ''
    assert.equal(text.length > 51_200, needsBucket)
    assert.equal(steps.join('\n').includes('--s3-bucket BUCKET'), needsBucket)
    const { Resources } = JSON.parse(text)
    for (const role of ['PlanRole', 'PreviewRole', 'DeployRole']) {
      const policies = Object.keys(Resources).filter((id) => id.startsWith(`${role}Policy`))
      assert.deepEqual(
        Resources[role].Properties.ManagedPolicyArns,
        policies.map((id) => ({ Ref: id })),
      )
      const statements = policies.flatMap((id) => Resources[id].Properties.PolicyDocument.Statement)
      assert.equal(statements.length, count)
    }
  })

test('one statement that no policy can hold is made several', () => {
  const actions = Array.from({ length: 400 }, (_, index) => `dynamodb:SomeAction${index}`)
  const wide = [{ Effect: 'Allow' as const, Action: actions, Resource: ['*'] }]
  const { files } = PIPELINES.codepipeline(PROJECT, { deploy: wide, plan: wide, preview: wide, unknown: [] })
  const { Resources } = JSON.parse(files[0]?.text ?? '{}')
  const policies = Object.keys(Resources).filter((id) => id.startsWith('DeployRolePolicy'))
  const documents = policies.map((id) => Resources[id].Properties.PolicyDocument)
  for (const one of documents) assert.ok(JSON.stringify(one).length <= 6144)
  assert.deepEqual(
    documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }: { Action: string[] }) => Action)),
    actions,
  )
})

test('pnpm and yarn install by their own lock files', () => {
  for (const [installer, install] of [
    ['pnpm', 'pnpm install --frozen-lockfile'],
    ['yarn', 'yarn install --immutable'],
  ] as const) {
    const { files } = PIPELINES.github({ ...PROJECT, installer }, rightsOf(1))
    const text = files[0]?.text ?? ''
    assert.match(text, new RegExp(`corepack enable[\\s\\S]*cache: ${installer}[\\s\\S]*run: ${install}`))
    assert.match(text, installer === 'pnpm' ? /pnpm exec goblet deploy/ : /yarn run goblet deploy/)
  }
})
