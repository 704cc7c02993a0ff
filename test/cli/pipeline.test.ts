// `goblet pipeline`: what is written, where, and what it may do.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'

const APP = `import { app, bucket, lambda, queue, route, table } from 'goblet'
export default app('shop', { stages: { prod: { memory: 512 } } })
export const jobs = queue('jobs')
export const notes = table('notes', { key: 'id' })
export const photos = bucket('photos')
export const theirs = bucket('theirs', { existing: true })
export const came = theirs.onCreated(() => {})
export const index = route('GET /', () => 'ok')
export const work = lambda(() => 1)
`

const folder = folderOf({
  'apps/shop/app.ts': APP,
  'apps/shop/package-lock.json': '{}',
  'apps/shop/iam.lock.json': '{"version":1,"stage":"dev","functions":{},"warnings":{}}',
})
mkdirSync(join(folder, '.git'))
after(() => rmSync(folder, { recursive: true, force: true }))
const root = join(folder, 'apps/shop')
const run = (...words: string[]) => goblet(['pipeline', ...words], { cwd: root, env: { AWS_REGION: 'eu-central-1' } })

interface Made {
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: a template as JSON has it, of which each test asks something else
  readonly Properties: any
}

const make = async (kind: string): Promise<Map<string, string>> => {
  const { status, out, err } = await run(kind, '--json')
  assert.equal(status, 0, err)
  const { files }: Made = JSON.parse(out)
  return new Map(files.map(({ path, text }) => [path, text]))
}

const resourcesOf = (text = ''): Record<string, Resource> => JSON.parse(text).Resources

const statementsOf = (resources: Record<string, Resource>, role: string) =>
  Object.entries(resources)
    .filter(([id]) => id.startsWith(`${role}Policy`))
    .flatMap(([, one]) => one.Properties.PolicyDocument.Statement)

test('for GitHub: a workflow at the repository’s root, of the app’s folder, with no more rights than each job needs', async () => {
  const files = await make('github')
  assert.deepEqual([...files.keys()], ['.github/workflows/deploy-shop.yml', 'apps/shop/pipeline/github-roles.json'])
  const text = files.get('.github/workflows/deploy-shop.yml') ?? ''
  assert.match(text, /^permissions: \{\}$/m)
  assert.match(text, /^ {4}working-directory: 'apps\/shop'$/m)
  assert.match(text, /paths: \['apps\/shop\/\*\*'\]/)
  assert.match(text, /cache-dependency-path: 'apps\/shop\/package-lock\.json'/)
  assert.match(text, /goblet policy --check --stage dev/)
  assert.match(text, /goblet deploy --stage prod --check-permissions/)
  assert.match(text, /goblet delete --stage "\$STAGE" --data --yes/)
  assert.match(text, /AWS_REGION: eu-central-1/)
  for (const [, used = ''] of text.matchAll(/uses: (\S+)/g)) assert.match(used, /^[\w-]+\/[\w-]+@v\d+$/)
  // What somebody else may write (titles, branches, names) stands in no command.
  for (const [, asked = ''] of text.matchAll(/\$\{\{ ([^}]+) \}\}/g))
    assert.match(asked, /^(vars\.GOBLET_\w+|env\.AWS_REGION|github\.token|github\.event\.number)$/)
  assert.equal(/secrets\.|AKIA|aws-secret|aws-access-key/.test(text), false)
  assert.equal(text.match(/id-token: write/g)?.length, 4)
  assert.equal(text.match(/cancel-in-progress: false/g)?.length, 3)
})

test('its roles: only that repository, only that branch; plans read, previews have stages of their own', async () => {
  const resources = resourcesOf((await make('github')).get('apps/shop/pipeline/github-roles.json'))
  const subject = (role: string) =>
    resources[role]?.Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[
      'token.actions.githubusercontent.com:sub'
    ]['Fn::Sub']
  const repository = `repo:\${Repository}`
  assert.equal(subject('PlanRole'), `${repository}:pull_request`)
  assert.equal(subject('PreviewRole'), `${repository}:pull_request`)
  assert.equal(subject('DeployRole'), `${repository}:ref:refs/heads/main`)
  const [plan, preview, deploy] = ['PlanRole', 'PreviewRole', 'DeployRole'].map((role) => statementsOf(resources, role))
  for (const { Action } of plan ?? []) for (const one of Action) assert.match(one, /^\w+:(Describe|Get|List)\w+$/)
  for (const needed of [
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'lambda:GetAlias',
    'logs:DescribeLogGroups',
  ])
    assert.ok(
      plan?.some(({ Action }) => Action.includes(needed)),
      needed,
    )
  assert.ok(JSON.stringify(preview).includes('shop-pr-*'))
  assert.equal(JSON.stringify(preview).includes('shop-prod'), false)
  // Only previews go with their data.
  const empties = (all: typeof deploy) => all?.some(({ Action }) => Action.includes('s3:DeleteObjectVersion'))
  assert.deepEqual([empties(preview), empties(deploy)], [true, false])
  assert.ok(deploy?.some(({ Action }) => Action.includes('lambda:UpdateFunctionCode')))
  for (const { Action, Resource } of [...(preview ?? []), ...(deploy ?? [])]) {
    assert.equal(
      Action.some((one: string) => one.includes('*')),
      false,
    )
    const changes = Action.some((one: string) => !/:(Describe|Get|List)/.test(one))
    if (changes && Resource.includes('*'))
      assert.match(Action.join(), /^(apigateway|lambda|xray|cloudfront|ec2|route53|acm|logs):/)
  }
  assert.equal(/000000000000|nowhere/.test(JSON.stringify(resources)), false)
})

