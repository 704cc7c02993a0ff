// How AWS is called: a silent connection is given up and tried again; an invocation is waited for, and never made twice.
import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { callerOf } from '../../src/deploy/calls/caller.ts'
import { openClients } from '../../src/deploy/calls/clients.ts'
import { worded } from '../../src/deploy/calls/refused.ts'

async function serve(answer: (turn: number, outgoing: ServerResponse) => void) {
  let turns = 0
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => answer(++turns, outgoing))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { endpoint: `http://127.0.0.1:${port}`, turns: () => turns, [Symbol.dispose]: close }
}

function own(more: Record<string, string | undefined> = {}): void {
  const own = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_CONFIG_FILE: '/nowhere' }
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_SESSION_TOKEN']) delete process.env[name]
  Object.assign(process.env, { ...own, AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' })
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

const CALLER = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ada</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

test('a call whose connection breaks is made again; every call counts once, with what may change something', async () => {
  own()
  using cloud = await serve((turn, outgoing) => {
    if (turn === 1) outgoing.destroy()
    else outgoing.writeHead(200, { 'content-type': 'text/xml' }).end(CALLER)
  })
  const clients = await openClients({ endpoint: cloud.endpoint, region: 'eu-central-1' })
  assert.deepEqual(await callerOf(clients), {
    account: '111122223333',
    arn: 'arn:aws:iam::111122223333:user/ada',
    region: 'eu-central-1',
  })
  assert.equal(cloud.turns(), 2)
  assert.deepEqual(clients.calls, [{ name: 'STS.GetCallerIdentity', mutates: false }])
  clients.close()
})

test('an invocation whose connection breaks is not made again', async () => {
  own()
  using cloud = await serve((_, outgoing) => outgoing.destroy())
  const clients = await openClients({ endpoint: cloud.endpoint, region: 'us-east-1', once: true })
  await assert.rejects(
    worded(() => clients.lambda.invoke({ FunctionName: 'work' })),
    /GOBLET_DEPLOY_CALL/,
  )
  assert.equal(cloud.turns(), 1)
  clients.close()
})

test('without a region it says how to name one', async () => {
  own()
  await assert.rejects(openClients({}), /No AWS region is given[\s\S]*GOBLET_NO_REGION/)
})

test('without credentials it says so, and whose', async () => {
  own({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined })
  const clients = await openClients({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', profile: 'nobody' })
  await assert.rejects(callerOf(clients), /profile nobody[\s\S]*GOBLET_NO_CREDENTIALS/)
  clients.close()
})

test('expired credentials are told as such, with the way to sign in', async () => {
  own()
  using cloud = await serve((_, outgoing) => {
    const error = '<Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The token is expired</Message></Error>'
    outgoing.writeHead(403, { 'content-type': 'text/xml' }).end(`<ErrorResponse>${error}</ErrorResponse>`)
  })
  const clients = await openClients({ endpoint: cloud.endpoint, region: 'us-east-1' })
  await assert.rejects(callerOf(clients), /have expired[\s\S]*aws sso login[\s\S]*GOBLET_CREDENTIALS_EXPIRED/)
  clients.close()
})

test('what AWS denies is told with the call', async () => {
  own()
  using cloud = await serve((_, outgoing) => {
    const text = JSON.stringify({ message: 'User: ada is not authorized to perform: lambda:GetAlias' })
    outgoing
      .writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException', 'content-type': 'application/json' })
      .end(text)
  })
  const clients = await openClients({ endpoint: cloud.endpoint, region: 'us-east-1' })
  await assert.rejects(
    worded(() => clients.lambda.getAlias({ FunctionName: 'a', Name: 'live' })),
    /call Lambda\.GetAlias: User: ada is not authorized[\s\S]*GOBLET_DEPLOY_DENIED/,
  )
  clients.close()
})

test('credentials that AWS does not take are told as such, not as a failure to try again', async () => {
  own()
  for (const code of ['InvalidClientTokenId', 'SignatureDoesNotMatch']) {
    using cloud = await serve((_, outgoing) => {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>No such key</Message></Error>`
      outgoing.writeHead(403, { 'content-type': 'text/xml' }).end(`<ErrorResponse>${error}</ErrorResponse>`)
    })
    const clients = await openClients({ region: 'us-east-1', endpoint: cloud.endpoint })
    await assert.rejects(callerOf(clients), /profile default: No such key[\s\S]*GOBLET_CREDENTIALS_REFUSED/)
    clients.close()
  }
})

test('where nobody answers, it is the network, the region or the endpoint', async () => {
  own()
  const clients = await openClients({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1', once: true })
  await assert.rejects(
    worded(() => callerOf(clients)),
    /STS.GetCallerIdentity reached nobody: .*ECONNREFUSED[\s\S]*--endpoint-url[\s\S]*GOBLET_UNREACHABLE/,
  )
  clients.close()
})

test('an endpoint that is no URL is wrong use', async () => {
  own()
  for (const endpoint of ['nonsense', '127.0.0.1:4566', 'localhost:4566'])
    await assert.rejects(openClients({ region: 'us-east-1', endpoint }), /is no URL[\s\S]*GOBLET_USAGE/)
})
