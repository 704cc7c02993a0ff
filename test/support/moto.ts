// moto with its enforcement of IAM: an app's resources and roles made in it, and its functions run as those roles.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type AttributeValue, CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import {
  type FunctionModel,
  type Grant,
  type Model,
  prefix,
  type ResourceModel,
  toPolicyDocument,
  websocketVariable,
} from '../../src/model/index.ts'
import { startProgram } from './peers.ts'

/** The account that moto gives to everybody. */
export const MOTO_ACCOUNT = '123456789012'
const REGION = 'us-east-1'
const ANYBODY = { accessKeyId: 'AKIAANYBODYATALL0000', secretAccessKey: 'anything' }
const SERVER = fileURLToPath(new URL('../judges/moto/server.py', import.meta.url))

export interface Ran {
  readonly result?: unknown
  readonly error?: string
}

export interface Moto extends AsyncDisposable {
  readonly endpoint: string
  /** Gives a function's role exactly these grants. */
  grant(name: string, grants: readonly Grant[]): Promise<void>
  /** Runs a function as its role. */
  run(name: string, event: unknown): Promise<Ran>
  /** Puts an item into a table, as the administrator. */
  put(table: string, item: Readonly<Record<string, AttributeValue>>): Promise<void>
  /** What was refused since it was last asked. */
  refused(): string[]
  /** What the functions logged. */
  logs(): string
}

