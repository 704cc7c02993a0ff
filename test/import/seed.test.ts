// A chat whose handlers are Python is imported whole: what is missing answers so, and runs once it is written beside it.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { importProject } from '../../src/import/index.ts'
import { start } from '../../src/testing/index.ts'
import { folderOf } from '../support/command.ts'
import { CHAT, PYTHON, WRITTEN } from './services/chat.ts'

const folder = folderOf({ 'serverless.yml': CHAT, 'handler.py': PYTHON, 'handler.ts': WRITTEN })
symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('every function and every route of the chat is there, and every misspelt key is named', () => {
  const { made } = importProject(join(folder, 'serverless.yml'))
  const text = made.files['app.ts'] ?? ''
  for (const name of [
    'connectionManager',
    'connectionManagerDisconnect',
    'defaultMessage',
    'sendMessage',
    'getRecentMessages',
    'ping',
  ])
    assert.ok(text.includes(`export const ${name} = `), name)
  const lines = made.findings.map(({ outcome, where, subject, says }) => `${outcome} ${where.line} ${subject}: ${says}`)
  for (const line of [
    'hand 6 provider.websocketApiName: is no key that is known here, so nothing was made of it. Did you mean `websocketsApiName`?',
    'hand 7 provider.websocketApiRouteSelectionExpression: is no key that is known here, so nothing was made of it. Did you mean `websocketsApiRouteSelectionExpression`?',
    'mapped 14 provider.iamRoleStatements[1]',
    'noted 28 plugins serverless-python-requirements',
    'hand 37 functions.connectionManager.handler: is written for python3.9',
    "mapped 62 functions.ping.events[0].http: `ping`: route('GET /ping')",
  ])
    assert.ok(
      lines.some((one) => one.startsWith(line)),
      `${line}\nis not in\n${lines.join('\n')}`,
    )
  writeFileSync(join(folder, 'app.ts'), text)
})

test('what is not written yet says so, and holds nobody up', async () => {
  await using cloud = await start(join(folder, 'app.ts'))
  const { status, json } = await cloud.http.get('/dev/ping')
  assert.deepEqual([status, json.Message], [501, 'handler.ping (python3.9) is still to be written in TypeScript.'])
  await assert.rejects(cloud.websocket('/?room_name=python'), { status: 501 })
})

test('once its handlers are written, the chat runs', async () => {
  const file = join(folder, 'app.ts')
  const text = readFileSync(file, 'utf8')
  const written = text
    .replaceAll(/missing\('handler\.(\w+) \(python3\.9\)'\)/g, 'raw(handlers.$1)')
    .replace("} from 'goblet'", ", raw, table } from 'goblet'\nimport * as handlers from './handler.ts'")
  const tables = `
export const messages = table('message', { physicalName: 'serverless-websocket-message', key: ['message_type', 'index'], types: { index: 'N' } })
export const connections = table('connections', { physicalName: 'serverless-websocket-connections', key: 'connection_id' })
`
  writeFileSync(file, written + tables)
  await using cloud = await start(file)
  assert.equal((await cloud.http.get('/dev/ping')).text, 'PONG!')
  const [ali, bo] = [await cloud.websocket('/?room_name=python'), await cloud.websocket('/?room_name=other')]
  await ali.send({ action: 'sendMessage', user_name: 'ali', content: 'hi', room_name: 'python' })
  assert.deepEqual((await ali.next()).json, { messages: [{ user_name: 'ali', content: 'hi' }] })
  await bo.send({ action: 'getRecentMessages', room_name: 'python' })
  assert.deepEqual((await bo.next()).json.messages.at(-1), { user_name: 'ali', content: 'hi' })
  await Promise.all([ali.close(), bo.close()])
})
