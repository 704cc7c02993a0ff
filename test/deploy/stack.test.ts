// What is told of a stack while somebody waits: what happens now, in its parts too, and nothing of what happened before.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openClients } from '../../src/deploy/clients.ts'
import { follow, knownEvents } from '../../src/deploy/stack.ts'

const arn = (name: string): string => `arn:aws:cloudformation:us-east-1:111122223333:stack/${name}/1`
const [WHOLE, PART] = [arn('shop-dev'), arn('shop-dev-Part1')]
const NESTED = 'AWS::CloudFormation::Stack'

interface Event {
  readonly stack: string
  readonly id: string
  readonly type: string
  readonly status: string
  /** Seconds. */
  readonly time: number
  readonly physicalId?: string
}

/** CloudFormation, as far as following a stack asks it: newest first, five events a page. */
async function serve(events: () => readonly Event[], status: () => string) {
  const when = (time: number): string => new Date(1_800_000_000_000 + time * 1000).toISOString()
  const answer = (input: URLSearchParams): string => {
    const [stack, token] = [input.get('StackName') ?? '', Number(input.get('NextToken') ?? '0')]
    if (input.get('Action') === 'DescribeStacks')
      return `<Stacks><member><StackId>${stack}</StackId><StackName>shop-dev</StackName><StackStatus>${status()}</StackStatus><CreationTime>${when(0)}</CreationTime></member></Stacks>`
    const all = events()
      .filter((one) => one.stack === stack)
      .toReversed()
    const page = all.slice(token, token + 5).map(
      (
        one,
      ) => `<member><EventId>${one.id}-${one.status}-${one.time}</EventId><StackId>${one.stack}</StackId><StackName>${one.stack.split('/')[1]}</StackName>
<LogicalResourceId>${one.id}</LogicalResourceId><PhysicalResourceId>${one.physicalId ?? one.id}</PhysicalResourceId><ResourceType>${one.type}</ResourceType>
<ResourceStatus>${one.status}</ResourceStatus><Timestamp>${when(one.time)}</Timestamp></member>`,
    )
    const next = token + 5 < all.length ? `<NextToken>${token + 5}</NextToken>` : ''
    return `<StackEvents>${page.join('')}</StackEvents>${next}`
  }
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk) => {
      body += chunk
    })
    incoming.on('end', () => {
      const input = new URLSearchParams(body)
      const action = input.get('Action') ?? ''
      outgoing.writeHead(200, { 'content-type': 'text/xml' })
      outgoing.end(`<${action}Response><${action}Result>${answer(input)}</${action}Result></${action}Response>`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => server.close().closeAllConnections() }
}

test('of a part it tells what happens now, and neither what was made nor what failed an earlier time', async () => {
  const queue = (status: string, time: number, id = 'QueueJobs'): Event => ({
    ...{ stack: PART, id, type: 'AWS::SQS::Queue', status, time },
  })
  const part = (status: string, time: number): Event => ({
    ...{ stack: WHOLE, id: 'Part1', type: NESTED, status, time, physicalId: PART },
  })
  const earlier = [
    part('CREATE_IN_PROGRESS', 0),
    ...Array.from({ length: 12 }, (_, index) => queue('CREATE_COMPLETE', 1, `Queue${index}`)),
    queue('UPDATE_FAILED', 50),
    part('CREATE_COMPLETE', 60),
  ]
  const now = [
    part('UPDATE_IN_PROGRESS', 100),
    queue('UPDATE_IN_PROGRESS', 101),
    queue('UPDATE_COMPLETE', 102),
    part('UPDATE_COMPLETE', 103),
  ]
  let events: readonly Event[] = earlier
  using cloud = await serve(
    () => events,
    () => 'UPDATE_COMPLETE',
  )
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  const clients = await openClients({ region: 'us-east-1', endpoint: cloud.endpoint })
  const known = await knownEvents(clients, WHOLE)
  events = [...earlier, ...now]
  const told: string[] = []
  const { happened } = await follow(clients, WHOLE, {
    known,
    signal: undefined,
    report: (one) => {
      if (one.what === 'resource') told.push(`${one.id} ${one.status} ${one.seconds ?? ''}`.trim())
    },
  })
  clients.close()
  const expected = [
    'Part1 UPDATE_IN_PROGRESS',
    'Part1 UPDATE_COMPLETE 3',
    'QueueJobs UPDATE_IN_PROGRESS',
    'QueueJobs UPDATE_COMPLETE 1',
  ]
  assert.deepEqual(told.sort(), expected.sort())
  assert.deepEqual(
    happened.filter(({ status }) => status.endsWith('_FAILED')),
    [],
  )
})
