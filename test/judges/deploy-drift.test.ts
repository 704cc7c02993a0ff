// What another hand deleted that is no function: CloudFormation is asked for it, and it is made again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SQS } from '@aws-sdk/client-sqs'
import { openClients } from '../../src/deploy/clients.ts'
import { deletedOf } from '../../src/deploy/drift.ts'
import { deploy, readSituation, tasksOf } from '../../src/deploy/index.ts'
import { answers, toDeployment } from '../support/deploying.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import { isInstalled, type Running, startTarget } from '../support/peers.ts'

const skip = isInstalled('ministack') ? false : 'ministack is not installed'
const ACCOUNT = '210000000001'

let cloud: Running
let proxy: FaultProxy

before(async () => {
  if (skip !== false) return
  cloud = await startTarget('ministack')
  proxy = await openFaultProxy(cloud.endpoint)
})

after(async () => {
  if (skip !== false) return
  await proxy.close()
  await cloud.stop()
})

const answer = (operation: string, body: string) => ({
  does: 'answer' as const,
  status: 200,
  type: 'text/xml',
  body: `<${operation}Response><${operation}Result>${body}</${operation}Result></${operation}Response>`,
})

// MiniStack has no drift detection: these are CloudFormation's answers, as the API reference gives them.
const ANSWERS: Readonly<Record<string, string>> = {
  DetectStackDrift: '<StackDriftDetectionId>one</StackDriftDetectionId>',
  DescribeStackDriftDetectionStatus: '<DetectionStatus>DETECTION_COMPLETE</DetectionStatus>',
  DescribeStackResourceDrifts:
    '<StackResourceDrifts><member><LogicalResourceId>Queuejobs</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType>' +
    '<StackResourceDriftStatus>DELETED</StackResourceDriftStatus></member></StackResourceDrifts>',
}

test('a queue that somebody deleted is found when CloudFormation is asked, and made again', { skip }, async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'test' })
  const clients = await openClients({ region: 'us-east-1', endpoint: proxy.endpoint })
  const sqs = new SQS({ region: 'us-east-1', endpoint: cloud.endpoint })
  const deployment = await toDeployment({
    ...{ app: 'shop', account: ACCOUNT, functions: { hello: answers('one') }, queues: ['jobs'] },
  })
  const caller = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, region: 'us-east-1' }
  const options = { caller, command: 'goblet deploy', report: () => {} }
  assert.equal((await deploy(clients, deployment, options)).did, 'stack')
  const find = async () => (await sqs.getQueueUrl({ QueueName: 'shop-test-jobs' })).QueueUrl
  await sqs.deleteQueue({ QueueUrl: await find() })

  assert.equal((await deploy(clients, deployment, options)).did, 'nothing')
  proxy.fault = ({ name }) => {
    const operation = name.replace('cloudformation.', '')
    const body = ANSWERS[operation]
    return body === undefined ? undefined : answer(operation, body)
  }
  const deleted = await deletedOf(clients, deployment.stack)
  assert.deepEqual(deleted, ['Queuejobs'])
  const situation = await readSituation(clients, deployment)
  assert.deepEqual(tasksOf(deployment, situation, deleted).missing, ['Queuejobs'])
  assert.equal((await deploy(clients, deployment, { ...options, deleted })).did, 'stack')
  assert.match((await find()) ?? '', /shop-test-jobs/)
  clients.close()
  sqs.destroy()
})
