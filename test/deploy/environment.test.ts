// Variables that are handles of parameters and secrets, and what keeps functions warm: in templates, and in what is refused.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toModule } from '../../src/deploy/export/terraform.ts'
import { expression } from '../../src/deploy/export/terraform-values.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Template } from '../../src/deploy/template.ts'
import { complaintsOf, openProject } from '../support/project.ts'
import { problemsOf } from '../support/specification.ts'
import { describedMaking, ofType, propertiesOf } from '../support/template.ts'

async function templateOf(text: string): Promise<Template> {
  await using project = await openProject({ 'app.ts': text })
  return toTemplate(describedMaking(await project.build.discover()))
}

const KEPT = `
import { app, lambda, param, secret } from 'goblet'
export const own = param('own', { value: '100' })
export const shared = param('/shared/host', { existing: true, local: 'localhost' })
export const made = secret('made', { generate: true })
export const theirs = secret('theirs', { existing: true, local: 'sk_test' })
export const foreign = secret('arn:aws:secretsmanager:eu-central-1:210987654321:secret:key-a1b2c3', { local: 'x' })
export default app('kept', { env: { HOST: shared, LIMIT: own } })
export const run = lambda({ env: { LIMIT: '7', MADE: made, THEIRS: theirs, FOREIGN: foreign } }, () => process.env.HOST)
export const other = lambda(() => 1)
`

describe('variables that are handles', () => {
  it('are looked up by CloudFormation, and never in the template', async () => {
    const template = await templateOf(KEPT)
    const variables = (id: string) => {
      const { Environment } = propertiesOf(template, id)
      const { GOBLET_PREFIX, GOBLET_ACCOUNT, GOBLET_QUALIFIER, ...own } = (
        Environment as { Variables: Record<string, unknown> }
      ).Variables
      return own
    }
    assert.deepEqual(variables('FunctionOther'), {
      HOST: '{{resolve:ssm:/shared/host}}',
      LIMIT: { 'Fn::GetAtt': ['ParamOwn', 'Value'] },
    })
    assert.deepEqual(variables('FunctionRun'), {
      FOREIGN:
        '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-central-1:210987654321:secret:key-a1b2c3:SecretString}}',
      HOST: '{{resolve:ssm:/shared/host}}',
      LIMIT: '7',
      MADE: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'SecretMade' }, ':SecretString}}']] },
      THEIRS: '{{resolve:secretsmanager:theirs:SecretString}}',
    })
    assert.deepEqual(await problemsOf(template), [])
    assert.doesNotMatch(JSON.stringify(template), /localhost|sk_test/)
  })

  it('are looked up by Terraform, too', async () => {
    const template = await templateOf(KEPT)
    const { data, resource } = JSON.parse(JSON.stringify(toModule({ app: 'kept', stage: 'dev', template })))
    const { FOREIGN, HOST, MADE, THEIRS } = resource.aws_lambda_function.function_run.environment.variables
    assert.deepEqual(
      [HOST, MADE, THEIRS, FOREIGN],
      [
        expression('data.aws_ssm_parameter.function_run_HOST.value'),
        expression('aws_secretsmanager_secret_version.secret_made.secret_string'),
        expression('data.aws_secretsmanager_secret_version.function_run_THEIRS.secret_string'),
        expression('data.aws_secretsmanager_secret_version.function_run_FOREIGN.secret_string'),
      ],
    )
    const { LIMIT } = resource.aws_lambda_function.function_other.environment.variables
    assert.equal(LIMIT, expression('aws_ssm_parameter.param_own.value'))
    assert.deepEqual(data.aws_ssm_parameter.function_run_HOST, { name: '/shared/host' })
    assert.deepEqual(data.aws_secretsmanager_secret_version.function_run_THEIRS, { secret_id: 'theirs' })
    assert.ok('secret_made' in resource.aws_secretsmanager_secret_version)
    assert.equal(JSON.stringify(resource).includes('{{resolve'), false)
  })

  it('are refused where CloudFormation could not give them', async () => {
    const refused: readonly (readonly [declared: string, complaint: RegExp])[] = [
      ["param('s', { existing: true, type: 'SecureString' })", /BAD_OPTION.*SecureString, which CloudFormation gives/],
      ["secret('s')", /BAD_OPTION.*no value when it is first deployed/],
    ]
    const head = "import { app, bucket, lambda, param, secret } from 'goblet'\nexport default app('kept')\n"
    for (const [declared, complaint] of refused) {
      const text = `${head}export const s = ${declared}\nexport const run = lambda({ env: { KEY: s } }, () => 1)`
      const [first] = await complaintsOf(() => templateOf(text))
      assert.match(`${first?.code} ${first?.message}`, complaint)
    }
    const wrong = `${head}export const b = bucket('b')\nexport const run = lambda({ env: { KEY: b } as never }, () => 1)`
    const [first] = await complaintsOf(() => templateOf(wrong))
    assert.match(`${first?.message} ${first?.mend}`, /holds a reference as KEY.*handles of parameters and secrets/)
  })
})

describe('functions that are kept warm', () => {
  it('have a rule of their own that wakes what is live', async () => {
    const template = await templateOf(`
import { app, lambda, route } from 'goblet'
export default app('warm', { warm: true, stages: { dev: {} } })
export const index = route('GET /', () => 1)
export const often = lambda({ warm: 1 }, () => 1)
export const never = lambda({ warm: false }, () => 1)
`)
    const rules = ofType(template, 'AWS::Events::Rule')
    assert.deepEqual(Object.keys(rules).sort(), ['WarmApi', 'WarmOften'])
    assert.deepEqual(
      [rules.WarmApi, rules.WarmOften].map((one) => one?.Properties?.ScheduleExpression),
      ['rate(5 minutes)', 'rate(1 minute)'],
    )
    assert.deepEqual(rules.WarmApi?.Properties?.Targets, [
      { Id: 'function', Arn: { Ref: 'AliasApi' }, Input: '{"goblet.warm":true}' },
    ])
    assert.deepEqual(propertiesOf(template, 'AllowsWarmApi').SourceArn, { 'Fn::GetAtt': ['WarmApi', 'Arn'] })
    assert.deepEqual(await problemsOf(template), [])
  })

  it('may be so every 1 to 60 minutes', async () => {
    const text = "import { app } from 'goblet'\nexport default app('warm', { warm: 61 })"
    const [first] = await complaintsOf(() => templateOf(text))
    assert.match(`${first?.message} ${first?.mend}`, /`warm` of the app is 61\. It is a whole number from 1 to 60/)
  })
})