test('of every pipeline no policy is longer than IAM takes', async () => {
  for (const [kind, path] of [
    ['github', 'apps/shop/pipeline/github-roles.json'],
    ['codepipeline', 'apps/shop/pipeline/codepipeline.json'],
  ] as const) {
    const resources = resourcesOf((await make(kind)).get(path))
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type === 'AWS::IAM::ManagedPolicy') assert.ok(JSON.stringify(Properties.PolicyDocument).length < 6800)
      if (Type === 'AWS::IAM::Role') assert.ok((Properties.ManagedPolicyArns ?? []).length <= 10)
    }
  }
})

test('for CodePipeline: pushes queue, the plan may not deploy, and an approval can be asked for', async () => {
  const files = await make('codepipeline')
  const resources = resourcesOf(files.get('apps/shop/pipeline/codepipeline.json'))
  const { Properties } = resources.Pipeline ?? { Properties: {} }
  assert.equal(Properties.ExecutionMode, 'QUEUED')
  assert.deepEqual(
    Properties.Stages.map((one: Record<string, unknown[]>) => one.Name ?? one['Fn::If']?.[0]),
    ['Source', 'Plan', 'NeedsApproval', 'Deploy'],
  )
  assert.equal(resources.PlanProject?.Properties.Source.BuildSpec, 'apps/shop/pipeline/buildspec.yml')
  assert.equal(
    statementsOf(resources, 'PlanRole').some(({ Action }) =>
      Action.some((one: string) => /Update|Create|Delete/.test(one)),
    ),
    false,
  )
  assert.match(files.get('apps/shop/pipeline/buildspec.yml') ?? '', /- 'cd apps\/shop'\n {6}- 'npm ci'/)
})

test('--write writes once, and never over what is another one', async () => {
  const first = await run('github', '--write')
  assert.equal(first.status, 0, first.err)
  const file = join(folder, '.github/workflows/deploy-shop.yml')
  assert.ok(existsSync(file) && existsSync(join(root, 'pipeline/github-roles.json')))
  assert.match(first.out, /gh variable set GOBLET_DEPLOY_ROLE/)
  assert.equal((await run('github', '--write')).status, 0)
  writeFileSync(file, '# mine')
  const again = await run('github', '--write')
  assert.deepEqual([again.status, readFileSync(file, 'utf8')], [2, '# mine'])
  assert.match(again.err, /deploy-shop\.yml is there already/)
})

test('what is wrong is told: no such pipeline, no region', async () => {
  const [kind, region] = await Promise.all([
    run('githb'),
    goblet(['pipeline', 'github'], { cwd: root, env: { AWS_REGION: '', AWS_DEFAULT_REGION: '' } }),
  ])
  assert.deepEqual([kind.status, /Did you mean github\?/.test(kind.err)], [2, true])
  assert.deepEqual([region.status, /GOBLET_NO_REGION/.test(region.err)], [1, true])
})

test('every command that a pipeline runs is one, with options that it has', async () => {
  const told = new Map<string, Set<string>>()
  for (const kind of ['github', 'codepipeline'])
    for (const text of (await make(kind)).values())
      for (const [, name = '', rest = ''] of text.matchAll(
        /(?:npx|pnpm|yarn|bunx)[\w -]* goblet ([a-z]+)([^;|&}\n\\]*)/g,
      ))
        for (const [flag] of rest.matchAll(/--[a-z-]+/g)) told.set(name, (told.get(name) ?? new Set()).add(flag))
  assert.deepEqual([...told.keys()].sort(), ['delete', 'deploy', 'plan', 'policy', 'url'])
  for (const [name, flags] of told) {
    const { out } = await goblet([name, '--help'], { cwd: root })
    for (const flag of flags) assert.match(out, new RegExp(`^ +${flag}\\b`, 'm'), `goblet ${name} has ${flag}`)
  }
})
