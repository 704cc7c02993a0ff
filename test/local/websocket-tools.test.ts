// WebSocket APIs and the tools around them: wscat, what API Gateway lists, and clients of HTTP that ask for other protocols.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { connect as dial } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Running, runApp, toRoute } from '../support/cloud.ts'
import { connect, ECHO, toApp, toModule } from '../support/websocket.ts'

let running: Running
before(async () => {
  const app = toApp({
    $connect: "return { statusCode: event.queryStringParameters?.key === 'wrong' ? 401 : 200 }",
    $default: ECHO,
    $disconnect: "console.log('gone'); return { statusCode: 200 }",
  })
  const api = toModule("return { statusCode: 200, body: event.requestContext.http.method + ' ' + (event.body ?? '') }")
  const route = toRoute('api', 'ANY', '/echo')
  running = await runApp({ ...app, functions: { ...app.functions, api }, triggers: [...app.triggers, route] })
})
after(() => running[Symbol.asyncDispose]())

const url = (): string => running.cloud.websockets.get('chat') ?? assert.fail()

describe('wscat', () => {
  const wscat = (...args: string[]) => {
    const child = spawn('node', ['node_modules/wscat/bin/wscat', '--no-color', ...args])
    let text = ''
    const read = (chunk: unknown): void => {
      text += String(chunk)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    const done = new Promise<string>((resolve) => child.on('close', () => resolve(text)))
    return { child, done }
  }

  test('connects, sends and hears', async () => {
    const { child, done } = wscat('-c', url(), '-x', '{"action":"hi"}', '-w', '2')
    const text = await done
    assert.match(text, /"routeKey":"\$default"/)
    assert.equal(child.exitCode, 0)
    for (let tries = 0; tries < 100 && !running.lines('on_disconnect').some((line) => line.includes('gone')); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(running.lines('on_disconnect').some((line) => line.includes('gone')))
  })

  test('hears with which status it is refused', async () => {
    assert.match(await wscat('-c', `${url()}?key=wrong`).done, /Unexpected server response: 401/)
  })
})

describe('API Gateway', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=0'
  const get = async (path: string): Promise<{ items: Record<string, string>[] }> => {
    const answer = await fetch(running.cloud.aws + path, { headers: { authorization } })
    return (await answer.json()) as { items: Record<string, string>[] }
  }

  test('lists them beside the API of routes', async () => {
    const { items } = await get('/v2/apis')
    const found = items.map((one) => [one.apiId, one.protocolType, one.routeSelectionExpression])
    assert.deepEqual(found, [
      ['local', 'HTTP', '$request.method $request.path'],
      ['chat000000', 'WEBSOCKET', '$request.body.action'],
    ])
    const { items: routes } = await get('/v2/apis/chat000000/routes')
    assert.deepEqual(
      routes.map(({ routeKey }) => routeKey),
      ['$connect', '$default', '$disconnect'],
    )
    const { items: stages } = await get('/v2/apis/chat000000/stages')
    assert.equal(`${items[1]?.apiEndpoint}/${stages[0]?.stageName}`, url())
  })
})

describe('a client of HTTP that asks for another protocol', () => {
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = ''
      const socket = dial(Number(new URL(running.cloud.http).port), '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
  const head = (method: string, ...more: string[]): string =>
    [`${method} /echo HTTP/1.1`, 'Host: localhost', ...more].join('\r\n').concat('\r\n\r\n')

  // As Java's HttpClient and `curl --http2` send every first request.
  const H2C = [
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  ]

  test('is answered in HTTP/1.1, its body and its next request as well', async () => {
    const text = await exchange(
      `${head('POST', ...H2C, 'Content-Length: 4')}body${head('GET')}${head('PUT', 'Connection: close', 'Content-Length: 4')}last`,
    )
    assert.equal(text.match(/HTTP\/1\.1 200 OK/g)?.length, 3, text)
    assert.match(text, /POST .*GET .*PUT /s)
  })

  test('and sends its body later', async () => {
    const port = Number(new URL(running.cloud.http).port)
    const socket = dial(port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.write(head('POST', ...H2C, 'Content-Length: 8'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.write('in ')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.write('parts')
    while (!text.includes('HTTP/1.1 200 OK')) await new Promise((resolve) => setTimeout(resolve, 10))
    socket.destroy()
  })

  test('finds the API of routes beside the WebSockets', async () => {
    assert.equal((await fetch(`${running.cloud.http}/echo`)).status, 200)
    assert.equal((await fetch(`${running.cloud.http}/nothing`)).status, 404)
    await using client = await connect(running.cloud.http.replace('http:', 'ws:'))
    client.send('x')
    await client.next()
  })
})
