// Checks of Lambda, Logs, STS, SSM and Secrets Manager.
import assert from 'node:assert/strict'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as lambda from '@aws-sdk/client-lambda'
import * as secrets from '@aws-sdk/client-secrets-manager'
import * as ssm from '@aws-sdk/client-ssm'
import * as sts from '@aws-sdk/client-sts'
import { type It, type Run, type Runs, refused } from './check.ts'

// The function of the app that goblet serves (see startTarget); the peers are given the same.
const FunctionName = 'checks-dev-work'
const ZIP =
  'UEsDBBQAAAAAAAAAIVBJNJLMZQAAAGUAAAAJAAAAaW5kZXgubWpzZXhwb3J0IGNvbnN0IGhhbmRsZXIgPSBhc3luYyAoZXZlbnQpID0+IHsKICBpZiAoZXZlbnQuZmFpbCkgdGhyb3cgbmV3IEVycm9yKCdib29tJykKICByZXR1cm4gZXZlbnQKfQpQSwECFAMUAAAAAAAAACFQSTSSzGUAAABlAAAACQAAAAAAAAAAAAAApAEAAAAAaW5kZXgubWpzUEsFBgAAAAABAAEANwAAAIwAAAAAAA=='

async function invoke(it: It, input: Partial<lambda.InvokeCommandInput>) {
  const isThere = await it.lambda.send(new lambda.GetFunctionCommand({ FunctionName })).then(
    () => true,
    () => false,
  )
  const Role = 'arn:aws:iam::000000000000:role/checks'
  const code = {
    Code: { ZipFile: Buffer.from(ZIP, 'base64') },
    Handler: 'index.handler',
    Runtime: 'nodejs22.x' as const,
  }
  if (!isThere) await it.lambda.send(new lambda.CreateFunctionCommand({ FunctionName, Role, ...code })).catch(() => {})
  const answer = await it.lambda.send(new lambda.InvokeCommand({ FunctionName, ...input }))
  return { ...answer, text: Buffer.from(answer.Payload ?? []).toString() }
}

const sync: Run = async (it) => {
  const { StatusCode, ExecutedVersion, FunctionError, text } = await invoke(it, { Payload: '{"a":"ü"}' })
  assert.deepEqual([StatusCode, ExecutedVersion, FunctionError, text], [200, '$LATEST', undefined, '{"a":"ü"}'])
}

const error: Run = async (it) => {
  const { StatusCode, FunctionError, text } = await invoke(it, { Payload: '{"fail":true}' })
  assert.deepEqual([StatusCode, FunctionError], [200, 'Unhandled'])
  const { errorType, errorMessage, trace } = JSON.parse(text)
  assert.deepEqual([errorType, errorMessage, trace[0]], ['Error', 'boom', 'Error: boom'])
}

const event: Run = async (it) => {
  for (const [InvocationType, status] of [
    ['Event', 202],
    ['DryRun', 204],
  ] as const) {
    const { StatusCode, text } = await invoke(it, { InvocationType, Payload: '{}' })
    assert.deepEqual([StatusCode, text], [status, ''])
  }
}

const unknown: Run = async (it) => {
  const name = it.name()
  const asked = it.lambda.send(new lambda.InvokeCommand({ FunctionName: name }))
  await refused(asked, 'ResourceNotFoundException', 404)
  await assert.rejects(asked, new RegExp(`Function not found: arn:aws:lambda:us-east-1:\\d{12}:function:${name}`))
}

async function logged(it: It, ...messages: string[]): Promise<string> {
  const logGroupName = it.name()
  const group = { logGroupName, logStreamName: 's' }
  await it.logs.send(new logs.CreateLogGroupCommand({ logGroupName }))
  await it.logs.send(new logs.CreateLogStreamCommand(group))
  const timestamp = Date.now()
  const logEvents = messages.map((message, at) => ({ message, timestamp: timestamp - messages.length + at }))
  await it.logs.send(new logs.PutLogEventsCommand({ ...group, logEvents }))
  return logGroupName
}

const found = async (it: It, logGroupName: string, filterPattern: string) =>
  (await it.logs.send(new logs.FilterLogEventsCommand({ logGroupName, filterPattern }))).events?.map(
    ({ message }) => message,
  )

const terms: Run = async (it) => {
  const group = await logged(it, 'ERROR one', 'WARN two', 'ERROR two', 'errors two')
  assert.deepEqual(await found(it, group, 'ERROR two'), ['ERROR two'])
  assert.deepEqual(await found(it, group, '?WARN ?one'), ['ERROR one', 'WARN two'])
  assert.deepEqual(await found(it, group, 'two -ERROR'), ['WARN two', 'errors two'])
}

