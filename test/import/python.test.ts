// Chalice and Zappa projects are imported: every declaration with its options, as a stand-in that says what it waits for.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { importProject } from '../../src/import/index.ts'
import { start } from '../../src/testing/index.ts'
import { folderOf, writeFiles } from '../support/command.ts'

function imported(files: Readonly<Record<string, string>>, given = '', stage?: string) {
  const folder = folderOf(files)
  const { made } = importProject(join(folder, given), stage)
  writeFiles(folder, made.files)
  const lines = made.findings.map(
    ({ outcome, where, subject, says }) => `${outcome} ${where.file}:${where.line} ${subject}: ${says}`,
  )
  return { folder, text: made.files['app.ts'] ?? '', lines }
}

const holds = (text: string, pieces: readonly string[]): void => {
  for (const piece of pieces) assert.ok(text.includes(piece), `${piece}\nis not in\n${text}`)
}

const IMAGER = {
  '.chalice/config.json': `{
  "version": "2.0",
  "app_name": "imager",
  "stages": {
    "dev": {
      "api_gateway_stage": "api",
          "lambda_memory_size": 128
    }
  }
}
`,
  'app.py': `# app.py
from chalice import Chalice
from chalicelib.s3_manager import S3ManagerCore
import logging

app = Chalice(app_name='imager')
app.debug = True
app.log.setLevel(logging.DEBUG)

@app.route('/')
def index():
    return {'hello': 'world'}

@app.on_sqs_message(queue='imager-queue', batch_size=1)
def build(event):
    #app.log.info("Event: %s", event.to_dict())
    event = event.to_dict()
    return event
`,
}

test('a Chalice project with a queue', async () => {
  const { folder, text, lines } = imported(IMAGER)
  holds(text, [
    "app('imager', { memory: 128, timeout: 60, api: 'rest', apiStage: 'api', debug: true })",
    "export const index = route('GET /', missing('index (app.py:10)'))",
    "export const imagerQueue = queue('imager-queue', { existing: true })",
    "export const build = imagerQueue.onMessage({ batchSize: 1 }, missing('build (app.py:14)'))",
  ])
  assert.ok(lines.includes('mapped app.py:14 @app.on_sqs_message build: `build`: imagerQueue.onMessage'))
  await using cloud = await start(join(folder, 'app.ts'))
  const { status, json } = await cloud.http.get('/api')
  assert.deepEqual([status, json.Message], [501, 'index (app.py:10) is still to be written in TypeScript.'])
  rmSync(folder, { recursive: true })
})

