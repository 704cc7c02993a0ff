// WebSocket connections as the aws CLI manages them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { runApp } from '../support/cloud.ts'
import { missing } from '../support/judge.ts'
import { connect, ECHO, toApp } from '../support/websocket.ts'

const run = promisify(execFile)

test('the aws CLI: list, send, tell and end', { skip: missing('aws') }, async () => {
  await using running = await runApp(toApp({ $default: ECHO }))
  const { http, aws, websockets } = running.cloud
  const env = {
    PATH: process.env.PATH,
    HOME: running.root,
    AWS_ENDPOINT_URL: aws,
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
  }
  const cli = async (...args: string[]) => {
    const { stdout } = await run('aws', [...args, '--output', 'json'], { env, timeout: 60_000 })
    return stdout.trim() === '' ? {} : JSON.parse(stdout)
  }
  const { Items } = await cli('apigatewayv2', 'get-apis')
  assert.deepEqual([Items[0].ApiId, Items[0].ProtocolType], ['chat000000', 'WEBSOCKET'])
  const { Items: routes } = await cli('apigatewayv2', 'get-routes', '--api-id', 'chat000000')
  assert.equal(routes[0].RouteKey, '$default')

  await using client = await connect(websockets.get('chat') ?? assert.fail())
  client.send('who')
  const id = (await client.json()).requestContext.connectionId
  const data = join(running.root, 'data')
  await writeFile(data, 'from the CLI')
  for (const endpoint of [`${http}/dev`, `${aws}/dev`, `${aws}/_aws/execute-api/chat000000/dev`]) {
    const of = ['--endpoint-url', endpoint, '--connection-id', id]
    await cli('apigatewaymanagementapi', 'post-to-connection', ...of, '--data', `fileb://${data}`)
    assert.equal(await client.next(), 'from the CLI', endpoint)
    const told = await cli('apigatewaymanagementapi', 'get-connection', ...of)
    assert.equal(told.Identity.SourceIp, '127.0.0.1')
  }
  const of = ['--endpoint-url', `${http}/dev`, '--connection-id', id]
  await cli('apigatewaymanagementapi', 'delete-connection', ...of)
  assert.equal((await client.closed).code, 1000)
  await assert.rejects(cli('apigatewaymanagementapi', 'get-connection', ...of), /GoneException/)
})