const json: Run = async (it) => {
  const group = await logged(it, '{"status":500,"who":{"name":"a"}}', '{"status":404,"who":{"name":"b"}}', 'status 500')
  assert.deepEqual(await found(it, group, '{ $.status >= 500 || $.who.name = "c*" }'), [
    '{"status":500,"who":{"name":"a"}}',
  ])
}

const noGroup: Run = async (it) => {
  const asked = it.logs.send(new logs.FilterLogEventsCommand({ logGroupName: it.name() }))
  await refused(asked, 'ResourceNotFoundException', 400)
  await assert.rejects(asked, /The specified log group does not exist\./)
}

const identity: Run = async (it) => {
  const { Account, Arn, UserId } = await it.sts.send(new sts.GetCallerIdentityCommand())
  assert.match(Account ?? '', /^\d{12}$/)
  assert.ok(Arn?.startsWith(`arn:aws:`) && Arn.includes(Account ?? '-') && UserId, Arn)
}

const assume: Run = async (it) => {
  const input = { RoleArn: 'arn:aws:iam::000000000000:role/reader', RoleSessionName: 'me', DurationSeconds: 900 }
  const { Credentials, AssumedRoleUser } = await it.sts.send(new sts.AssumeRoleCommand(input))
  assert.ok(Credentials?.AccessKeyId && Credentials.SessionToken)
  const left = (Credentials.Expiration?.getTime() ?? 0) - Date.now()
  assert.ok(left > 800_000 && left < 1_000_000, `${left} ms`)
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::000000000000:assumed-role/reader/me')
}

const versions: Run = async (it) => {
  const Name = `/${it.name()}`
  const put = (Value: string, more = {}) =>
    it.ssm.send(new ssm.PutParameterCommand({ Name, Value, Type: 'String', ...more }))
  await put('one')
  await refused(put('two'), 'ParameterAlreadyExists', 400)
  assert.equal((await put('two', { Overwrite: true })).Version, 2)
  const read = async (name: string) => (await it.ssm.send(new ssm.GetParameterCommand({ Name: name }))).Parameter?.Value
  assert.deepEqual([await read(Name), await read(`${Name}:1`)], ['two', 'one'])
}

const path: Run = async (it) => {
  const Path = `/${it.name()}`
  for (const name of ['a', 'b/c', 'b/d/e'])
    await it.ssm.send(new ssm.PutParameterCommand({ Name: `${Path}/${name}`, Value: name, Type: 'String' }))
  const names = async (Recursive: boolean) => {
    const { Parameters = [] } = await it.ssm.send(new ssm.GetParametersByPathCommand({ Path, Recursive }))
    return Parameters.map(({ Value }) => Value).sort()
  }
  assert.deepEqual([await names(false), await names(true)], [['a'], ['a', 'b/c', 'b/d/e']])
}

const secure: Run = async (it) => {
  const Name = it.name()
  await it.ssm.send(new ssm.PutParameterCommand({ Name, Value: 'hidden', Type: 'SecureString' }))
  const read = async (WithDecryption: boolean) =>
    (await it.ssm.send(new ssm.GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value
  assert.notEqual(await read(false), 'hidden')
  assert.equal(await read(true), 'hidden')
}

const stages: Run = async (it) => {
  const Name = it.name()
  await it.secrets.send(new secrets.CreateSecretCommand({ Name, SecretString: 'one' }))
  await refused(
    it.secrets.send(new secrets.CreateSecretCommand({ Name, SecretString: 'x' })),
    'ResourceExistsException',
  )
  await it.secrets.send(new secrets.PutSecretValueCommand({ SecretId: Name, SecretString: 'two' }))
  const read = async (VersionStage?: string) =>
    (await it.secrets.send(new secrets.GetSecretValueCommand({ SecretId: Name, VersionStage }))).SecretString
  assert.deepEqual([await read(), await read('AWSPREVIOUS')], ['two', 'one'])
}

const restore: Run = async (it) => {
  const SecretId = it.name()
  await it.secrets.send(new secrets.CreateSecretCommand({ Name: SecretId, SecretString: 'kept' }))
  await it.secrets.send(new secrets.DeleteSecretCommand({ SecretId }))
  await refused(it.secrets.send(new secrets.GetSecretValueCommand({ SecretId })), 'InvalidRequestException', 400)
  await it.secrets.send(new secrets.RestoreSecretCommand({ SecretId }))
  assert.equal((await it.secrets.send(new secrets.GetSecretValueCommand({ SecretId }))).SecretString, 'kept')
}

export const functions: Runs = {
  'lambda-sync': sync,
  'lambda-error': error,
  'lambda-event': event,
  'lambda-unknown': unknown,
  'logs-terms': terms,
  'logs-json': json,
  'logs-no-group': noGroup,
  'sts-identity': identity,
  'sts-assume': assume,
  'ssm-versions': versions,
  'ssm-path': path,
  'ssm-secure': secure,
  'secrets-stages': stages,
  'secrets-restore': restore,
}
