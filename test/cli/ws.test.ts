// `goblet ws` and what other commands say of WebSocket APIs, on a running dev.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'
import { type Dev, startDev } from '../support/dev.ts'

const APP = `
  import { app, reply, websocket } from 'goblet'
  export default app('talk')
  export const chat = websocket('chat')
  export const join = chat.onConnect(({ query, headers }) => {
    if (query.room === 'closed') return reply({ sorry: 'members only' }, { status: 403 })
    if (headers['sec-websocket-protocol']) return reply('', { headers: { 'sec-websocket-protocol': 'v1' } })
  })
  export const say = chat.on('say', ({ body }) => ({ said: body.text }))
  export const kick = chat.on('kick', (c) => c.close())
  export const rest = chat.onDefault(({ text }) => text)
`

let folder: string
let dev: Dev
before(async () => {
  folder = folderOf({ 'app.ts': APP })
  dev = await startDev(folder)
})
after(() => dev.stop())

const lines = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('dev says where they are', () => {
  const ready = dev.said.find(({ event }) => event === 'ready')
  const base = dev.http.replace('http', 'ws')
  assert.equal(ready?.websocket, base)
  assert.deepEqual(ready?.websockets, { chat: `${base}/dev` })
})

test('lines go out, messages come in', async () => {
  const input = '{"action":"say","text":"hi"}\n\nplain\n'
  const { status, out, err } = await goblet(['ws'], { cwd: folder, input })
  assert.equal(status, 0, err)
  assert.deepEqual(out.trim().split('\n').sort(), ['plain', '{"said":"hi"}'])
  assert.match(err, /^Connected to ws:\/\/127\.0\.0\.1:\d+\/dev\. Ctrl\+D ends it\.\nClosed with 1000\.\n$/)
})

test('--json says the same to programs', async () => {
  const { out } = await goblet(['ws', '/?a=1', '--json', '--wait', '0.5'], { cwd: folder, input: 'x\u001b[2J\n' })
  assert.deepEqual(lines(out), [
    { event: 'open', url: `${dev.http.replace('http', 'ws')}/dev?a=1`, protocol: '' },
    { event: 'message', text: 'x\u001b[2J' },
    { event: 'closed', code: 1000, reason: '' },
  ])
})

test('a refusal is told, and fails', async () => {
  const { status, err } = await goblet(['ws', '/?room=closed'], { cwd: folder })
  assert.equal(status, 1)
  assert.match(err, /Connecting to ws:\S+\/dev\?room=closed failed: 403/)
})

test('another address, a header and a subprotocol', async () => {
  const url = `${dev.http.replace('http', 'ws')}/dev`
  const words = ['ws', '--url', url, '--header', 'X-A: 1', '--protocol', 'v1', '--json', '--wait', '0']
  const { status, out, err } = await goblet(words)
  assert.equal(status, 0, err)
  assert.equal(lines(out)[0]?.protocol, 'v1')
  const nobody = await goblet(['ws', '--url', 'ws://127.0.0.1:1'])
  assert.equal(nobody.status, 1)
  assert.match(nobody.err, /Connecting to ws:\/\/127\.0\.0\.1:1 failed: .*ECONNREFUSED/)
})

test('an end that the app makes is told', async () => {
  const { out } = await goblet(['ws', '--json', '--wait', '20'], { cwd: folder, input: '{"action":"kick"}\n' })
  assert.equal(lines(out).at(-1)?.event, 'closed')
})

test('wrong use is told', async () => {
  const cases = [
    ['--url', 'http://x'],
    ['--header', 'nothing'],
    ['--wait', 'soon'],
    ['--api', 'chta'],
  ]
  for (const words of cases) assert.equal((await goblet(['ws', ...words], { cwd: folder })).status, 2, words.join(' '))
})

test('routes lists them', async () => {
  const { out } = await goblet(['routes'], { cwd: folder })
  assert.match(out, /^WS {6}chat \$connect +join +join +app\.ts:5:\d+$/m)
  const all = JSON.parse((await goblet(['routes', '--json'], { cwd: folder })).out)
  assert.deepEqual(
    all.map(({ websocket, route, export: name }: Record<string, string>) => [websocket, route, name]),
    [
      ['chat', '$connect', 'join'],
      ['chat', 'say', 'say'],
      ['chat', 'kick', 'kick'],
      ['chat', '$default', 'rest'],
    ],
  )
})