/** Starts moto with the app's resources and a role for each function, and lets it enforce from then on. */
export async function startMoto(model: Model, entries: ReadonlyMap<string, string>): Promise<Moto> {
  let refusals: string[] = []
  let logged = ''
  const openers = new Map<string, () => Worker>()
  const workers = new Map<string, Worker>()
  const run = async (name: string, event: unknown): Promise<Ran> => {
    const worker = workers.get(name) ?? openers.get(name)?.()
    if (worker === undefined) throw new Error(`There is no function ${name}.`)
    workers.set(name, worker)
    return new Promise((resolve) => {
      worker.once('message', resolve)
      worker.postMessage(event)
    })
  }
  // Lambda's own part: whoever invokes a function by moto has it run here.
  const invoker = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const name = model.functions.find(({ physicalName }) => request.url === `/${physicalName}`)?.name ?? ''
    const { result, error } = await run(name, JSON.parse(Buffer.concat(chunks).toString() || 'null'))
    response.writeHead(error === undefined ? 200 : 500).end(JSON.stringify(result ?? null))
  })
  await new Promise<void>((resolve) => invoker.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(invoker.address() as AddressInfo).port}`
  const moto = await startProgram('moto', (port) => ({
    program: 'python3',
    words: [SERVER, '-H', '127.0.0.1', '-p', String(port)],
    environment: { INVOKER: address },
  }))
  const { endpoint } = moto
  const place = { endpoint, region: REGION, credentials: ANYBODY, maxAttempts: 1 }
  for (const resource of model.resources) await make(resource, place)
  const iam = new IAMClient(place)
  const admin = await makeAdministrator(iam)
  const watched = watch(endpoint, (text) => refusals.push(text))
  const through = await watched.listen()
  for (const made of model.functions) {
    const entry = entries.get(made.name)
    if (entry === undefined) throw new Error(`${made.name} has no bundle.`)
    const credentials = await makeRole(iam, made, place)
    const environment = toEnvironment(model, made, credentials, through)
    openers.set(made.name, () => {
      const worker = openWorker(entry, environment)
      for (const output of [worker.stdout, worker.stderr])
        output.on('data', (chunk) => {
          logged += `${made.name}: ${chunk}`
        })
      return worker
    })
  }
  await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' })
  const governor = new IAMClient({ ...place, credentials: admin })
  const tables = new DynamoDBClient({ ...place, credentials: admin })
  return {
    endpoint,
    run,
    grant: async (name, grants) => {
      const PolicyDocument = JSON.stringify(toPolicyDocument(grants))
      await governor.send(new PutRolePolicyCommand({ RoleName: `role-${name}`, PolicyName: 'own', PolicyDocument }))
      // What it was allowed before it may remember.
      await workers.get(name)?.terminate()
      workers.delete(name)
    },
    put: async (table, Item) => void (await tables.send(new PutItemCommand({ TableName: table, Item }))),
    logs: () => logged,
    refused: () => {
      const told = refusals
      refusals = []
      return told
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...workers.values()].map((worker) => worker.terminate()))
      invoker.closeAllConnections()
      invoker.close()
      await watched.close()
      await moto.stop()
    },
  }
}

interface Place {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

async function makeAdministrator(iam: IAMClient): Promise<Place['credentials']> {
  await iam.send(new CreateUserCommand({ UserName: 'admin' }))
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  })
  await iam.send(new PutUserPolicyCommand({ UserName: 'admin', PolicyName: 'all', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'admin' }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

async function makeRole(iam: IAMClient, { name, physicalName }: FunctionModel, place: Place): Promise<Session> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  const RoleName = `role-${name}`
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }))
  const sts = new STSClient(place)
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: physicalName }))
  const lambda = new LambdaClient(place)
  const Code = { ZipFile: new Uint8Array() }
  const made = { FunctionName: physicalName, Role: Role?.Arn, Runtime: 'nodejs24.x', Handler: 'index.handler', Code }
  await lambda.send(new CreateFunctionCommand(made as never))
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
}

function toEnvironment(model: Model, made: FunctionModel, session: Session, endpoint: string): Record<string, string> {
  const sockets = model.resources.flatMap((one) =>
    one.kind === 'websocket' ? [[websocketVariable(one.name), `${endpoint}/${one.apiId}/${one.stage}`]] : [],
  )
  return {
    ...made.env,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_REGION: model.region,
    AWS_ENDPOINT_URL: endpoint,
    GOBLET_PREFIX: prefix(model),
    GOBLET_ACCOUNT: model.account,
    ...Object.fromEntries(sockets),
  }
}

const WORKER = `
const { parentPort, workerData } = require('node:worker_threads')
const loaded = import(workerData)
parentPort.on('message', async (event) => {
  try {
    const { handler } = await loaded
    const result = await handler(event, { getRemainingTimeInMillis: () => 30000, functionName: 'f', awsRequestId: 'r' })
    parentPort.postMessage({ result: result === undefined ? null : JSON.parse(JSON.stringify(result)) })
  } catch (error) {
    parentPort.postMessage({ error: String(error?.stack ?? error) })
  }
})`

const openWorker = (entry: string, env: Record<string, string>): Worker =>
  new Worker(WORKER, { eval: true, workerData: pathToFileURL(entry).href, env, stdout: true, stderr: true })

/** A connection that has gone without a word. */
export const GONE = 'AAAAAAAAAAAAAAA='

/** Stands before moto and listens for refusals: a handler may catch them. */
function watch(endpoint: string, refuse: (text: string) => void) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && !['connection', 'content-length'].includes(name) ? [[name, value]] : [],
    )
    const method = request.method ?? 'GET'
    const body = method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) }
    // moto knows connections below no API and no stage; its launcher asks for both.
    const [, api, path] = /^\/([^/]+\/[^/]+)(\/@connections\/.*)/.exec(request.url ?? '') ?? []
    if (api !== undefined) headers.push(['x-api', api])
    const answer = await fetch(endpoint + (path ?? request.url ?? '/'), { method, headers, ...body })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const target = String(request.headers['x-amz-target'] ?? `${method} ${request.url}`)
    const isRefusal = /AccessDenied|not authorized to perform/.test(bytes.toString('latin1'))
    if (answer.status >= 400 && (isRefusal || (method === 'HEAD' && answer.status === 403))) refuse(target)
    // moto knows nobody who is gone, and asks for the permission all the same.
    if (answer.ok && path?.includes(encodeURIComponent(GONE))) {
      response.writeHead(410, { 'x-amzn-errortype': 'GoneException' }).end('{}')
      return
    }
    const names = ['content-type', 'x-amzn-errortype', 'etag', 'x-amz-version-id']
    const told = names.flatMap((name) => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    response.writeHead(answer.status, Object.fromEntries(told)).end(bytes)
  })
  return {
    listen: async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function make(resource: ResourceModel, place: Place): Promise<void> {
  const { physicalName: name } = resource
  if (resource.kind === 'queue') {
    const Attributes = resource.fifo ? { FifoQueue: 'true' } : {}
    await new SQSClient(place).send(new CreateQueueCommand({ QueueName: name, Attributes }))
  }
  if (resource.kind === 'topic') await new SNSClient(place).send(new CreateTopicCommand({ Name: name }))
  if (resource.kind === 'bucket')
    await new S3Client({ ...place, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: name }))
  if (resource.kind === 'stream') await makeStream(name, place)
  if (resource.kind === 'bus') await new EventBridgeClient(place).send(new CreateEventBusCommand({ Name: name }))
  if (resource.kind === 'secret')
    await new SecretsManagerClient(place).send(new CreateSecretCommand({ Name: name, SecretString: 'a secret' }))
  if (resource.kind === 'param')
    await new SSMClient(place).send(
      new PutParameterCommand({ Name: name, Value: resource.value ?? 'x', Type: 'String' }),
    )
  if (resource.kind !== 'table') return
  const keys = ({ partition, sort }: { partition: string; sort: string | undefined }) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' as const }]),
  ]
  const GlobalSecondaryIndexes = resource.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keys(index),
    Projection: { ProjectionType: 'ALL' as const },
  }))
  await new DynamoDBClient(place).send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: keys(resource.key),
      AttributeDefinitions: Object.entries(resource.attributes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes.length === 0 ? {} : { GlobalSecondaryIndexes }),
    }),
  )
}

// Its client speaks HTTP/2 only, which moto does not.
async function makeStream(StreamName: string, { endpoint, region }: Place): Promise<void> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${ANYBODY.accessKeyId}/20260101/${region}/kinesis/aws4_request, SignedHeaders=host, Signature=0`
  const headers = {
    authorization,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.CreateStream',
  }
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ StreamName, ShardCount: 1 }) })
  if (!answer.ok) throw new Error(await answer.text())
}