const WHOLE = {
  '.chalice/config.json': `{
  "version": "2.0", "app_name": "Whole",
  "lambda_timeout": 120, "environment_variables": {"LOG": "info", "BOTH": "top"},
  "layers": ["arn"],
  "stages": {
    "qa": {"api_gateway_stage": "qa", "environment_variables": {"BOTH": "qa"}, "autogen_policy": false,
           "lambda_functions": {"f_one": {"lambda_memory_size": 512, "reserved_concurrency": 3, "environment_variables": {"OWN": "1"}}}},
    "prod": {"autogen_policy": false, "iam_role_arn": "arn:aws:iam::123456789012:role/app", "lamda_timeout": 3}
  }
}`,
  '.chalice/policy-qa.json':
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::photos/*"]}]}',
  'app.py': `import os
from chalice import Chalice, Rate, Cron, CORSConfig, IAMAuthorizer, CognitoUserPoolAuthorizer
app = Chalice("whole")
BUCKET = 'photos'
pool = CognitoUserPoolAuthorizer('P', provider_arns=['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'])
app.api.cors = CORSConfig(allow_origin='https://foo.example.com', max_age=600)

@app.authorizer(ttl_seconds=30)
def guard(request):
    return AuthResponse(routes=['*'], principal_id='u')

@app.route('/objects/{key}', methods=['GET', 'PUT'], authorizer=guard,
           content_types=['application/json'])
def objects(key):
    text = """
@app.route('/not-this')
def no(): pass
"""

@app.route('/signed', authorizer=IAMAuthorizer(), api_key_required=True)
def signed(): pass

@app.route('/pool', authorizer=CognitoUserPoolAuthorizer(
    'P', provider_arns=['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc']))
def pooled(): pass

@app.schedule('rate(5 minutes)')
def a(event): pass

@app.schedule(Rate(1, unit=Rate.HOURS))
def b(event): pass

@app.schedule(Cron(15, 10, '?', '*', '6L', '2002-2005'), description='odd')
def c(event): pass

@app.on_s3_event(bucket=BUCKET, events=['s3:ObjectRemoved:*'], suffix='.png')
def gone(event): pass

@app.on_sns_message(topic='news')
def told(event): pass

@app.on_kinesis_record(stream='clicks', starting_position='TRIM_HORIZON')
def clicked(event): pass

@app.on_cw_event({"source": ["aws.codecommit"], "detail": {"n": [{"numeric": [">", 3]}]}})
def committed(event): pass

@app.on_ws_message()
def message(event): pass

@app.lambda_function()
def f_one(event, context): pass

@app.middleware('all')
def around(event, get_response): pass

@app.rout('/typo')
def typo(): pass
`,
}

test('a Chalice project with everything', async () => {
  const { folder, text, lines } = imported(WHOLE, 'chalice', 'qa')
  holds(text, [
    "app('whole'",
    "env: { LOG: 'info', BOTH: 'qa' }",
    "{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::photos/*'], why: 'as in .chalice/policy-qa.json:1' }",
    "cors: { origins: 'https://foo.example.com', maxAge: 600 }",
    "stages: { prod: { role: 'arn:aws:iam::123456789012:role/app' } }",
    "export const guard = authorizer({ ttl: 30 }, missing('guard (app.py:8)'))",
    "'GET|PUT /objects/{key}',\n  { auth: guard, contentTypes: ['application/json'] },\n  missing('objects (app.py:12)'),",
    "route('GET /signed', { auth: iam(), apiKey: true }, missing(",
    "cognito({ userPools: ['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'] })",
    "export const b = schedule('rate(1 hour)'",
    "schedule('cron(15 10 ? * 6L 2002-2005)', { description: 'odd' }",
    "photos.onRemoved({ suffix: '.png' }",
    "clicks.onRecord({ from: 'horizon' }",
    "events.on(\n  { source: ['aws.codecommit'], detail: { n: [{ numeric: ['>', 3] }] } },",
    'sockets.onDefault(missing(',
    "export const f_one = lambda({ memory: 512, env: { OWN: '1' }, concurrency: 3 }, missing('f_one (app.py:51)'))",
  ])
  assert.ok(!text.includes('not-this'))
  for (const line of [
    'hand .chalice/config.json:2 app_name: `Whole` cannot begin names on AWS',
    'hand .chalice/config.json:4 layers',
    'hand .chalice/config.json:8 stages.prod.lamda_timeout: is no key that is known here, so nothing was made of it. Did you mean `lambda_timeout`?',
    'hand app.py:54 @app.middleware around',
    'hand app.py:57 @app.rout typo: is no decorator of Chalice that is known here. Did you mean `route`?',
  ])
    assert.ok(
      lines.some((one) => one.startsWith(line)),
      `${line}\nis not in\n${lines.join('\n')}`,
    )
  await using cloud = await start(join(folder, 'app.ts'))
  assert.equal((await cloud.http.get('/qa/objects/a')).status, 401)
  rmSync(folder, { recursive: true })
})

test("Zappa's settings", async () => {
  const settings = `{
  "dev": {
    "app_function": "server.app", "profile_name": "default", "keep_warm": true,
    "environment_variables": {"LOG": "1"},
    "extra_permissions": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
    "events": [
      {"function": "jobs.nightly", "expressions": ["rate(1 day)", "cron(0 3 * * ? *)"]},
      {"function": "jobs.seen", "event_source": {"arn": "arn:aws:s3:::my-bucket", "events": ["s3:ObjectCreated:*"], "key_filters": [{"type": "suffix", "value": ".png"}]}},
      {"function": "jobs.work", "event_source": {"arn": "arn:aws:sqs:us-east-1:123456789012:jobs", "batch_size": 5}},
      {"function": "jobs.odd", "event_source": {"arn": "arn:aws:iot:us-east-1:123456789012:x"}}
    ],
    "memory_sise": 1
  },
  "prod": {"extends": "dev", "memory_size": 1024, "environment_variables": {"LOG": "0"}}
}`
  const { folder, text, lines } = imported({ 'zappa_settings.json': settings }, 'zappa_settings.json')
  holds(text, [
    'memory: 512',
    "stages: { prod: { memory: 1024, env: { LOG: '0' } } }",
    "export const web = route('ANY /{proxy+}', missing('server.app'))",
    "export const nightly1 = schedule('rate(1 day)'",
    "myBucket.onCreated({ suffix: '.png' }, missing('jobs.seen'))",
    "jobs.onMessage({ batchSize: 5 }, missing('jobs.work'))",
  ])
  for (const line of [
    'hand zappa_settings.json:12 dev.memory_sise: is no key that is known here, so nothing was made of it. Did you mean `memory_size`?',
    'lost zappa_settings.json:10 dev.events[3].event_source',
    'noted zappa_settings.json:3 dev.keep_warm',
  ])
    assert.ok(
      lines.some((one) => one.startsWith(line)),
      `${line}\nis not in\n${lines.join('\n')}`,
    )
  await using cloud = await start(join(folder, 'app.ts'))
  assert.equal((await cloud.http.get('/any/where')).status, 501)
  rmSync(folder, { recursive: true })
})
